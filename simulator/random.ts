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
      const bytes = Buffer.alloc(16);
      for (const offset of [0, 4, 8, 12]) bytes.writeUInt32BE(next(), offset);
      bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
      bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
      return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    },
  };
}
