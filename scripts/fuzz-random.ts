/** Chance that can be repeated: the same seed gives the same numbers (mulberry32). */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** A whole number from 0, below `end`. */
  below(end: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  pick<T>(among: readonly T[]): T;
  /** So many of what is made, from `least` to `most`. */
  many<T>(least: number, most: number, make: () => T): T[];
}

/** Makes one from a seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (among) => {
      const one = among[below(among.length)];
      if (one === undefined && among.length === 0) throw new Error('nothing to pick from');
      return one as (typeof among)[number];
    },
    many: (least, most, make) => Array.from({ length: least + below(most - least + 1) }, make),
  };
}
