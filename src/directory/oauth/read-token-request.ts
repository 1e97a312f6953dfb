import { BodyTooLarge, readText } from '#http';
import { OAuthError } from './oauth-error.ts';

/** How a client proved itself at the token endpoint. */
export interface TokenRequest {
  clientId: string;
  secret: string;
}

/** Larger than any assertion, in bytes. */
const mostBody = 65_536;

/** The parameters that are looked at; what else there is, such as `scope` or `baseAddress`, is ignored (RFC 6749 §3.2). */
const parameters = ['grant_type', 'client_id', 'client_secret'] as const;
type Form = Partial<Record<(typeof parameters)[number], string>>;

/**
 * Reads a request for a token by client credentials (RFC 6749 §4.4.2). The client's id and secret come in the Basic header,
 * in the body, or in both where they agree: an admin of Entra may choose any of the three. Throws {@link OAuthError}.
 */
export async function readTokenRequest(request: Request): Promise<TokenRequest> {
  const form = readForm(await readFormText(request));
  if (form.grant_type === undefined) throw badRequest('grant_type is missing; send client_credentials');
  if (form.grant_type !== 'client_credentials')
    throw new OAuthError(400, 'unsupported_grant_type', 'the only grant type here is client_credentials');
  const basic = readBasic(request.headers.get('authorization'));
  if (disagree(basic?.clientId, form.client_id) || disagree(basic?.secret, form.client_secret))
    throw badRequest('the Authorization header and the body do not name the same client id and client secret');
  const clientId = basic?.clientId ?? form.client_id;
  const secret = basic?.secret ?? form.client_secret;
  if (clientId === undefined) throw badRequest('client_id is missing');
  if (secret === undefined) throw badRequest('client_secret is missing');
  return { clientId, secret };
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
