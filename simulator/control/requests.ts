import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { LoggedRequest } from '../request-log.ts';
import type { IssuedToken } from '../token/issued-tokens.ts';
import type { World } from '../world.ts';
import { ControlError } from './control-error.ts';
import { readNumber } from './read-body.ts';

/** The request log and the tokens that were given out, newest first. */
export function requestRoutes(world: World): Routes {
  return {
    'GET /requests': (exchange) => {
      const limit = readNumber(exchange, 'limit', 100, 2_000);
      const fits = readFilter(exchange.url.searchParams);
      const newest = world.requests.toReversed().values().filter(fits).take(limit);
      return json(200, { value: newest.map(requestView).toArray() });
    },
    'GET /tokens': (exchange) => {
      const limit = readNumber(exchange, 'limit', 100, 200);
      return json(200, { value: world.tokens.toReversed().slice(0, limit).map(tokenView) });
    },
  };
}

/** `path` (a part of it), `status` (a number, or a class such as 4xx), `code`, `app`, `since` (an instant). Throws ControlError 400. */
export function readFilter(query: URLSearchParams): (request: LoggedRequest) => boolean {
  const [path, status, code, app, since] = ['path', 'status', 'code', 'app', 'since'].map(
    (name) => query.get(name)?.toLowerCase() || undefined,
  );
  if (status !== undefined && !/^[1-5](\d\d|xx)$/.test(status))
    throw new ControlError(
      400,
      'invalidQuery',
      `status: '${status}' is not a status such as 404, or a class such as 4xx`,
    );
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  if (Number.isNaN(from)) throw new ControlError(400, 'invalidQuery', `since: '${since}' is not a date and time`);
  return (request) =>
    request.at >= from &&
    (path === undefined || request.path.toLowerCase().includes(path)) &&
    (status === undefined || String(request.status).replace(/\d\d$/, status.endsWith('xx') ? 'xx' : '$&') === status) &&
    (code === undefined || request.code?.toLowerCase() === code) &&
    (app === undefined || request.app === app);
}

function requestView({ at, ...request }: LoggedRequest): Record<string, unknown> {
  return { time: new Date(at).toISOString(), ...request };
}

function tokenView({ at, ...token }: IssuedToken): Record<string, unknown> {
  return { time: new Date(at).toISOString(), ...token };
}
