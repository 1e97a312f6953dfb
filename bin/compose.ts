import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { connectionWork, type EntraWorld } from '#connections';
import { eventWork, startSequencer } from '#events';
import { type Asked, askedOf, type Door, type Reply, type Source, sourceOf } from '#http';
import { type DueHandler, startWorker, takeBackLeases } from '#store';
import { createConsoleDoor } from './console-door.ts';
import { createHealthDoor } from './health-door.ts';
import { createProviderDoor, type ProviderDoor } from './provider-door.ts';

/** A door as it is mounted; `reply` answers Node's own request, `close` ends what it does behind its answers. */
type Mounted = Door & { reply?: (asked: Asked, source: Source) => Promise<Reply>; close?: () => Promise<void> };

const scim = [
  '/scim',
  async (world: EntraWorld): Promise<Mounted> => (await import('#directory')).createScimDoor(world),
] as const;

/** Every door by the beginning of its path; the console takes what is left. A room is loaded when first asked. */
const doors: readonly (readonly [prefix: string, open: (world: EntraWorld) => Promise<Mounted>])[] = [
  ['/healthz', async (world) => createHealthDoor(world)],
  ['/readyz', async (world) => createHealthDoor(world)],
  ['/metrics', async (world) => createHealthDoor(world)],
  ['/api/v1', async (world) => (await import('#api')).createApi(world)],
  scim,
  ['/operator', async (world) => (await import('#access')).createOperatorDoor(world)],
  ['/login', async (world) => (await import('#signin')).createLoginDoor(world)],
  ['/me', async (world) => (await import('#signin')).createMeDoor(world)],
  ['/consent', async (world) => (await import('#signin')).createConsentDoor(world)],
  ['/oauth', async (world) => (await import('#signin')).createOauthDoor(world)],
  ['/', async (world) => createConsoleDoor(world)],
];

/** Due work by its kind. A room is loaded when there is some. */
const dueWork: Readonly<Record<string, DueHandler<EntraWorld>>> = {
  ...eventWork,
  ...connectionWork,
  'directory.forget': async (world, work) => (await import('#directory')).forgetOldRequests(world, work),
  'signin.purge': async (world, work) => (await import('#signin')).purgeSignIns(world, work),
  'signin.endSessions': async (world, work) => (await import('#signin')).endInvalidSessions(world, work),
  'signin.sweepSessions': async (world, work) => (await import('#signin')).sweepSessions(world, work),
  'signin.tellProduct': async (world, work) => (await import('#signin')).tellProduct(world, work),
  'signin.purgeProvider': async (world) => (await import('#signin')).purgeProvider(world),
  'signin.clientSecrets': async (world, work) => (await import('#signin')).announceSecrets(world, work),
  'signin.tendKeys': async (world) => (await import('#signin')).tendKeys(world),
  'directory.release': async (world, work) => (await import('#directory')).makeReleased(world, work),
  'directory.sweep': async (world, work) => (await import('#directory')).sweepMemberships(world, work),
  'mail.send': async (world, work) => (await import('#mail')).sendQueued(world, work),
  'mail.receive': async (world, work) => (await import('#mail')).receiveNew(world, work),
  'mail.tidy': async (world, work) => (await import('#mail')).removeDeletedMail(world, work),
};

/** A server that listens. */
export interface Running {
  port: number;
  /** Takes no more requests, ends what is under way, closes the database. */
  stop(): Promise<void>;
}

/** Mounts the rooms, starts what runs on a clock, and listens. */
export async function startPortico(world: EntraWorld): Promise<Running> {
  const { config } = world;
  const open = new Map<string, Promise<Mounted>>();
  const provider = createProviderDoor(world);
  const listener = withReplies(world, open, createListener(world, open, provider));
  const server = createServerOf(world, (request, response) =>
    /^\/oidc(?=[/?]|$)/.test(request.url ?? '') ? provider.answer(request, response) : listener(request, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`port ${config.port} is taken; set PORTICO_PORT to another one`)
          : error,
      ),
    );
    server.listen(config.port, config.host, resolve);
  }).catch(async (error: unknown) => {
    await world.store.close();
    throw error;
  });
  await takeBackLeases(world.store);
  // Read at the start, so that a file which is missing or spoiled is said in the log then.
  if (config.places !== undefined) await (await import('#signin')).openPlaces(world);
  const sequencer = startSequencer(world);
  const worker = startWorker(world, dueWork, randomUUID());
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 5000).unref();
      await closed;
      for (const door of open.values()) await (await door).close?.();
      await worker.stop();
      await sequencer.stop();
      await world.store.close();
    },
  };
}

function createListener(
  world: EntraWorld,
  open: Map<string, Promise<Mounted>>,
  provider: ProviderDoor,
): RequestListener {
  return getRequestListener(
    async (request, { incoming, outgoing }) => {
      const { pathname } = new URL(request.url);
      const [prefix, load] =
        doors.find(([prefix]) => pathname === prefix || pathname.startsWith(prefix === '/' ? '/' : `${prefix}/`)) ??
        doors[doors.length - 1] ??
        [];
      if (prefix === undefined || load === undefined) return new Response(null, { status: 404 });
      // Only HTTP/1.1 is spoken here.
      const [asked, answer] = [incoming as IncomingMessage, outgoing as ServerResponse];
      const door = await mounted(world, open, prefix, load);
      const given = await door(request, sourceOf(asked, world.config, world.now));
      return provider.goOn(asked, answer, given) ? RESPONSE_ALREADY_SENT : given;
    },
    {
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        world.log.error({ error }, 'a request failed at the door');
        return new Response(null, { status: 500 });
      },
    },
  );
}

function mounted(
  world: EntraWorld,
  open: Map<string, Promise<Mounted>>,
  prefix: string,
  load: (world: EntraWorld) => Promise<Mounted>,
): Promise<Mounted> {
  const door = open.get(prefix) ?? load(world);
  open.set(prefix, door);
  return door;
}

/** A door that can do without takes Node's own request: at SCIM there are thousands a second. */
function withReplies(world: EntraWorld, open: Map<string, Promise<Mounted>>, doors: RequestListener): RequestListener {
  return (incoming, response) => {
    if (incoming.url?.startsWith('/scim/v2/') !== true) return doors(incoming, response);
    replyTo(world, open, incoming, response).catch((error: unknown) => {
      world.log.error({ error }, 'a request failed at the door');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  };
}

async function replyTo(
  world: EntraWorld,
  open: Map<string, Promise<Mounted>>,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [prefix, load] = scim;
  const { reply } = await mounted(world, open, prefix, load);
  if (reply === undefined) throw new Error('the door of SCIM takes no request of Node');
  const { status, headers, body } = await reply(askedOf(incoming), sourceOf(incoming, world.config, world.now));
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, ...length }).end(body);
}

function createServerOf({ config }: EntraWorld, listener: RequestListener): Server {
  if (config.tlsCert === undefined || config.tlsKey === undefined)
    return createServer({ keepAliveTimeout: 75_000 }, listener);
  const read = (pem: string) => (pem.includes('-----BEGIN') ? pem : readFileSync(pem, 'utf8'));
  return createTlsServer({ keepAliveTimeout: 75_000, cert: read(config.tlsCert), key: read(config.tlsKey) }, listener);
}
