import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** Contoso's tenant id, and a stranger's. */
export const contoso = '11111111-2222-3333-4444-555555555555';
export const stranger = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
export const clientId = '99999999-8888-7777-6666-555555555555';
export const objectId = '77777777-0000-4000-8000-000000000001';

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server says: a status, a JSON value or a text, headers. */
export interface Said {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Break the connection instead of answering. */
  readonly broken?: boolean;
}

/** An HTTP server on a free port that answers as it is told and remembers what it was asked. */
export async function listen(answer: (request: SeenRequest) => Said | Promise<Said>) {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const { method = 'GET', headers } = request;
    const body = Buffer.concat(chunks).toString();
    const asked = { method, path: decodeURIComponent(url.pathname), query: url.searchParams, headers, body };
    seen.push(asked);
    const said = await answer(asked);
    if (said.broken) {
      response.destroy();
      return;
    }
    const type = said.text === undefined ? 'application/json' : 'text/html';
    response.writeHead(said.status ?? 200, { 'content-type': type, ...said.headers });
    response.end(said.text ?? (said.json === undefined ? '' : JSON.stringify(said.json)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, seen, close, [Symbol.asyncDispose]: close };
}

/** Discovery as Entra words it, for a tenant at an origin. */
export function metadata(origin: string, tenant: string, more: Readonly<Record<string, unknown>> = {}) {
  const shared = tenant === 'common' || tenant === 'organizations';
  return {
    issuer: `${origin}/${shared ? '{tenantid}' : tenant}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    end_session_endpoint: `${origin}/${tenant}/oauth2/v2.0/logout`,
    userinfo_endpoint: `${origin}/oidc/userinfo`,
    tenant_region_scope: 'EU',
    cloud_instance_name: 'microsoftonline.com',
    msgraph_host: 'graph.microsoft.com',
    ...more,
  };
}

/** A signing key with a kid, and what the key set says of it. */
export async function signingKey(kid: string, issuer?: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid, use: 'sig', ...(issuer === undefined ? {} : { issuer }) };
  const sign = (claims: JWTPayload) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid }).sign(privateKey);
  return { jwk, sign, publicKey };
}

/** Claims of a good id token of Anna at Contoso, valid for an hour around `now` (epoch milliseconds). */
export function idTokenClaims(origin: string, now: number, more: JWTPayload = {}): JWTPayload {
  const seconds = Math.floor(now / 1000);
  return {
    iss: `${origin}/${contoso}/v2.0`,
    aud: clientId,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 3600,
    sub: 'pairwise-subject-of-anna',
    tid: contoso,
    oid: objectId,
    nonce: 'nonce-1',
    name: 'Anna Example',
    preferred_username: 'anna@contoso.example',
    ver: '2.0',
    ...more,
  };
}

/** The envelope of a refusal, as captured from a real tenant in August 2026: blanks between its parts. */
export function refusal(error: string, code: number, sentence: string, more: Readonly<Record<string, unknown>> = {}) {
  const traceId = '5cbd8e24-4d31-4b06-9d4e-3f8b1a2c0d00';
  const correlationId = '0d1c5a53-7d0c-4d61-8f0a-6d1f7a0b1c2d';
  const timestamp = '2026-08-13 09:12:33Z';
  return {
    error,
    error_description: `AADSTS${code}: ${sentence} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: traceId,
    correlation_id: correlationId,
    ...more,
  };
}
