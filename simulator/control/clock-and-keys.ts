import { z } from 'zod';
import { type Answer, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { ControlError } from './control-error.ts';
import { readBody } from './read-body.ts';

/** The last instant that ISO 8601 writes with four digits for the year. */
const latest = Date.UTC(10_000, 0) - 1;

const wanted = z
  .strictObject({
    now: z.iso.datetime({ offset: true }).exactOptional(),
    advanceMs: z.int().exactOptional(),
    frozen: z.boolean().exactOptional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'takes now or advanceMs, and frozen')
  .refine((body) => !('now' in body && 'advanceMs' in body), 'takes now or advanceMs, not both');

/** The simulator's time and its signing keys. */
export function clockAndKeyRoutes(world: World): Routes {
  const shown = (): Answer => {
    const { clock } = world;
    return json(200, { now: new Date(clock.now()).toISOString(), frozen: clock.state.frozenAt !== null });
  };
  return {
    'GET /clock': shown,
    'POST /clock': (exchange) => {
      const { now, advanceMs = 0, frozen } = readBody(exchange, wanted);
      const instant = now === undefined ? world.clock.now() + advanceMs : Date.parse(now);
      if (instant < 0 || instant > latest)
        throw new ControlError(400, 'invalidBody', `advanceMs: the clock goes from 1970 to the end of 9999`);
      if (frozen !== undefined) world.clock.freeze(frozen);
      world.clock.set(instant);
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
