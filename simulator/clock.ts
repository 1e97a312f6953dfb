/** The simulator's time: drives token lifetimes, secret expiry and mail dates. Epoch milliseconds. */
export type Clock = {
  readonly now: () => number;
  /** Sets the time to `instant`; from there it runs on. */
  readonly set: (instant: number) => void;
};

/** A clock that runs as `base` does, and can be moved. */
export function createClock(base: () => number = Date.now): Clock {
  let offset = 0;
  return {
    now: () => base() + offset,
    set: (instant) => {
      offset = instant - base();
    },
  };
}

/** ISO date and time with `Z` and seconds, as Microsoft Graph writes it. */
export function toIso(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
