import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from '../faults/faults.ts';
import { textOf } from '../faults/faults.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import { etagOf } from '../mail/message-view.ts';
import type { World } from '../world.ts';
import { type ChangeType, envelopeOf, type Notification, type Outgoing, type Subscription } from './subscription.ts';

/** Notifications that were not taken are sent again for four hours; waits in seconds of the simulated clock. */
const waits = [10, 30, 60, 300, 600, 1800] as const;
const giveUpMs = 4 * 3_600_000;

/** So long an address may take to answer, in milliseconds of real time. */
const patienceMs = 10_000;

/** Finds what changed, makes notifications of it, and sends those that are due. `underWay` holds what is being sent. */
export function notifySubscribers(world: World, underWay: Set<Outgoing>): void {
  const { byId, outgoing } = world.subscriptions;
  const now = world.clock.now();
  const fresh: { readonly url: string; readonly notification: Notification }[] = [];
  for (const subscription of byId.values()) {
    const mailbox = world.mail.mailboxes.get(subscription.userId);
    if (subscription.expiresAt <= now || mailbox === undefined) byId.delete(subscription.id);
    else fresh.push(...tell(world, mailbox, subscription));
  }
  // One request for an address, whatever subscriptions it is for.
  for (const [url, entries = []] of Map.groupBy(fresh, (each) => each.url)) {
    const notifications = entries.map(({ notification }) => notification);
    outgoing.push({ url, notifications, since: now, attempts: 0, dueAt: now });
  }
  for (const request of outgoing) {
    if (request.dueAt > now || underWay.has(request)) continue;
    underWay.add(request);
    void deliver(world, request).finally(() => underWay.delete(request));
  }
}

type Addressed = { readonly url: string; readonly notification: Notification };

function tell(world: World, mailbox: Mailbox, subscription: Subscription): Addressed[] {
  const event = strikeLifecycle(world, subscription);
  if (event === 'missed' && mailbox.sequence === subscription.position) return [];
  const passes = subscription.paused || event === 'missed' || mailbox.sequence === subscription.position;
  const changes = passes ? [] : changesOf(mailbox, subscription);
  subscription.position = mailbox.sequence;
  const told = changes.map((body) => ({
    url: subscription.notificationUrl,
    notification: { subscriptionId: subscription.id, body: { ...envelopeOf(subscription), ...body } },
  }));
  if (event === 'reauthorizationRequired') subscription.paused = true;
  if (event === 'subscriptionRemoved') world.subscriptions.byId.delete(subscription.id);
  return event === undefined ? told : [...told, ...lifecycle(subscription, event)];
}

function lifecycle(subscription: Subscription, lifecycleEvent: string): Addressed[] {
  const { id, lifecycleNotificationUrl: url } = subscription;
  const body = { ...envelopeOf(subscription), lifecycleEvent };
  return url === null ? [] : [{ url, notification: { subscriptionId: id, body } }];
}

/** A fault strikes a subscription once; `missed` waits until there is something to miss. */
function strikeLifecycle(world: World, subscription: Subscription): string | undefined {
  const mailbox = world.mail.mailboxes.get(subscription.userId);
  const fits = (fault: Fault): boolean => {
    const idle = textOf(fault, 'event') === 'missed' && mailbox?.sequence === subscription.position;
    return (
      !idle &&
      !subscription.struckBy.has(fault.id) &&
      (textOf(fault, 'subscription') ?? subscription.id) === subscription.id
    );
  };
  const fault = world.faults.strike('lifecycle-event', fits);
  if (fault === undefined) return undefined;
  subscription.struckBy.add(fault.id);
  return textOf(fault, 'event');
}

function changesOf(mailbox: Mailbox, subscription: Subscription): Record<string, unknown>[] {
  const { position, folderId, immutableIds, userId, changeTypes } = subscription;
  const here = (id: string): boolean => folderId === undefined || folderId === id;
  const changes: { readonly type: ChangeType; readonly id: string; readonly at: number; readonly etag?: string }[] = [];
  for (const message of mailbox.messages.values()) {
    if (message.changed <= position || !here(message.folderId)) continue;
    const type = message.arrived > position ? 'created' : 'updated';
    const id = immutableIds ? message.immutableId : message.id;
    changes.push({ type, id, at: message.changed, etag: etagOf(message) });
  }
  for (const gone of mailbox.departures) {
    if (gone.changed <= position || !here(gone.folderId)) continue;
    changes.push({ type: 'deleted', id: immutableIds ? gone.immutableId : gone.id, at: gone.changed });
  }
  const wanted = changes.filter(({ type }) => changeTypes.includes(type)).sort((one, two) => one.at - two.at);
  return wanted.map(({ type, id, etag }) => ({
    changeType: type,
    resource: `Users/${userId}/Messages/${id}`,
    resourceData: {
      '@odata.type': '#Microsoft.Graph.Message',
      '@odata.id': `Users/${userId}/Messages/${id}`,
      ...(etag === undefined ? {} : { '@odata.etag': etag }),
      id,
    },
  }));
}

async function deliver(world: World, request: Outgoing): Promise<void> {
  const { outgoing, byId } = world.subscriptions;
  const done = (): void => {
    const place = outgoing.indexOf(request);
    if (place >= 0) outgoing.splice(place, 1);
  };
  const left = request.notifications.filter(
    ({ subscriptionId, body }) => byId.has(subscriptionId) || 'lifecycleEvent' in body,
  );
  if (left.length === 0) return done();
  if (await isTaken(world, request.url, JSON.stringify({ value: left.map(({ body }) => body) }))) return done();
  const now = world.clock.now();
  if (now - request.since < giveUpMs) {
    request.dueAt = now + (waits[Math.min(request.attempts, waits.length - 1)] ?? 0) * 1000;
    request.attempts += 1;
    return;
  }
  done();
  const lost = new Set(
    left.filter(({ body }) => !('lifecycleEvent' in body)).map(({ subscriptionId }) => subscriptionId),
  );
  for (const subscription of byId.values()) {
    if (!lost.has(subscription.id)) continue;
    for (const { url, notification } of lifecycle(subscription, 'missed'))
      outgoing.push({ url, notifications: [notification], since: now, attempts: 0, dueAt: now });
  }
}

async function isTaken({ send }: World, url: string, body: string): Promise<boolean> {
  const late = delay(patienceMs, undefined, { ref: false });
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const answer = await Promise.race([send(url, { method: 'POST', headers, body }).catch(() => undefined), late]);
  return answer !== undefined && answer.status >= 200 && answer.status < 300;
}
