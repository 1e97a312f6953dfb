import type { World } from './world.ts';

/**
 * What every Portico of this process has one of, made when it is first asked for: all that are given the same configuration are
 * one, whatever else they were given beside it.
 */
export function perPortico<Thing extends object>(make: (world: World) => Thing): (world: World) => Thing {
  const made = new WeakMap<World['config'], Thing>();
  return (world) => {
    const thing = made.get(world.config) ?? make(world);
    made.set(world.config, thing);
    return thing;
  };
}
