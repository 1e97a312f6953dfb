import { z } from 'zod';
import { type Answer, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { readBody } from './read-body.ts';

const wanted = z.union([
  z.strictObject({ now: z.iso.datetime({ offset: true }) }),
  z.strictObject({ advanceMs: z.int() }),
]);

/** The simulator's time and its signing keys. */
export function clockAndKeyRoutes(world: World): Routes {
  const shown = (): Answer => json(200, { now: new Date(world.clock.now()).toISOString() });
  return {
    'GET /clock': shown,
    'POST /clock': (exchange) => {
      const body = readBody(exchange, wanted);
      world.clock.set('now' in body ? Date.parse(body.now) : world.clock.now() + body.advanceMs);
      return shown();
    },
    'GET /keys': () => json(200, keysView(world)),
    'POST /keys/rotate': async () => {
      await world.keys.rotate();
      return json(200, keysView(world));
    },
  };
}

function keysView(world: World): Record<string, unknown> {
  return { active: world.keys.active().kid, published: world.keys.published().map(({ kid }) => kid) };
}
