/** Something that happened, by its place in the order. */
type Placed = { readonly changed: number };

/** Keeps the first so many of what it is shown, in their order; the directory is gone through once, and not sorted. */
export type Earliest<T extends Placed> = {
  /** Whether something that happened then would be kept: ask before it is made. */
  readonly wants: (changed: number) => boolean;
  readonly add: (item: T) => void;
  readonly kept: readonly T[];
};

/** Keeps the first `count` after a place. What comes in order, as nearly all does, is only looked at. */
export function keepEarliest<T extends Placed>(after: number, count: number): Earliest<T> {
  const kept: T[] = [];
  // The place of the last one kept, once there are enough.
  let end = Number.POSITIVE_INFINITY;
  const wants = (changed: number): boolean => changed > after && changed < end;
  return {
    wants,
    kept,
    add: (item) => {
      if (!wants(item.changed)) return;
      let place = kept.length;
      while (place > 0 && (kept[place - 1]?.changed ?? 0) > item.changed) place -= 1;
      kept.splice(place, 0, item);
      if (kept.length > count) kept.pop();
      if (kept.length === count) end = kept.at(-1)?.changed ?? after;
    },
  };
}
