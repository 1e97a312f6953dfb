import type { Exchange, Outcome } from './http/exchange.ts';
import type { World } from './world.ts';

/** One request that was answered. */
export type LoggedRequest = {
  readonly at: number;
  readonly method: string;
  /** Path and query with secrets blacked out. */
  readonly path: string;
  /** Null when the connection was cut instead. */
  readonly status: number | null;
  readonly ms: number;
};

/** So many requests are kept, the newest ones. */
const kept = 2_000;

const secretParameters = [
  'code',
  'client_secret',
  'client_assertion',
  'refresh_token',
  'id_token_hint',
  'access_token',
];

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
      method: exchange.method,
      path: redact(exchange.url),
      status: done === 'cut' ? null : done.status,
      ms: Math.round((performance.now() - started) * 10) / 10,
    });
    if (world.requests.length > kept * 2) world.requests.splice(0, world.requests.length - kept);
    return done;
  };
}

function redact(url: URL): string {
  const shown = new URL(url);
  for (const name of secretParameters) if (shown.searchParams.has(name)) shown.searchParams.set(name, '***');
  return `${shown.pathname}${shown.search}`;
}
