/** Turns at something of which there is only so much. */
export interface Turns {
  /** Waits for a turn, however long that takes; throws what `refuseAll` says. */
  take(): Promise<void>;
  /** Ends a turn. */
  give(): void;
  /** How many wait. */
  waiting(): number;
  /** Sends away all who wait, as one whose turn it was found that there is nothing to be had. */
  refuseAll(reason: unknown): void;
}

/** Lets so many have a turn at once; the others wait in the order in which they came. */
export function createTurns(most: number): Turns {
  let free = most;
  const waiting: PromiseWithResolvers<void>[] = [];
  return {
    take: () => {
      if (free > 0) {
        free -= 1;
        return Promise.resolve();
      }
      const turn = Promise.withResolvers<void>();
      waiting.push(turn);
      return turn.promise;
    },
    give: () => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next.resolve();
    },
    waiting: () => waiting.length,
    refuseAll: (reason) => {
      for (const { reject } of waiting.splice(0)) reject(reason);
    },
  };
}
