const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Waits between the attempts to send a message. */
const waits = [
  2 * second,
  10 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  20 * minute,
  30 * minute,
  hour,
  2 * hour,
  4 * hour,
] as const;

/** How long a message is tried for, counted from its first attempt. */
export const patienceMs = 48 * hour;

/** Milliseconds until the attempt after the one of that number. */
export const waitAfter = (attempt: number): number => waits[Math.min(attempt, waits.length) - 1] ?? waits[0];

const longestPollWait = 15 * minute;

/** Milliseconds until a mailbox is looked into again that could not be read so many times in a row. */
export const pollWaitAfter = (faults: number, pollMs: number): number =>
  Math.max(pollMs, Math.min(5 * second * 2 ** Math.min(faults - 1, 10), longestPollWait));
