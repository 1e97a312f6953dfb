import { type Caller, issueKey } from '#access';
import { createApi } from '#api';
import {
  allRights,
  type Call,
  createClient,
  type Entry,
  type EntryName,
  type Event,
  type EventType,
  entries,
  type ProblemDocument,
  type Right,
} from '#contract';
import { sequenceSome } from '#events';
import type { Dialect } from '#store';
import { openTestWorld, type TestWorld, type TestWorldOptions } from '../world.ts';

/** What a request to REST brings along. */
export interface Given {
  key?: string;
  /** Sent as JSON, or as it is where it is text. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Address it comes from; each address has a limit of failed attempts of its own. */
  address?: string;
}

/** An answer, read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The JSON in it, or an empty object. */
  body: Record<string, unknown>;
  /** The same as a problem document. */
  problem: ProblemDocument;
}

/** REST over a fresh database, without a socket: a request goes in, an answer comes out. */
export interface Rest {
  world: TestWorld;
  ask(method: string, path: string, given?: Given): Promise<Answer>;
  /** A typed client; with every right where no key is given. */
  client(key?: string): Call;
  /** Issues an API key by the operation that REST calls: with every right, for all organizations, by default. */
  issueKey(rights?: readonly Right[], organization?: string | null, expiresAt?: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens REST on a fresh database. */
export async function openRest(dialect: Dialect, options: TestWorldOptions = {}): Promise<Rest> {
  const world = await openTestWorld(dialect, options);
  const door = createApi(world);
  let asked = 0;
  const send = (request: Request, address = '192.0.2.1') =>
    door(request, { requestId: `request-${++asked}`, address, userAgent: 'test' });
  const issue: Rest['issueKey'] = async (rights = allRights, organization = null, expiresAt) => {
    const given = expiresAt === undefined ? {} : { expiresAt };
    return (await issueKey(world, owner(world), { name: 'test', rights: [...rights], organization, ...given })).value;
  };
  const everything = await issue();
  return {
    world,
    ask: async (method, path, { key, body, headers, address } = {}) => {
      const all = new Headers(headers);
      if (key !== undefined) all.set('authorization', `Bearer ${key}`);
      if (body !== undefined && !all.has('content-type')) all.set('content-type', 'application/json');
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const request = new Request(`${world.config.url}/api/v1${path}`, {
        method,
        headers: all,
        ...(body === undefined ? {} : { body: text }),
      });
      return read(await send(request, address));
    },
    client: (key = everything) =>
      createClient({ url: world.config.url, key, fetch: (input, init) => send(new Request(input, init)) }),
    issueKey: issue,
    close: () => world.close(),
  };
}

/** Somebody with every right, as the first owner is. */
const owner = (world: TestWorld): Caller => ({
  type: 'operator',
  id: 'owner',
  name: 'Owner',
  rights: new Set(allRights),
  organization: null,
  expiresAt: world.now() + 1000,
  sessionId: null,
  source: { requestId: 'issue', address: '192.0.2.1', userAgent: null },
});

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = text === '' ? {} : JSON.parse(text);
  return { status: response.status, headers: response.headers, text, body, problem: body };
}

/** Every entry of the contract with its name. */
export const allEntries: readonly (readonly [name: EntryName, entry: Entry])[] = Object.entries(entries) as [
  EntryName,
  Entry,
][];

/** The path of an entry with its parameters filled in; those not given get an id that nobody has. */
export const pathOf = (entry: Entry, params: Record<string, string> = {}): string =>
  entry.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? 'nobody'));

/** Two organizations with a connection each, as the tests of scope and of input find them. */
export interface TwoCustomers {
  ours: { organization: string; connection: string; directory: string };
  theirs: { organization: string; connection: string; directory: string };
}

/** Adds two organizations with a connection each. */
export async function addTwoCustomers(rest: Rest): Promise<TwoCustomers> {
  const call = rest.client();
  const add = async (name: string) => {
    const { id: organization } = await call('organizations.create', { body: { name } });
    const { id } = await call('connections.create', {
      organization,
      body: { id: `${name.toLowerCase()}-entra`, name, provisioning: true, mailOut: true, mailIn: true },
    });
    return { organization, connection: id, directory: id };
  };
  return { ours: await add('Ours'), theirs: await add('Theirs') };
}

/** The events of an organization, or of the deployment, oldest first, numbered first as the running server does. */
export async function eventsOf(rest: Rest, organization?: string, type?: EventType): Promise<Event[]> {
  while ((await sequenceSome(rest.world)) > 0);
  const query = { order: 'oldest', limit: 1000, ...(type === undefined ? {} : { type }) } as const;
  const call = rest.client();
  const page =
    organization === undefined
      ? await call('events.deployment', { query })
      : await call('events.list', { organization, query });
  return page.items;
}

const year = 365 * 86_400_000;

/** One valid body for each entry that takes one; the tests of input spoil them. */
export const validBodies: Partial<Record<EntryName, Readonly<Record<string, unknown>>>> = {
  'operators.create': { name: 'Ada', email: 'ada@contoso.example', role: 'reader' },
  'breakGlass.create': { name: 'In the safe' },
  'operators.update': { name: 'Ada', email: null, role: 'reader' },
  'keys.create': { name: 'k', rights: ['users:read'], organization: null, expiresAt: '2030-01-01T00:00:00Z' },
  'organizations.create': { name: 'Contoso' },
  'organizations.update': { name: 'Contoso', localSignIn: true },
  'accounts.create': { email: 'lena@elsewhere.example', name: 'Lena', role: null },
  'connections.create': {
    id: 'contoso',
    name: 'Contoso',
    startFrom: 'contoso.example',
    cloud: 'global',
    accountType: 'oneTenant',
    tenantIds: [],
    clientId: '6f0a3c1e-5b2d-4c8e-9f7a-1d2e3f4a5b6c',
    domains: ['contoso.example'],
    signIn: true,
    provisioning: true,
    mailOut: false,
    mailIn: false,
    registration: 'off',
  },
  'connections.update': {
    name: 'Contoso',
    startFrom: 'contoso.example',
    cloud: 'global',
    accountType: 'oneTenant',
    tenantIds: [],
    clientId: null,
    domains: ['contoso.example'],
    signIn: true,
    provisioning: true,
    mailOut: false,
    mailIn: false,
    registration: 'off',
  },
  'domains.create': { domain: 'contoso.example' },
  'domains.trust': { trusted: true },
  'connections.start': { startFrom: 'contoso.example', cloud: 'global' },
  'secrets.set': {
    value: 'abc8Q~0123456789abcdefghijklmnopqrstuvwx',
    name: 'first',
    expiresAt: '2030-01-01T00:00:00Z',
  },
  'secrets.certify': { name: 'first', days: 365 },
  'held.release': { all: true },
  'held.drop': { all: true },
  'directories.update': {
    strict: false,
    schemaProfile: 'full',
    extensions: [],
    requestsPerSecond: 25,
    accessTokenMinutes: 60,
    brake: { percent: 100, minutes: 60 },
    onlyMembersOf: ['Everyone'],
  },
  'tokens.create': { name: 'Entra', expiresAt: '2030-01-01T00:00:00Z' },
  'assertions.create': {
    name: 'Entra',
    subject: 'd2f8ee76-c549-45b8-a143-f5b640669704',
    audience: 'api://b5ba7a93-4452-4522-aeb4-a2b5da870c16',
    tenantId: '11111111-2222-3333-4444-555555555555',
  },
  'clientSecrets.create': { name: 'Entra', expiresAt: new Date(Date.now() + 2 * year).toISOString() },
  'accessRequests.approve': { role: 'editor' },
  'accessRequests.decline': { words: 'Ask Ada.' },
  'invitations.create': {
    connection: 'ours-entra',
    name: 'Ada',
    email: 'ada@contoso.example',
    role: 'editor',
    days: 7,
  },
  'accounts.update': { disabled: true },
  'links.create': { connection: 'ours-entra', objectId: '6d7c9f3e-2f1b-4a55-9c0e-0d7d0f4b8a11' },
  'sessions.endAll': {},
  'mailboxes.create': {
    address: 'support@contoso.example',
    name: 'Support',
    types: ['order'],
    receive: true,
    pollSeconds: 60,
  },
  'mailboxes.update': { name: 'Support', types: ['order'], receive: true, pollSeconds: 60 },
  'messages.send': {
    mailbox: 'support@contoso.example',
    to: ['somebody@fabrikam.example'],
    cc: [],
    subject: 'Hello',
    text: 'Hello',
    html: '<p>Hello</p>',
  },
  'webhooks.create': { url: 'https://product.example/webhook', types: ['user.created'] },
  'webhooks.update': { url: 'https://product.example/webhook', types: [], enabled: false },
  'providerKeys.rotate': { forgetOld: false },
  'clients.create': {
    name: 'Product',
    redirectUris: ['https://product.example/callback'],
    postLogoutRedirectUris: ['https://product.example/'],
  },
  'clients.addSecret': { expiresAt: new Date(Date.now() + year).toISOString() },
  'clients.update': {
    name: 'Product',
    redirectUris: ['https://product.example/callback'],
    postLogoutRedirectUris: [],
  },
};
