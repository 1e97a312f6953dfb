/** The middle one of some figures; 0 of none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/** Answers a second. */
export const rate = (perSecond: number): string =>
  `${perSecond >= 100 ? Math.round(perSecond).toLocaleString('en') : perSecond.toFixed(1)}/s`;

/** Milliseconds. */
export const latency = (ms: number): string => `${ms >= 100 ? ms.toFixed(0) : ms.toFixed(1)} ms`;

/** So many times something. */
export const times = (ratio: number): string => `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(1)} ×`;

/** Resident memory. */
export const memoryText = ({ now, most }: { now: number; most: number }): string =>
  `${now.toFixed(0)} MB resident, at most ${most.toFixed(0)} MB`;
