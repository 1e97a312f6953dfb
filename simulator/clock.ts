/** Where the clock stands, as plain data. */
export type ClockState = {
  /** Milliseconds it is ahead of the machine's clock. */
  offset: number;
  /** The instant it stands still at, or null while it runs. */
  frozenAt: number | null;
};

/** The simulator's time: drives token lifetimes, secret expiry and mail dates. Epoch milliseconds. */
export type Clock = {
  readonly state: ClockState;
  readonly now: () => number;
  /** Sets the time to `instant`; from there it runs on, unless it stands still. */
  readonly set: (instant: number) => void;
  /** Stops the clock where it is, or lets it run on from there. */
  readonly freeze: (frozen: boolean) => void;
};

/** A clock that runs as `base` does, and can be moved and stopped. */
export function createClock(base: () => number = Date.now): Clock {
  const state: ClockState = { offset: 0, frozenAt: null };
  const now = (): number => state.frozenAt ?? base() + state.offset;
  const set = (instant: number): void => {
    if (state.frozenAt === null) state.offset = instant - base();
    else state.frozenAt = instant;
  };
  return {
    state,
    now,
    set,
    freeze: (frozen) => {
      const instant = now();
      state.frozenAt = frozen ? instant : null;
      set(instant);
    },
  };
}

/** ISO date and time with `Z` and seconds, as Microsoft Graph writes it. */
export function toIso(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
