import assert from 'node:assert/strict';
import {
  activateConnection,
  appTokenFor,
  createConnection,
  createOrganization,
  findLive,
  getConnection,
  markTested,
  setSecret,
  switchSecret,
} from '#connections';
import type { Mailbox, Message, SendMessage } from '#contract';
import { byItself, listEvents, sequenceSome } from '#events';
import { createMailbox, getMessage, receiveNew, sendMessage, sendQueued } from '#mail';
import type { Dialect, DueOutcome } from '#store';
import { type SimulatedEntra, simulateEntra } from '../../simulator/index.ts';
import { openTestWorld, type TestWorld } from '../world.ts';
import { layWire, type Wire } from './wire.ts';

/** A mail as a recipient has it, seen from outside. */
export interface HeldMail {
  readonly folder?: string;
  readonly subject: string;
  readonly internetMessageId: string;
  readonly [name: string]: unknown;
}

/** A connection that moves mail, its tenant, and the wire between them; the clock of both stands still until moved. */
export interface PostOffice {
  readonly world: TestWorld;
  readonly entra: SimulatedEntra;
  readonly wire: Wire;
  readonly organizationId: string;
  readonly connectionId: string;
  readonly mailbox: Mailbox;
  /** Address of somebody else in the tenant. */
  readonly recipient: string;
  send(more?: Partial<SendMessage>, key?: string): Promise<Message>;
  /** Works on what is due of a mailbox once. */
  work(kind: 'mail.send' | 'mail.receive', mailbox?: Mailbox): Promise<DueOutcome>;
  message(id: string): ReturnType<typeof getMessage>;
  /** What somebody has of a mail, in any folder. */
  held(address: string, subject?: string): Promise<HeldMail[]>;
  /** Lets a mail arrive from outside, a second later. */
  deliver(mail: Record<string, unknown>): Promise<void>;
  /** Asks the tenant's Graph directly, as the app. */
  graph(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** The data of every event of a type, oldest first. */
  events(type: Parameters<typeof listEvents>[2]['type']): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Opens a post office for an app with these permissions. */
export async function openPostOffice(
  dialect: Dialect,
  of: { permissions?: readonly string[]; receive?: boolean; settings?: Record<string, string> } = {},
): Promise<PostOffice> {
  const { permissions = ['Mail.Send', 'Mail.ReadWrite'], receive = false } = of;
  const start = Date.now();
  let clock = { now: start };
  const entra = await simulateEntra({ users: 12, groups: 1, now: () => clock.now });
  const wire = await layWire(entra.url);
  const world = await openTestWorld(dialect, {
    now: start,
    settings: { PORTICO_SIMULATOR_URL: wire.url, PORTICO_URL: 'https://portico.example.com', ...of.settings },
  });
  clock = world.clock;
  const control: PostOffice['control'] = async (method, path, body) => {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(`${entra.url}/_control${path}`, body === undefined ? { method } : init);
    assert.ok(answer.ok, await answer.clone().text());
    return (await answer.json()) as Record<string, unknown>;
  };
  const [contoso] = entra.tenants;
  assert.ok(contoso);
  const app = await control('POST', `/tenants/${contoso.id}/applications`, {
    displayName: 'Portico',
    permissions,
    secret: {},
  });
  const { secretText } = app['secret'] as { secretText: string };
  const { id: organizationId } = await createOrganization(world, byItself, { name: 'Contoso' });
  const connectionId = 'contoso';
  await createConnection(world, byItself, organizationId, {
    id: connectionId,
    name: 'Contoso',
    startFrom: contoso.id,
    cloud: 'simulated',
    clientId: String(app['appId']),
    mailOut: true,
    mailIn: true,
  });
  const secret = await setSecret(world, byItself, organizationId, connectionId, { value: secretText });
  await switchSecret(world, byItself, organizationId, connectionId, secret.id);
  const { version } = await getConnection(world, organizationId, connectionId);
  await markTested(world, byItself, organizationId, connectionId, version);
  await activateConnection(world, byItself, organizationId, connectionId);
  const [sender, other] = contoso.users.filter(({ mail }) => mail !== null);
  assert.ok(sender?.mail && other?.mail);
  const recipient = other.mail;
  const mailbox = await createMailbox(world, byItself, organizationId, connectionId, {
    address: sender.mail,
    types: ['support'],
    receive,
    pollSeconds: 60,
  });
  return {
    world,
    entra,
    wire,
    organizationId,
    connectionId,
    mailbox,
    recipient,
    control,
    graph: async (method, path, body) => {
      const live = await findLive(world, organizationId, connectionId);
      assert.ok(live);
      const { accessToken } = await appTokenFor(world, live);
      const answer = await fetch(`${entra.url}/v1.0/users/${mailbox.address}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${accessToken}`,
          prefer: 'IdType="ImmutableId"',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      assert.ok(answer.ok, await answer.clone().text());
      return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>);
    },
    send: (more = {}, key) =>
      sendMessage(
        world,
        byItself,
        organizationId,
        connectionId,
        { mailbox: mailbox.address, to: [recipient], cc: [], subject: 'Hello', text: 'How are you?', ...more },
        key,
      ),
    work: async (kind, of = mailbox) => {
      const handle = kind === 'mail.send' ? sendQueued : receiveNew;
      return handle(world, { kind, organizationId, subject: `${connectionId}/${of.id}`, attempts: 1 });
    },
    message: (id) => getMessage(world, organizationId, connectionId, id),
    held: async (address, subject) => {
      const { value } = await control('GET', `/mail?address=${encodeURIComponent(address)}`);
      return (value as HeldMail[]).filter((it) => subject === undefined || it.subject === subject);
    },
    deliver: async (mail) => {
      world.clock.now += 1000;
      await control('POST', '/mail', { from: 'ada@outside.example', to: mailbox.address, ...mail });
    },
    events: async (type) => {
      while ((await sequenceSome(world)) > 0);
      const { items } = await listEvents(world, organizationId, { type, order: 'oldest', limit: 1000 });
      return items.map(({ data }) => data);
    },
    close: async () => {
      await wire.close();
      await entra.close();
      await world.close();
    },
  };
}
