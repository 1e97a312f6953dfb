import { freePort } from './installed-package.ts';
import type { SignInTarget } from './load/journey.ts';
import { installPeer, peers, placeOf } from './peers.ts';
import { productCallback } from './portico-sign-in.ts';
import { type Database, freshDatabase, type Ground, type Subject, startProcess } from './subject.ts';
import type { Upstream } from './upstream.ts';

/** Starts Ory Polis with a connection to the tenant, for one product. */
export async function startPolisSignIn(
  ground: Ground,
  database: Database,
  upstream: Upstream,
): Promise<{ target: SignInTarget } & Pick<Subject, 'memory' | 'processorMs' | 'pid' | 'stop'>> {
  const polis = peers.find(({ folder }) => folder === 'polis');
  if (polis === undefined) throw new Error('there is no such peer');
  await installPeer(polis);
  const port = await freePort();
  const app = await upstream.register([`http://localhost:${port}/api/oauth/oidc`]);
  const env = {
    PORT: String(port),
    DATABASE_KIND: database,
    DATABASE: await freshDatabase(ground, database, 'polis_sign_in'),
    TENANT_DISCOVERY: `${upstream.url}/${upstream.tenantId}/v2.0/.well-known/openid-configuration`,
    APP_ID: app.appId,
    APP_SECRET: app.secret,
    PRODUCT_CALLBACK: productCallback,
    NODE_ENV: 'production',
  };
  const started = await startProcess([`${placeOf('polis')}/sign-in.mjs`], env, (line) =>
    line.startsWith('{"clientId"'),
  );
  const { clientId, secret } = JSON.parse(started.line) as { clientId: string; secret: string };
  const query = new URLSearchParams({ scope: 'openid profile email' });
  return {
    ...started,
    target: {
      port,
      authorize: `/api/oauth/authorize?${query}`,
      token: '/api/oauth/token',
      clientId,
      secret,
      redirectUri: productCallback,
      upstreamPort: upstream.port,
    },
  };
}
