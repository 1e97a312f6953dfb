import { BodyTooLarge, readText } from '#http';
import { OAuthError } from './oauth-error.ts';

/** How a client proves itself at the token endpoint: by its secret, or by an assertion, which names it already. */
export type TokenRequest =
  | { by: 'secret'; clientId: string; secret: string }
  | { by: 'assertion'; clientId: string | undefined; assertion: string };

/** Larger than any assertion, in bytes. */
const mostBody = 65_536;

/** The parameters that are looked at; what else there is, such as `scope` or `baseAddress`, is ignored (RFC 6749 §3.2). */
const parameters = ['grant_type', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'] as const;
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
type Form = Partial<Record<(typeof parameters)[number], string>>;

/**
 * Reads a request for a token by client credentials (RFC 6749 §4.4.2). The client's id and secret come in the Basic header,
 * in the body, or in both where they agree: an admin of Entra may choose any of the three; or it sends an assertion (RFC 7523
 * §2.2). Throws {@link OAuthError}.
 */
export async function readTokenRequest(request: Request): Promise<TokenRequest> {
  const form = readForm(await readFormText(request));
  if (form.grant_type === undefined) throw badRequest('grant_type is missing; send client_credentials');
  if (form.grant_type !== 'client_credentials')
    throw new OAuthError(400, 'unsupported_grant_type', 'the only grant type here is client_credentials');
  const basic = readBasic(request.headers.get('authorization'));
  if (form.client_assertion !== undefined || form.client_assertion_type !== undefined) {
    if (basic !== undefined || form.client_secret !== undefined)
      throw badRequest('a client secret and an assertion are there at once; send one of them');
    return readAssertionOf(form);
  }
  if (disagree(basic?.clientId, form.client_id) || disagree(basic?.secret, form.client_secret))
    throw badRequest('the Authorization header and the body do not name the same client id and client secret');
  const clientId = basic?.clientId ?? form.client_id;
  const secret = basic?.secret ?? form.client_secret;
  if (clientId === undefined) throw badRequest('client_id is missing');
  if (secret === undefined) throw badRequest('client_secret is missing');
  return { by: 'secret', clientId, secret };
}

function readAssertionOf(form: Form): TokenRequest {
  if (form.client_assertion_type !== jwtBearer) throw badRequest(`client_assertion_type must be ${jwtBearer}`);
  if (form.client_assertion === undefined) throw badRequest('client_assertion is missing');
  return { by: 'assertion', clientId: form.client_id, assertion: form.client_assertion };
}

const badRequest = (description: string): OAuthError => new OAuthError(400, 'invalid_request', description);

const disagree = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

async function readFormText(request: Request): Promise<string> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded')
    throw badRequest('the body must be a form: Content-Type application/x-www-form-urlencoded');
  return readText(request, mostBody).catch((error: unknown) => {
    throw error instanceof BodyTooLarge ? new OAuthError(413, 'invalid_request', error.message) : error;
  });
}

/** RFC 6749 §3.2: a parameter without a value counts as left out, and none may be there twice. */
function readForm(text: string): Form {
  const sent = new URLSearchParams(text);
  const form: Form = {};
  for (const name of parameters) {
    const [value, another] = sent.getAll(name);
    if (another !== undefined) throw badRequest(`${name} is there more than once`);
    if (value !== undefined && value !== '') form[name] = value;
  }
  return form;
}

/** RFC 6749 §2.3.1: id and secret are form-encoded inside the Basic header. */
function readBasic(header: string | null): { clientId: string; secret: string } | undefined {
  if (header === null) return undefined;
  const encoded = /^basic +([\w+/=-]+) *$/i.exec(header)?.[1];
  const decoded = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const clientId = formDecode(decoded.slice(0, Math.max(colon, 0)));
  const secret = formDecode(decoded.slice(colon + 1));
  if (colon < 0 || clientId === undefined || secret === undefined)
    throw new OAuthError(
      401,
      'invalid_client',
      'the Authorization header must be Basic with client id and client secret',
    );
  return { clientId, secret };
}

function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
