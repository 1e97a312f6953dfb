import { type EntraWorld, findLive, organizationOf } from '#connections';
import { type DueOutcome, type DueWork, only, StoreUnavailable } from '#store';
import { pollWaitAfter } from './back-off.ts';
import { type MailboxPlace, type MailboxRow, placeOf } from './mailbox.ts';
import { findMailbox, holdMailbox, markMailboxFault, restartPoll } from './queries/mailbox.ts';
import { takeIn } from './take-in.ts';
import { type IncomingTransport, LinkLost, TransportFault } from './transports/transport.ts';

/** How often a paused connection is looked at: whether it is active again. */
const pausedMs = 5000;
/** Pages are read for so long before the lease is given back. */
const turnMs = 20_000;
/** A mailbox read anew is read from so long before the last complete poll: servers may show a message late. */
const overlapMs = 86_400_000;

/**
 * Takes in what arrived in one mailbox, page by page. A page's messages and where the next begins are written in one
 * transaction, so that each message is taken in once, whatever stops in between.
 */
export async function receiveNew(world: EntraWorld, work: DueWork): Promise<DueOutcome> {
  const place = placeOf(work);
  const ends = performance.now() + turnMs;
  while (performance.now() < ends) {
    const live = await findLive(world, place.organizationId, place.connectionId);
    const mailbox = only(await world.store.read(findMailbox, place));
    if (mailbox === undefined || mailbox.receive === 0) return undefined;
    if (live === undefined || !live.settings.mailIn) {
      const gone = (await organizationOf(world, place.connectionId)) === undefined;
      return gone ? undefined : { again: pausedMs };
    }
    const held = (mailbox.held_until ?? 0) - world.now();
    if (held > 0) return { again: held };
    const { openGraphTransport } = await import('./transports/graph.ts');
    const { incoming } = openGraphTransport(world, live);
    try {
      if (!(await takePage(world, incoming, mailbox))) return { again: mailbox.poll_seconds * 1000 };
    } catch (error) {
      return { again: await markFault(world, place, mailbox, error) };
    }
  }
  return { again: 0 };
}

/** Takes one page in; says whether more is waiting. */
async function takePage(world: EntraWorld, incoming: IncomingTransport, mailbox: MailboxRow): Promise<boolean> {
  const { address, delta_link: link, receive_from: since } = mailbox;
  try {
    const page = await incoming.list(address, { link: link ?? undefined, since });
    await takeIn(world, incoming, mailbox, page);
    return page.more;
  } catch (error) {
    if (!(error instanceof LinkLost) || link === null) throw error;
    world.log.warn({ mailbox: mailbox.id }, 'the server lost its place in a mailbox; it is read anew');
    await restart(world, mailbox);
    return true;
  }
}

/** Begins anew; what was taken in already is recognised. */
async function restart(world: EntraWorld, mailbox: MailboxRow): Promise<void> {
  const { organization_id: organizationId, connection_id: connectionId, id, round } = mailbox;
  const complete = mailbox.last_polled_at ?? mailbox.receive_from;
  const receiveFrom = Math.max(mailbox.receive_from, Math.floor((complete - overlapMs) / 1000) * 1000);
  await world.store.write((tx) => tx.run(restartPoll, { organizationId, connectionId, id, round, receiveFrom }));
}

/** Keeps why a poll failed, and gives the milliseconds until the next. */
async function markFault(world: EntraWorld, place: MailboxPlace, mailbox: MailboxRow, error: unknown): Promise<number> {
  if (error instanceof StoreUnavailable) throw error;
  const known = error instanceof TransportFault;
  if (!known) world.log.error({ error, mailbox: place.id }, 'a mailbox could not be read');
  const words = known
    ? error.message
    : `It failed in Portico: ${error instanceof Error ? error.message : String(error)}. See the log.`;
  const asked = known ? error.retryAfterMs : undefined;
  const faults = await world.store.write(async (tx) => {
    if (asked !== undefined) await tx.run(holdMailbox, { ...place, heldUntil: world.now() + asked });
    return only(await tx.run(markMailboxFault, { ...place, fault: words.slice(0, 2000) }))?.faults;
  });
  return asked ?? pollWaitAfter(faults ?? 1, mailbox.poll_seconds * 1000);
}
