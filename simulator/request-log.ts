import { describeRequest } from './describe-request.ts';
import type { Exchange, Outcome } from './http/exchange.ts';
import type { World } from './world.ts';

/** One request that was answered. */
export type LoggedRequest = {
  readonly at: number;
  readonly method: string;
  /** The host that was asked, with its port where it is not the usual one. */
  readonly host: string;
  /** Path and query with secrets blacked out. */
  readonly path: string;
  /** Null when the connection was cut instead. */
  readonly status: number | null;
  readonly ms: number;
  /** AADSTS code such as `AADSTS50105`, or Graph's or the control API's word; null where nothing was refused. */
  readonly code: string | null;
  /** At a token endpoint. */
  readonly grantType: string | null;
  /** Id of the tenant that was asked, or whose token was presented. */
  readonly tenant: string | null;
  /** Client id as it was named, whether there is such an app or not. */
  readonly app: string | null;
};

/** So many requests are kept, the newest ones. */
const kept = 2_000;

/** Notes every request that is answered, the control API's own aside. */
export function answerWithLog(
  world: World,
  answer: (exchange: Exchange) => Promise<Outcome>,
): (exchange: Exchange) => Promise<Outcome> {
  return async (exchange) => {
    if (exchange.segments[0]?.toLowerCase() === '_control') return answer(exchange);
    const started = performance.now();
    const at = world.clock.now();
    const done = await answer(exchange);
    world.requests.push({
      at,
      ...describeRequest(world, exchange, done),
      ms: Math.round((performance.now() - started) * 10) / 10,
    });
    if (world.requests.length > kept * 2) world.requests.splice(0, world.requests.length - kept);
    return done;
  };
}
