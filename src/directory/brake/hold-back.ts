import { record } from '#events';
import { ScimError, scimErrorBody } from '#scim';
import { only, type Transaction, type World } from '#store';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import {
  countDeparture,
  findDepartures,
  findHeldChange,
  lockBrake,
  removeHeldChange,
  saveHeldChange,
  updateBrake,
} from '../queries/brake.ts';
import { recordRequest, redactedText } from '../recorded-request.ts';

/** So many users may always lose access within the window. */
const fewest = 10;
/** When a client may ask again, in seconds: somebody has to decide first, and clients try again each cycle anyway. */
const retryAfter = 600;

/** The minute of the clock that a time lies in. */
export const minuteOf = (at: number): number => Math.floor(at / 60_000);

/**
 * P9: asked in the transaction of a change that takes access away from an active user, before anything is changed.
 * Undefined lets it through, counted. Else the change is held: stored, answered 429, told once for each braking. Those that
 * are held count until somebody decides, so that time alone lets none of them through. Throws 403 for what was dropped.
 */
export async function holdBack(
  world: World,
  tx: Transaction,
  exchange: Exchange,
  user: { id: string; name: string; version: number },
): Promise<Answer | undefined> {
  const { directory } = exchange;
  const scope = scopeOf(directory);
  const { percent, minutes } = directory.settings.brake;
  const at = world.now();
  const { held, heldSince } = only(await tx.run(lockBrake, scope)) ?? { held: 0, heldSince: null };
  const known = only(await tx.run(findHeldChange, { ...scope, userId: user.id }));
  if (known?.state === 'released') {
    await tx.run(removeHeldChange, { ...scope, userId: user.id, state: known.state });
    return undefined;
  }
  if (known?.state === 'held') return hold(world, tx, exchange, user, held);
  if (known?.state === 'dropped') {
    if (at < (known.refusedUntil ?? 0)) throw wasDropped(user.name, known.refusedUntil ?? 0);
    await tx.run(removeHeldChange, { ...scope, userId: user.id, state: known.state });
  }
  const minute = minuteOf(at);
  const { departed, active } = await seen(tx, scope, minute - minutes);
  const most = Math.max(fewest, Math.floor(((active + departed) * percent) / 100));
  if (percent === 100 || departed + held + 1 <= most) {
    await tx.run(countDeparture, { ...scope, minute });
    return undefined;
  }
  const { organizationId, id } = directory;
  if (held === 0) {
    await record(world, tx, exchange.cause, {
      organizationId,
      type: 'brake.held',
      subject: { type: 'directory', id },
      data: { directory: id, departed, most, activeUsers: active, percent, minutes },
    });
  }
  await tx.run(updateBrake, { ...scope, held: held + 1, heldSince: heldSince ?? at });
  return hold(world, tx, exchange, user, held + 1);
}

async function seen(
  tx: Transaction,
  scope: ReturnType<typeof scopeOf>,
  minute: number,
): Promise<{ departed: number; active: number }> {
  const found = only(await tx.run(findDepartures, { ...scope, minute }));
  return { departed: found?.departed ?? 0, active: found?.active ?? 0 };
}

/** Stores the wish, once for each user, and answers it. */
async function hold(
  world: World,
  tx: Transaction,
  exchange: Exchange,
  user: { id: string; name: string; version: number },
  held: number,
): Promise<Answer> {
  const { percent, minutes } = exchange.directory.settings.brake;
  const detail = `held back: more than ${percent} % of the active users would lose access within ${minutes} minutes. Nothing was changed; an operator of Portico decides, and a released change is made without being asked for again`;
  const answer: Answer = {
    status: 429,
    body: JSON.stringify(scimErrorBody(new ScimError(429, undefined, detail))),
    headers: { 'retry-after': String(retryAfter) },
    outcome: {
      kind: 'refused',
      text: `Held: ${user.name} would lose access, as one of ${held} that wait for an operator. Look at who they are, then release or drop them.`,
      resourceId: user.id,
      about: user.name,
    },
    recorded: true,
  };
  const requestId = await recordRequest(world, tx, exchange, answer);
  await tx.run(saveHeldChange, {
    ...scopeOf(exchange.directory),
    userId: user.id,
    userVersion: user.version,
    method: exchange.method,
    path: exchange.path,
    body: exchange.body === null ? null : redactedText(exchange.body),
    tokenId: exchange.token.id,
    tokenName: exchange.token.name,
    userAgent: exchange.userAgent,
    requestId,
    at: world.now(),
  });
  return answer;
}

const wasDropped = (userName: string, until: number): ScimError =>
  new ScimError(
    403,
    undefined,
    `an operator of Portico dropped the wish that ${JSON.stringify(userName)} lose access; it is refused until ${new Date(until).toISOString()}, unless it is released there`,
  );
