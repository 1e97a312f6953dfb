import { randomBytes } from 'node:crypto';
import {
  activateConnection,
  createConnection,
  createOrganization,
  getConnection,
  issueCredential,
  markTested,
  redirectUrisOf,
  setSecret,
  switchSecret,
} from '#connections';
import { byItself } from '#events';
import { createClient } from '#signin';
import { freePort } from './installed-package.ts';
import type { SignInTarget } from './load/journey.ts';
import { serve, withWorld } from './portico.ts';
import { type Database, freshDatabase, type Ground, type Subject } from './subject.ts';
import type { Upstream } from './upstream.ts';

/** A Portico that signs people of the simulated tenant in to one product; it may be stopped and started again. */
export interface SignInPortico {
  name: string;
  database: Database;
  target: SignInTarget;
  settings: Record<string, string>;
  organizationId: string;
  /** Its directory and the Secret Token of it. */
  directoryId: string;
  scimToken: string;
  start(): Promise<Pick<Subject, 'memory' | 'processorMs' | 'pid' | 'stop'>>;
}

const connectionId = 'contoso';
/** Nobody listens there: the browser that the generator is stops before it. */
export const productCallback = 'http://localhost:9/callback';

/** Sets up a fresh database: one organization with an active connection to the tenant, and one product. */
export async function setUpPortico(
  ground: Ground,
  portico: string,
  database: Database,
  upstream: Upstream,
): Promise<SignInPortico> {
  const place = await freshDatabase(ground, database, 'sign_in');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const settings: Record<string, string> = {
    PORTICO_URL: url,
    PORTICO_PORT: String(port),
    PORTICO_LOG_LEVEL: 'info',
    PORTICO_SIMULATOR_URL: upstream.url,
    // Everybody comes from one address here.
    PORTICO_UNFINISHED_SIGN_INS: '1000000',
    PORTICO_SEALING_KEYS: randomBytes(32).toString('base64'),
    ...(database === 'postgres' ? { PORTICO_DATABASE_URL: place } : { PORTICO_DATA: place }),
  };
  const app = await upstream.register(redirectUrisOf(url, connectionId).map(({ uri }) => uri));
  const made = await withWorld(settings, async (world) => {
    const { id: organizationId } = await createOrganization(world, byItself, { name: 'Contoso' });
    await createConnection(world, byItself, organizationId, {
      id: connectionId,
      name: 'Contoso',
      startFrom: upstream.domain,
      clientId: app.appId,
      domains: [upstream.domain],
      registration: 'on',
      provisioning: true,
    });
    const secret = await setSecret(world, byItself, organizationId, connectionId, { value: app.secret });
    await switchSecret(world, byItself, organizationId, connectionId, secret.id);
    const { version } = await getConnection(world, organizationId, connectionId);
    await markTested(world, byItself, organizationId, connectionId, version);
    await activateConnection(world, byItself, organizationId, connectionId);
    const token = await issueCredential(world, byItself, 'token', organizationId, connectionId, { name: 'bench' });
    const client = await createClient(world, byItself, {
      name: 'Product',
      redirectUris: [productCallback],
      postLogoutRedirectUris: [],
    });
    return { organizationId, scimToken: token.value, clientId: client.id, secret: client.secret ?? '' };
  });
  const query = new URLSearchParams({ scope: 'openid profile email', connection: connectionId });
  return {
    name: 'Portico',
    database,
    target: {
      port,
      authorize: `/oidc/auth?${query}`,
      token: '/oidc/token',
      clientId: made.clientId,
      secret: made.secret,
      redirectUri: productCallback,
      upstreamPort: upstream.port,
    },
    settings,
    organizationId: made.organizationId,
    directoryId: connectionId,
    scimToken: made.scimToken,
    start: () => serve(portico, settings),
  };
}
