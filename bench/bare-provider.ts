// oidc-provider as it comes, with its memory adapter, in a process of its own: what a code exchange costs without Portico. Its
// codes are made on request, since nobody has to sign in for them.
import { fork } from 'node:child_process';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SignInTarget } from './load/journey.ts';
import type { GivenCode } from './load/sign-in-jobs.ts';

/** A bare provider that listens. */
export interface BareProvider {
  target: SignInTarget;
  /** Makes so many codes. */
  codes(many: number): Promise<GivenCode[]>;
  stop(): void;
}

const [clientId, secret, redirectUri] = ['product', 'a-secret-of-the-product', 'http://localhost:9/callback'];

/** Starts it. */
export async function startBareProvider(): Promise<BareProvider> {
  const child = fork(import.meta.filename, [], { stdio: 'inherit' });
  const port = await new Promise<number>((resolve) => child.once('message', (it) => resolve(Number(it))));
  return {
    target: { port, authorize: '', token: '/token', clientId, secret, redirectUri, upstreamPort: 0 },
    codes: (many) =>
      new Promise((resolve) => {
        child.once('message', (codes: GivenCode[]) => resolve(codes));
        child.send(many);
      }),
    stop: () => void child.kill(),
  };
}

if (import.meta.main) {
  const { Provider } = await import('oidc-provider');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [
      {
        client_id: clientId,
        client_secret: secret,
        redirect_uris: [redirectUri],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: 'Mara Oja' }) }),
  });
  server.on('request', provider.callback());
  process.on('message', async (many: number) => {
    const client = await provider.Client.find(clientId);
    if (client === undefined) throw new Error('there is no client');
    const codes: GivenCode[] = [];
    for (let number = 0; number < many; number++) {
      const [verifier, nonce] = [randomBytes(32).toString('base64url'), randomBytes(16).toString('base64url')];
      const accountId = `person-${number % 8}`;
      const grant = new provider.Grant({ clientId, accountId });
      grant.addOIDCScope('openid profile email');
      const code = new provider.AuthorizationCode({
        accountId,
        client,
        grantId: await grant.save(),
        redirectUri,
        nonce,
        scope: 'openid profile email',
        codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
        codeChallengeMethod: 'S256',
        gty: 'authorization_code',
      });
      const form = new URLSearchParams({
        grant_type: 'authorization_code',
        code: await code.save(),
        redirect_uri: redirectUri,
        client_id: clientId,
        client_secret: secret,
        code_verifier: verifier,
      });
      codes.push({ form: form.toString(), nonce });
    }
    process.send?.(codes);
  });
  process.send?.(port);
}
