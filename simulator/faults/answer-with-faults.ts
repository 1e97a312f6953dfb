import { setTimeout as delay } from 'node:timers/promises';
import { GraphError, graphRefusal } from '../graph/graph-error.ts';
import type { Answer, Exchange, Outcome } from '../http/exchange.ts';
import { AadstsError, aadstsAnswer } from '../sign-in/aadsts.ts';
import type { World } from '../world.ts';
import { type Fault, numberOf, textOf } from './faults.ts';

/** Lets the faults that concern any request strike around it. The control API is spared, so that faults can be cleared. */
export function answerWithFaults(
  world: World,
  answer: (exchange: Exchange) => Promise<Answer>,
): (exchange: Exchange) => Promise<Outcome> {
  return async (exchange) => {
    if (exchange.segments[0]?.toLowerCase() === '_control') return answer(exchange);
    const strike = (name: Fault['name']): Fault | undefined =>
      world.faults.strike(name, (fault) => concerns(fault, exchange));
    const isGraph = exchange.segments[0]?.toLowerCase() === 'v1.0';

    const slow = strike('slow');
    if (slow !== undefined) await wait(world, exchange, slow);
    if (strike('unavailable') !== undefined) return unavailable(world, exchange, isGraph);
    const throttle = isGraph ? strike('throttle') : undefined;
    if (throttle !== undefined) return throttled(world, exchange, throttle);

    const done = await answer(exchange);
    if (strike('drop-answer') !== undefined) return 'cut';
    const held = strike('hold-answer');
    if (held !== undefined) await wait(world, exchange, held);
    return done;
  };
}

function concerns(fault: Fault, exchange: Exchange): boolean {
  const path = textOf(fault, 'path');
  return (
    path === undefined ||
    decodeURI(`${exchange.url.pathname}${exchange.url.search}`).includes(path) ||
    exchange.url.href.includes(path)
  );
}

/** Waits for the fault's time, its clearing, the end of the simulator, or the client to give up. */
async function wait(world: World, exchange: Exchange, fault: Fault): Promise<void> {
  const gone = new AbortController();
  exchange.onDone(() => gone.abort());
  const signal = AbortSignal.any([world.faults.cleared(fault), world.ending, gone.signal]);
  const longest = 2 ** 31 - 1;
  await delay(Math.min(numberOf(fault, 'ms') ?? longest, longest), undefined, { signal }).catch(() => {});
}

function unavailable(world: World, exchange: Exchange, isGraph: boolean): Answer {
  const now = world.clock.now();
  if (exchange.segments[0]?.toLowerCase() === 'ews') return { status: 503 };
  if (!isGraph) return { ...aadstsAnswer(exchange, new AadstsError(90033), now), status: 503 };
  return graphRefusal(
    exchange,
    new GraphError(503, 'serviceNotAvailable', 'The service is temporarily unavailable.'),
    now,
  );
}

function throttled(world: World, exchange: Exchange, fault: Fault): Answer {
  const headers = { 'retry-after': String(numberOf(fault, 'retryAfter') ?? 2.128) };
  return graphRefusal(
    exchange,
    new GraphError(429, 'TooManyRequests', 'Too many requests.', headers),
    world.clock.now(),
  );
}
