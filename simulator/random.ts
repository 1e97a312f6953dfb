/** Repeatable randomness: the same seed makes the same tenants with the same ids. */
export type Random = {
  /** Where in its stream it is, as plain data. */
  readonly state: { at: number };
  /** A whole number from 0 up to and without `below`. */
  readonly integer: (below: number) => number;
  readonly pick: <T>(list: readonly [T, ...T[]]) => T;
  /** A version 4 UUID. */
  readonly uuid: () => string;
};

/** A generator (mulberry32) started from `seed`; good for test data, not for secrets. */
export function createRandom(seed: number): Random {
  const state = { at: seed >>> 0 };
  const next = (): number => {
    state.at = (state.at + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state.at ^ (state.at >>> 15), state.at | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const integer = (below: number): number => next() % below;
  return {
    state,
    integer,
    pick: (list) => list[integer(list.length)] ?? list[0],
    uuid: () => {
      // Bytes 6 and 8 carry the version and the variant (RFC 9562 §5.4).
      const [one, two, three, four] = [
        next(),
        (next() & ~0xf000) | 0x4000,
        (next() & ~0xc0000000) | 0x80000000,
        next(),
      ].map(hex);
      // Joined: a text made by a template keeps its pieces, and there may be a hundred thousand.
      return [one, two?.slice(0, 4), two?.slice(4), three?.slice(0, 4), `${three?.slice(4)}${four}`].join('-');
    },
  };
}

/** Eight digits of an unsigned number of 32 bits. */
function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
