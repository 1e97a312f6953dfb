import { createHash, type webcrypto } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTHeaderParameters, SignJWT } from 'jose';

type Claims = Record<string, unknown>;
type Header = JWTHeaderParameters;

/** A small OpenID provider that signs one person in without asking, and says whatever a test wants it to. */
export interface Upstream {
  url: string;
  issuer: string;
  clientId: string;
  secret: string;
  /** Members of its metadata document that are other than they should be; null leaves one out. */
  metadata: Claims;
  /** Claims of the next id tokens beyond the usual ones; undefined leaves one out. */
  claims: Claims;
  /** What userinfo answers beside `sub`. */
  userinfo: Claims;
  /** Parameters of the answer beyond code and state. */
  answer: Record<string, string>;
  alg: string;
  header: Partial<Header>;
  /** Makes the id token in place of the usual one. */
  forge: ((claims: Claims) => Promise<string> | string) | undefined;
  keys: Record<string, { publicKey: webcrypto.CryptoKey; privateKey: webcrypto.CryptoKey; jwk: JWK }>;
  /** Paths that were asked, in order. */
  seen: string[];
  reset(): void;
  close(): Promise<void>;
}

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];

/** Starts it on a free port of this machine. */
export async function startUpstream(path = ''): Promise<Upstream> {
  const keys = Object.fromEntries(
    await Promise.all(
      algorithms.map(async (alg) => {
        const pair = await generateKeyPair(alg, { extractable: true });
        return [alg, { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid: `key-${alg}`, alg, use: 'sig' } }];
      }),
    ),
  );
  const codes = new Map<string, { nonce: string; challenge: string }>();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', upstream.url);
    upstream.seen.push(url.pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const say = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (url.pathname.startsWith(path) ? url.pathname.slice(path.length) : '') {
      case '/.well-known/openid-configuration':
        return say(
          200,
          Object.fromEntries(
            Object.entries({
              issuer: upstream.issuer,
              authorization_endpoint: `${upstream.issuer}/authorize`,
              token_endpoint: `${upstream.issuer}/token`,
              jwks_uri: `${upstream.issuer}/jwks`,
              userinfo_endpoint: `${upstream.issuer}/userinfo`,
              end_session_endpoint: `${upstream.issuer}/logout`,
              response_types_supported: ['code'],
              id_token_signing_alg_values_supported: algorithms,
              token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
              ...upstream.metadata,
            }).filter(([, value]) => value !== null),
          ),
        );
      case '/jwks':
        return say(200, { keys: Object.values(upstream.keys).map(({ jwk }) => jwk) });
      case '/userinfo':
        return say(200, { sub: upstream.claims['sub'] ?? 'person-1', ...upstream.userinfo });
      case '/authorize': {
        const code = createHash('sha256').update(`${Math.random()}`).digest('hex');
        const { searchParams: asked } = url;
        codes.set(code, { nonce: asked.get('nonce') ?? '', challenge: asked.get('code_challenge') ?? '' });
        const back = new URL(asked.get('redirect_uri') ?? '');
        for (const [name, value] of Object.entries({ code, state: asked.get('state') ?? '', ...upstream.answer }))
          back.searchParams.set(name, value);
        return response.writeHead(302, { location: back.href }).end();
      }
      case '/token': {
        const basic = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString();
        const own = `${upstream.clientId}:${upstream.secret}`;
        if (`${form.get('client_id')}:${form.get('client_secret')}` !== own && basic !== own)
          return say(401, { error: 'invalid_client' });
        const found = codes.get(form.get('code') ?? '');
        codes.delete(form.get('code') ?? '');
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        if (found === undefined || found.challenge !== challenge) return say(400, { error: 'invalid_grant' });
        const now = Math.floor(Date.now() / 1000);
        const usual = { iss: upstream.issuer, sub: 'person-1', aud: upstream.clientId, nonce: found.nonce };
        const claims = { ...usual, iat: now, exp: now + 300, ...upstream.claims };
        const idToken = (await upstream.forge?.(claims)) ?? (await sign(upstream, claims));
        return say(200, { access_token: 'opaque', token_type: 'Bearer', id_token: idToken });
      }
      default:
        return say(404, {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const usual = () => ({
    metadata: {},
    claims: {},
    userinfo: {},
    answer: {},
    alg: 'RS256',
    header: {},
    forge: undefined,
    seen: [],
  });
  const upstream: Upstream = {
    url,
    issuer: `${url}${path}`,
    clientId: 'portico',
    secret: 'the-secret-of-the-upstream',
    keys,
    ...usual(),
    reset: () => void Object.assign(upstream, usual()),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return upstream;
}

/** Signs claims with the provider's own key of its algorithm. */
export async function sign(upstream: Upstream, claims: Claims, key?: webcrypto.CryptoKey): Promise<string> {
  const { alg, header } = upstream;
  const own = upstream.keys[alg];
  if (own === undefined) throw new Error(`no key for ${alg}`);
  return new SignJWT(Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ alg, kid: `key-${alg}`, ...header })
    .sign(key ?? own.privateKey);
}
