import { createConnection, createOrganization, type EntraWorld, setSecret } from '#connections';
import type { Connection, CreateConnection } from '#contract';
import { byItself } from '#events';
import { startTestEntra, type TestApp, type TestEntra } from '../../simulator/test-tenant.ts';
import { openTestWorld, type TestWorldOptions } from '../world.ts';

/** How a connection departs from a good one. */
interface Departures {
  /** Another secret than the app's; null for none. */
  secret?: string | null;
  registered?: boolean;
}

/** A world beside a simulated tenant, with one organization. */
export interface Contoso {
  entra: TestEntra;
  world: EntraWorld;
  organizationId: string;
  /** Adds a connection to Contoso with that app, and registers its redirect URI there. */
  connect(app: TestApp, input?: Partial<CreateConnection>, departures?: Departures): Promise<Connection>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the simulated tenant and opens a world that knows its address. */
export async function openContoso(options: TestWorldOptions = {}): Promise<Contoso> {
  const entra = await startTestEntra({ users: 5, groups: 2 });
  const world = await openTestWorld('sqlite', {
    ...options,
    settings: { PORTICO_SIMULATOR_URL: entra.url, ...options.settings },
  });
  const { id: organizationId } = await createOrganization(world, byItself, { name: 'Contoso' });
  let made = 0;
  return {
    entra,
    world,
    organizationId,
    connect: async (app, input = {}, { secret = app.secret, registered = true } = {}) => {
      made += 1;
      const connection = await createConnection(world, byItself, organizationId, {
        id: `contoso-${made}`,
        name: 'Contoso',
        startFrom: entra.contoso.id,
        clientId: app.appId,
        ...input,
      });
      if (registered) {
        const path = `/tenants/${entra.contoso.id}/applications/${app.appId}`;
        const { redirectUris } = await entra.control('GET', path);
        const { web } = redirectUris as { web: string[] };
        const uris = connection.redirectUris.flatMap(({ platform, uri }) => (platform === 'web' ? [uri] : []));
        await entra.control('PATCH', path, { redirectUris: { web: [...new Set([...web, ...uris])] } });
      }
      if (secret !== null) await setSecret(world, byItself, organizationId, connection.id, { value: secret });
      return connection;
    },
    [Symbol.asyncDispose]: async () => {
      await world.close();
      await entra.close();
    },
  };
}
