import { randomBytes } from 'node:crypto';
import { readConfig } from '#config';
import {
  activateConnection,
  createConnection,
  createOrganization,
  type EntraWorld,
  getConnection,
  issueCredential,
  markTested,
  withEntra,
} from '#connections';
import { changeSettings } from '#directory';
import { byItself } from '#events';
import { migrate, openStore, type Store } from '#store';
import { freePort } from './installed-package.ts';
import { type Database, freshDatabase, type Ground, type Subject, startProcess } from './subject.ts';

/** Portico under load, with the ids that stand in its rows. */
export interface PorticoSubject extends Subject {
  organizationId: string;
  directoryId: string;
}

/**
 * Starts `portico serve` on a fresh database that has one organization, one active connection and a Secret Token. Recorder
 * and events are on; only the limit of requests is lifted. `prepare` may put users there before it starts.
 */
export async function startPortico(
  ground: Ground,
  portico: string,
  database: Database,
  prepare: (store: Store, scope: { organizationId: string; directoryId: string }) => Promise<void> = async () => {},
): Promise<PorticoSubject> {
  const place = await freshDatabase(ground, database, 'portico');
  const port = await freePort();
  const settings: Record<string, string> = {
    PORTICO_URL: `http://localhost:${port}`,
    PORTICO_PORT: String(port),
    PORTICO_LOG_LEVEL: 'info',
    PORTICO_SEALING_KEYS: randomBytes(32).toString('base64'),
    ...(database === 'postgres' ? { PORTICO_DATABASE_URL: place } : { PORTICO_DATA: place }),
  };
  const { organizationId, token } = await settle(settings, prepare);
  const started = await serve(portico, settings);
  const target = { port, base: `/scim/v2/${directoryId}`, token };
  return { name: 'Portico', database, target, organizationId, directoryId, ...started };
}

/** Runs `portico serve`; with a profile of it in the folder that BENCH_PROFILE names. */
export function serve(
  portico: string,
  settings: Record<string, string>,
): Promise<Pick<Subject, 'memory' | 'processorMs' | 'pid' | 'stop'>> {
  const profiled = process.env['BENCH_PROFILE'];
  const args = profiled === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiled}`];
  return startProcess([...args, portico, 'serve'], settings, (line) => /Portico listens/.test(line));
}

const directoryId = 'contoso';

async function settle(
  settings: Record<string, string>,
  prepare: (store: Store, scope: { organizationId: string; directoryId: string }) => Promise<void>,
): Promise<{ organizationId: string; token: string }> {
  return withWorld(settings, async (world) => {
    const { store } = world;
    const { id: organizationId } = await createOrganization(world, byItself, { name: 'Contoso' });
    await createConnection(world, byItself, organizationId, {
      id: directoryId,
      name: 'Contoso',
      accountType: 'anyOrganization',
      clientId: '5c1f6a0e-6a6c-4f0a-9a2b-3f1d2c4b5a60',
      provisioning: true,
    });
    const { version } = await getConnection(world, organizationId, directoryId);
    await markTested(world, byItself, organizationId, directoryId, version);
    await activateConnection(world, byItself, organizationId, directoryId);
    await changeSettings(world, byItself, organizationId, directoryId, { requestsPerSecond: 1_000_000 }, undefined);
    const { value } = await issueCredential(world, byItself, 'token', organizationId, directoryId, { name: 'bench' });
    await prepare(store, { organizationId, directoryId });
    return { organizationId, token: value };
  });
}

/** Works on the database of a Portico that does not run. */
export async function withWorld<T>(
  settings: Readonly<Record<string, string>>,
  work: (world: EntraWorld) => Promise<T>,
): Promise<T> {
  const config = readConfig(settings);
  const { store, sealer } = openStore(config);
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  try {
    await migrate(store, Date.now());
    return await work(withEntra({ config, store, sealer, now: Date.now, fetch, log }));
  } finally {
    await store.close();
  }
}
