import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import {
  activateConnection,
  createConnection,
  createOrganization,
  markTested,
  redirectUrisOf,
  setSecret,
  switchSecret,
  trustDomain,
} from '#connections';
import type { Event, UpdateConnection } from '#contract';
import { byItself, listEvents } from '#events';
import { type Dialect, type Store, statement } from '#store';
import { type Running, startPortico } from '../../bin/compose.ts';
import type { SimulatedTenant } from '../../simulator/index.ts';
import { startTestEntra, type TestApp, type TestEntra } from '../../simulator/test-tenant.ts';
import { until } from '../until.ts';
import { openTestWorld, type TestWorld } from '../world.ts';
import { startBalancer } from './balancer.ts';
import { type Browser, openBrowser, type Page } from './browser.ts';

type User = SimulatedTenant['users'][number];

/** Portico and a simulated Entra, over real HTTP, with a connection to Contoso that is active. */
export interface Stage {
  world: TestWorld;
  url: string;
  host: string;
  entra: TestEntra;
  app: TestApp;
  organizationId: string;
  /** The id of the connection. */
  connection: string;
  /** Members of Contoso with a mail address, to sign in with. */
  people: readonly User[];
  /** Signs a person in by the address of the connection; gives the page where that ends. */
  signIn(person: { userPrincipalName: string }, browser?: Browser): Promise<Page & { browser: Browser }>;
  /** Whether the browser's session is valid; asks without being sent to sign in again. */
  isSignedIn(browser: Browser): Promise<boolean>;
  /** Events of the organization, or of another scope, oldest first, of one type. */
  events(type: Event['type'], scope?: string): Promise<Event[]>;
  /** Says that the directory holds this user. */
  provision(user: { externalId: string; id?: string; active?: boolean; directory?: string }): Promise<string>;
  /** Changes a provisioned user behind the directory's back, as the directory room would. */
  sql(text: string): Promise<void>;
  close(): Promise<void>;
}

/** What a stage may differ in. */
export interface StageOptions {
  settings?: Omit<UpdateConnection, 'name'>;
  app?: Readonly<Record<string, unknown>>;
  /** Settings of the server beyond those that the stage needs. */
  outside?: Readonly<Record<string, string>>;
  /** Instead of the network. */
  fetch?: typeof globalThis.fetch;
  /** So many Porticos on one database, behind a balancer that asks them in turn; one by default. */
  machines?: number;
  /** Is told the name of each statement that is read outside a transaction. */
  onRead?: (name: string) => void;
}

const pendingEvents = statement('test.pendingEvents', (db) => db.selectFrom('event_pending').select('id').limit(1));

/** Sets the stage. */
export async function setStage(dialect: Dialect, options: StageOptions = {}): Promise<Stage> {
  const entra = await startTestEntra();
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const world = await openTestWorld(dialect, {
    settings: {
      PORTICO_URL: url,
      PORTICO_PORT: options.machines === undefined ? String(port) : '0',
      PORTICO_SIMULATOR_URL: entra.url,
      ...options.outside,
    },
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
  // The stage closes the database itself, after what it looks at then.
  const running: Running[] = [];
  for (let machine = 0; machine < (options.machines ?? 1); machine++) {
    const read: Store['read'] = (asked, params) => {
      options.onRead?.(asked.name);
      return world.store.read(asked, params);
    };
    running.push(await startPortico({ ...world, store: { ...world.store, read, close: async () => undefined } }));
  }
  const balancer =
    options.machines === undefined
      ? undefined
      : await startBalancer(
          port,
          running.map((it) => it.port),
        );
  const organization = await createOrganization(world, byItself, { name: 'Contoso' });
  const connection = 'contoso';
  const [web, logout] = redirectUrisOf(url, connection);
  const app = await entra.register({
    redirectUris: { web: [web?.uri ?? ''] },
    logoutUrl: logout?.uri,
    optionalClaims: ['email', 'xms_edov', 'login_hint', 'sid'],
    ...options.app,
  });
  await createConnection(world, byItself, organization.id, {
    id: connection,
    name: 'Contoso',
    startFrom: entra.contoso.domain,
    clientId: app.appId,
    domains: [entra.contoso.domain],
    registration: 'on',
    ...options.settings,
  });
  const secret = await setSecret(world, byItself, organization.id, connection, { value: app.secret });
  await switchSecret(world, byItself, organization.id, connection, secret.id);
  await markTested(world, byItself, organization.id, connection, 1);
  await activateConnection(world, byItself, organization.id, connection);
  for (const domain of options.settings?.domains ?? [entra.contoso.domain])
    await trustDomain(world, byItself, organization.id, domain, true);

  let users = 0;
  return {
    world,
    url,
    host: `localhost:${port}`,
    entra,
    app,
    organizationId: organization.id,
    connection,
    people: entra.contoso.users.filter((it) => it.accountEnabled && it.userType === 'Member' && it.mail !== null),
    signIn: async (person, browser = openBrowser()) => {
      const picker = await browser.open(`${url}/oauth/login/${connection}`);
      const page =
        /<form/.test(picker.html) && picker.url.startsWith(entra.url)
          ? await browser.submit(picker, { login: person.userPrincipalName })
          : picker;
      return { ...page, browser };
    },
    isSignedIn: async (browser) => (await browser.ask(`${url}/me`)).status === 200,
    events: async (type, scope = organization.id) => {
      // Portico numbers them itself, in the background.
      await until('no event is pending', async () => (await world.store.read(pendingEvents, {})).length === 0);
      const { items } = await listEvents(world, scope, { limit: 1000, order: 'oldest', type });
      return items;
    },
    provision: async ({ externalId, id = `user-${++users}`, active = true, directory = connection }) => {
      await world.execute(
        `insert into scim_user (organization_id, directory_id, id, user_name, user_name_folded, external_id, active, document, version, created_at, updated_at)
         values ('${organization.id}', '${directory}', '${id}', '${id}', '${id}', '${externalId}', ${active ? 1 : 0}, '{}', 1, 0, 0)`,
      );
      return id;
    },
    sql: (text) => world.execute(text),
    close: async () => {
      await balancer?.close();
      for (const machine of running) await machine.stop();
      await world.close();
      await entra.close();
    },
  };
}

/** The first of a list that is not empty. */
export function first<T>(list: readonly T[]): T {
  const [it] = list;
  assert.ok(it !== undefined);
  return it;
}

/** A port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
