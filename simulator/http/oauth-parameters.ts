import { contentType, type Exchange, header } from './exchange.ts';

const form = 'application/x-www-form-urlencoded';

/** The OAuth parameters of a request: of the form where it posts one, else of the query. */
export function oauthParameters(exchange: Exchange): URLSearchParams {
  return contentType(exchange) === form
    ? new URLSearchParams(exchange.body.toString('utf8'))
    : exchange.url.searchParams;
}

/** Which client a request names, whether or not it exists: by `client_id`, or in the Basic header (RFC 6749 §2.3.1). */
export function namedClient(exchange: Exchange, parameters = oauthParameters(exchange)): string | undefined {
  const named = parameters.get('client_id');
  if (named !== null) return named.toLowerCase();
  const basic = /^Basic\s+(\S+)$/i.exec(header(exchange, 'authorization') ?? '')?.[1];
  if (basic === undefined) return undefined;
  const [id = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  return id === '' ? undefined : id.toLowerCase();
}
