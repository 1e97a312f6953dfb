import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { readNumber } from './read-body.ts';

/** The request log, newest first. */
export function requestRoutes(world: World): Routes {
  return {
    'GET /requests': (exchange) => {
      const limit = readNumber(exchange, 'limit', 100, 2_000);
      const newest = limit === 0 ? [] : world.requests.slice(-limit).reverse();
      return json(200, {
        value: newest.map(({ at, ...request }) => ({ time: new Date(at).toISOString(), ...request })),
      });
    },
  };
}
