import { z } from 'zod';
import { faultTable, times } from '../faults/fault-table.ts';
import type { Fault } from '../faults/faults.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody } from './read-body.ts';

const wanted = z.looseObject({ name: z.string() });

/** Faults: what can be called, what strikes now, call and clear. */
export function faultRoutes(world: World): Routes {
  return {
    'GET /faults': () => {
      const available = faultTable.map((kind) => ({ ...kind, parameters: [...kind.parameters, times] }));
      return json(200, { available, active: world.faults.list().map(view) });
    },
    'POST /faults': (exchange) => {
      const { name, ...parameters } = readBody(exchange, wanted);
      try {
        return json(201, view(world.faults.call(name, parameters)));
      } catch (error) {
        if (error instanceof RangeError) throw new ControlError(400, 'invalidBody', error.message);
        throw error;
      }
    },
    'DELETE /faults': () => {
      world.faults.clear();
      return { status: 204 };
    },
    'DELETE /faults/:fault': (_exchange, id) => {
      if (!world.faults.clear(id)) throw notFound('fault', id);
      return { status: 204 };
    },
  };
}

function view({ id, name, parameters, left }: Fault): Record<string, unknown> {
  return { id, name, ...parameters, timesLeft: left ?? null };
}
