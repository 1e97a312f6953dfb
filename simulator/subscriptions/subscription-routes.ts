import { z } from 'zod';
import { toIso } from '../clock.ts';
import { organizationOf } from '../exchange/organization.ts';
import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { answerOne, answerPage } from '../graph/odata-page.ts';
import { plainPath } from '../graph/plain-path.ts';
import { readGraphBody } from '../graph/read-graph-body.ts';
import type { Routes } from '../http/routes.ts';
import { folderOf, openForMail, reading } from '../mail/mail-call.ts';
import type { Folder, Mailbox } from '../mail/mailbox.ts';
import { wantsImmutableIds } from '../mail/message-view.ts';
import type { World } from '../world.ts';
import { type ChangeType, lifeMinutes, type Subscription } from './subscription.ts';
import { validateEndpoint } from './validate-endpoint.ts';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const wanted = z.strictObject({
  changeType: z.string(),
  notificationUrl: z.string(),
  lifecycleNotificationUrl: z.string().nullish(),
  resource: z.string(),
  expirationDateTime: instant,
  clientState: z.string().nullish(),
  latestSupportedTlsVersion: z.string().nullish(),
});
const renewal = z.strictObject({ expirationDateTime: instant });

/** So many subscriptions a mailbox takes, over all apps. */
const mostOfMailbox = 1000;

/** Subscriptions to messages: create, list, get, renew, reauthorize, delete (Microsoft Graph v1.0, subscription). */
export function subscriptionRoutes(): Routes<GraphCall> {
  return {
    'POST /subscriptions': async (call) => {
      const { world, exchange, caller } = call;
      const body = readGraphBody(exchange, wanted);
      const changeTypes = readChangeTypes(body.changeType);
      const clientState = body.clientState ?? null;
      if ((clientState?.length ?? 0) > 128) throw invalid('clientState cannot be longer than 128 characters.');
      const expiresAt = readExpiry(world, body.expirationDateTime);
      const urls = [body.notificationUrl, body.lifecycleNotificationUrl ?? undefined].filter(
        (url) => url !== undefined,
      );
      for (const url of urls) checkUrl(world, caller.tenant.id, url);
      const { mailbox, folder } = openResource(call, body.resource);
      const of = [...world.subscriptions.byId.values()].filter(({ userId }) => userId === mailbox.owner.id);
      if (of.length >= mostOfMailbox)
        throw new GraphError(403, 'ErrorExceededSubscriptionCount', 'The mailbox has 1000 subscriptions already.');
      for (const url of new Set(urls)) await validateEndpoint(world, url);
      const subscription: Subscription = {
        id: world.random.uuid(),
        tenantId: caller.tenant.id,
        appId: caller.appId,
        creatorId: caller.objectId,
        resource: body.resource,
        userId: mailbox.owner.id,
        folderId: folder?.id,
        changeTypes,
        notificationUrl: body.notificationUrl,
        lifecycleNotificationUrl: body.lifecycleNotificationUrl ?? null,
        clientState,
        immutableIds: wantsImmutableIds(exchange),
        expiresAt,
        position: mailbox.sequence,
        paused: false,
        struckBy: new Set(),
      };
      world.subscriptions.byId.set(subscription.id, subscription);
      return answerOne(exchange, view(subscription), 'subscriptions', undefined, 201);
    },
    'GET /subscriptions': (call) => {
      const own = [...call.world.subscriptions.byId.values()].filter((subscription) => isOwn(call, subscription));
      return answerPage(call.exchange, own, view, { context: 'subscriptions', defaultTop: 100, mostTop: 1000 });
    },
    'GET /subscriptions/:subscription': (call, id) => answerOne(call.exchange, view(ownOf(call, id)), 'subscriptions'),
    'PATCH /subscriptions/:subscription': (call, id) => {
      const subscription = ownOf(call, id);
      const { expirationDateTime } = readGraphBody(call.exchange, renewal);
      const expiresAt = readExpiry(call.world, expirationDateTime);
      openResource(call, subscription.resource);
      Object.assign(subscription, { expiresAt, paused: false });
      return answerOne(call.exchange, view(subscription), 'subscriptions');
    },
    'POST /subscriptions/:subscription/reauthorize': (call, id) => {
      const subscription = ownOf(call, id);
      openResource(call, subscription.resource);
      subscription.paused = false;
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /subscriptions/:subscription': (call, id) => {
      call.world.subscriptions.byId.delete(ownOf(call, id).id);
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

const invalid = (message: string): GraphError => new GraphError(400, 'InvalidRequest', message);

function readChangeTypes(text: string): ChangeType[] {
  const names = text.split(',').map((name) => name.trim().toLowerCase());
  return names.map((name) => {
    const known = (['created', 'updated', 'deleted'] as const).find((type) => type === name);
    if (known === undefined) throw invalid(`changeType '${name}' is none of created, updated, deleted.`);
    return known;
  });
}

function readExpiry({ clock }: World, wantedAt: number): number {
  const minutes = (wantedAt - clock.now()) / 60_000;
  if (minutes <= 0) throw invalid('Subscription expiration must be in the future.');
  if (minutes > lifeMinutes.most)
    throw invalid(`Subscription expiration can only be ${lifeMinutes.most} minutes in the future.`);
  return Math.max(wantedAt, clock.now() + lifeMinutes.least * 60_000);
}

function checkUrl(world: World, tenantId: string, text: string): void {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url?.protocol === 'http:' && ['localhost', '127.0.0.1'].includes(url.hostname);
  if (url?.protocol === 'https:' || (loopback && organizationOf(world, tenantId).simulation.notificationsByHttp))
    return;
  throw invalid(`The notification address '${text}' must be an https address.`);
}

/** Opens the messages a subscription is about, with the caller's permissions of now. */
function openResource(call: GraphCall, resource: string): { mailbox: Mailbox; folder: Folder | undefined } {
  const [path = '', query] = resource.replace(/^\//, '').split('?');
  if (query !== undefined) throw invalid(`The query options of the resource '${resource}' are not supported here.`);
  const segments = plainPath(path.split('/').map(decodeURIComponent));
  const [first = '', ...rest] = segments;
  const [user = '', ...parts] = first.toLowerCase() === 'me' ? ['me', ...rest] : rest;
  const named = parts.map((part) => part.toLowerCase());
  const wholeMailbox = parts.length === 1 && named[0] === 'messages';
  const ofFolder = parts.length === 3 && named[0] === 'mailfolders' && named[2] === 'messages';
  if (!['me', 'users'].includes(first.toLowerCase()) || !(wholeMailbox || ofFolder))
    throw invalid(`The resource '${resource}' cannot be subscribed to.`);
  const mailbox = openForMail(call, user, ...reading, 'Mail.ReadBasic.All');
  return { mailbox, folder: ofFolder ? folderOf(mailbox, parts[1] ?? '') : undefined };
}

function isOwn({ world, caller }: GraphCall, subscription: Subscription): boolean {
  const { appId, tenantId, creatorId, expiresAt } = subscription;
  const mine = appId === caller.appId && tenantId === caller.tenant.id;
  return mine && creatorId === caller.objectId && expiresAt > world.clock.now();
}

function ownOf(call: GraphCall, id: string): Subscription {
  const subscription = call.world.subscriptions.byId.get(id.toLowerCase());
  if (subscription !== undefined && isOwn(call, subscription)) return subscription;
  throw new GraphError(404, 'ResourceNotFound', 'The object was not found.');
}

function view(subscription: Subscription): Record<string, unknown> {
  return {
    id: subscription.id,
    resource: subscription.resource,
    applicationId: subscription.appId,
    changeType: subscription.changeTypes.join(','),
    clientState: subscription.clientState,
    notificationUrl: subscription.notificationUrl,
    lifecycleNotificationUrl: subscription.lifecycleNotificationUrl,
    expirationDateTime: toIso(subscription.expiresAt),
    creatorId: subscription.creatorId,
    latestSupportedTlsVersion: 'v1_2',
    notificationContentType: null,
  };
}
