import { type EntraWorld, findLive, type LiveConnection, organizationOf } from '#connections';
import { byItself, record } from '#events';
import { type DueOutcome, type DueWork, newId, only, StoreUnavailable } from '#store';
import { patienceMs, waitAfter } from './back-off.ts';
import { type MailboxPlace, placeOf } from './mailbox.ts';
import { findBody } from './queries/body.ts';
import { findMailbox, holdMailbox } from './queries/mailbox.ts';
import {
  claimMessage,
  closeLeftAttempts,
  findNextDue,
  insertAttempt,
  keepProgress,
  settleAttempt,
  settleMessage,
} from './queries/outbox.ts';
import { AttemptLost, type Outgoing, type OutgoingTransport, type Verdict } from './transports/transport.ts';

/** Graph answers four requests about a mailbox at a time (Graph throttling-limits.md); receiving takes one of them. */
const atOnce = { receiving: 3, otherwise: 4 };
/** How often a paused connection is looked at: whether it is active again. */
const pausedMs = 5000;
/** New messages are taken up for so long before the lease is given back. */
const turnMs = 20_000;
/** How often is looked for new messages while an attempt is under way. */
const lookMs = 200;

/**
 * Sends what is due of one mailbox. The lease of this work is what keeps other machines from the mailbox, so that no more
 * than four requests are made at a time, and a message that was begun and not ended was left by a server that stopped.
 */
export async function sendQueued(world: EntraWorld, work: DueWork): Promise<DueOutcome> {
  const place = placeOf(work);
  const live = await findSending(world, place);
  if (live === undefined) {
    const gone = (await organizationOf(world, place.connectionId)) === undefined;
    return gone ? undefined : { again: pausedMs };
  }
  const mailbox = only(await world.store.read(findMailbox, place));
  const { openGraphTransport } = await import('./transports/graph.ts');
  const transport = mailbox === undefined ? removedMailbox : openGraphTransport(world, live).outgoing;
  const run: Run = { world, place, transport, claim: newId(world.now()), heldUntil: mailbox?.held_until ?? 0 };
  await workLanes(run, mailbox?.receive === 1 ? atOnce.receiving : atOnce.otherwise);
  const next = only(await world.store.read(findNextDue, { ...ofMailbox(place) }));
  if (next === undefined || next.next_at === null) return undefined;
  return { again: Math.max(0, Math.max(next.next_at, run.heldUntil) - world.now()) };
}

/** The connection of a mailbox while it is active and sends mail. */
async function findSending(world: EntraWorld, place: MailboxPlace): Promise<LiveConnection | undefined> {
  const live = await findLive(world, place.organizationId, place.connectionId);
  return live?.settings.mailOut === true ? live : undefined;
}

interface Run {
  readonly world: EntraWorld;
  readonly place: MailboxPlace;
  readonly transport: OutgoingTransport;
  readonly claim: string;
  /** The server wants to hear nothing about the mailbox until then. */
  heldUntil: number;
}

/** Works on up to `lanes` messages at a time; takes up new ones as long as any is under way and the turn lasts. */
async function workLanes(run: Run, lanes: number): Promise<void> {
  const ends = performance.now() + turnMs;
  const underWay = new Set<Promise<void>>();
  for (;;) {
    const free = underWay.size < lanes && performance.now() < ends && run.world.now() >= run.heldUntil;
    const claimed = free ? await claimNext(run) : undefined;
    if (claimed !== undefined) {
      const attempt = attemptOnce(run, claimed).finally(() => underWay.delete(attempt));
      underWay.add(attempt);
    } else if (underWay.size > 0) {
      await Promise.race([...underWay, ...(free ? [sleep(lookMs)] : [])]);
    } else return;
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

type Claimed = NonNullable<Awaited<ReturnType<typeof claimNext>>>;

/** Writes down that an attempt begins, before anything leaves the house. */
async function claimNext({ world, place, claim }: Run) {
  if ((await findSending(world, place)) === undefined) return undefined;
  return world.store.write(async (tx) => {
    const message = only(await tx.run(claimMessage, { ...ofMailbox(place), claim, now: world.now() }));
    if (message === undefined) return undefined;
    const of = ofMessage(place, message.id);
    await tx.run(closeLeftAttempts, {
      ...of,
      number: message.attempts,
      detail: 'Portico stopped before the answer came; the next attempt looks what became of this one.',
    });
    await tx.run(insertAttempt, { ...of, number: message.attempts, at: world.now() });
    return message;
  });
}

async function attemptOnce(run: Run, message: Claimed): Promise<void> {
  const { world } = run;
  const kept = { progress: message.progress };
  try {
    await settle(run, message, await run.transport.send(outgoingOf(run, message, kept)));
  } catch (error) {
    if (error instanceof AttemptLost || error instanceof StoreUnavailable) {
      world.log.warn({ error, message: message.id }, 'an attempt to send a message was given up');
      return;
    }
    world.log.error({ error, message: message.id }, 'an attempt to send a message failed here');
    await settle(run, message, {
      outcome: 'retry',
      status: null,
      detail: `It failed in Portico: ${error instanceof Error ? error.message : String(error)}`,
      progress: readProgress(kept.progress),
      inDoubt: kept.progress !== null,
    }).catch((failure: unknown) =>
      world.log.error({ error: failure, message: message.id }, 'an attempt was left open'),
    );
  }
}

function outgoingOf({ world, place, claim }: Run, message: Claimed, kept: { progress: string | null }): Outgoing {
  const internetMessageId = message.internet_message_id ?? '';
  return {
    mailbox: message.from_address,
    internetMessageId,
    mime: async () => {
      const { composeMime } = await import('./mime/compose.ts');
      const body = only(await world.store.read(findBody, ofMessage(place, message.id)));
      const mailbox = only(await world.store.read(findMailbox, place));
      return composeMime({
        from: { name: mailbox?.name ?? '', address: message.from_address },
        to: JSON.parse(message.to_addresses),
        cc: JSON.parse(message.cc_addresses),
        subject: message.subject,
        messageId: internetMessageId,
        date: message.at,
        text: body?.text ?? null,
        html: body?.html ?? null,
      });
    },
    progress: readProgress(message.progress),
    keep: async (value) => {
      const { organizationId, connectionId } = place;
      const { id, attempts } = message;
      const progress = JSON.stringify(value);
      const still = await world.store.write((tx) =>
        tx.run(keepProgress, { organizationId, connectionId, id, claim, attempts, progress }),
      );
      if (still.length === 0) throw new AttemptLost('another machine has taken the message over');
      kept.progress = progress;
    },
  };
}

const readProgress = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));

/** Writes down what became of an attempt, with the event where that was the last one. */
async function settle(run: Run, message: Claimed, verdict: Verdict): Promise<void> {
  const { world, place, claim } = run;
  const { organizationId, connectionId } = place;
  const now = world.now();
  const ending = endOf(message, verdict, now);
  if (ending.held) run.heldUntil = Math.max(run.heldUntil, ending.nextAt ?? 0);
  await world.store.write(async (tx) => {
    const settled = await tx.run(settleMessage, {
      organizationId,
      connectionId,
      id: message.id,
      claim,
      attempts: message.attempts,
      state: ending.state,
      nextAt: ending.nextAt,
      sentAt: ending.state === 'sent' ? now : null,
      progress: ending.progress === undefined ? null : JSON.stringify(ending.progress),
    });
    if (settled.length === 0) throw new AttemptLost('another machine has taken the message over');
    await tx.run(settleAttempt, {
      ...ofMessage(place, message.id),
      number: message.attempts,
      outcome: ending.state === 'queued' ? 'retry' : ending.state,
      status: verdict.status,
      detail: ending.detail.slice(0, 2000),
      retryAt: ending.nextAt,
    });
    if (ending.held && ending.nextAt !== null) await tx.run(holdMailbox, { ...place, heldUntil: ending.nextAt });
    if (ending.state === 'queued') return;
    await record(world, tx, byItself, {
      organizationId,
      type: `message.${ending.state}`,
      subject: { type: 'message', id: message.id, name: message.subject },
      data: {
        connection: connectionId,
        mailbox: message.from_address,
        attempts: message.attempts,
        ms: now - message.at,
        ...(ending.state === 'sent' ? {} : { status: verdict.status, detail: ending.detail }),
      },
    });
  });
}

interface Ending {
  state: 'queued' | 'sent' | 'failed' | 'uncertain';
  nextAt: number | null;
  held: boolean;
  detail: string;
  progress: unknown;
}

/** What a verdict makes of a message: a retry beyond the patience ends it. */
function endOf(message: Claimed, verdict: Verdict, now: number): Ending {
  const { detail } = verdict;
  if (verdict.outcome !== 'retry')
    return { state: verdict.outcome, nextAt: null, held: false, detail, progress: undefined };
  const nextAt = now + (verdict.after ?? waitAfter(message.attempts));
  const { progress } = verdict;
  if (nextAt <= (message.tried_from ?? now) + patienceMs)
    return { state: 'queued', nextAt, held: verdict.hold === true, detail, progress };
  return {
    state: verdict.inDoubt === true ? 'uncertain' : 'failed',
    nextAt: null,
    held: false,
    detail: `${detail} It was tried for two days and is not tried again.`,
    progress: undefined,
  };
}

/** Stands in where the mailbox was removed: nothing is sent from it any more. */
const removedMailbox: OutgoingTransport = {
  send: async ({ progress }) => ({
    outcome: progress === undefined ? 'failed' : 'uncertain',
    status: null,
    detail: 'The mailbox was removed before the message was sent.',
  }),
};

const ofMailbox = ({ organizationId, connectionId, id }: MailboxPlace) => ({
  organizationId,
  connectionId,
  mailboxId: id,
});

const ofMessage = ({ organizationId, connectionId }: MailboxPlace, messageId: string) => ({
  organizationId,
  connectionId,
  messageId,
});
