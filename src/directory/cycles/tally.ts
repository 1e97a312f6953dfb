import type { Answer, Exchange } from '../exchange.ts';

/** What a provisioning client did within a few seconds, as numbers. */
export interface Tally {
  firstAt: number;
  lastAt: number;
  requests: number;
  /** Users and groups that were looked for or read. */
  lookups: number;
  created: number;
  updated: number;
  disabled: number;
  deleted: number;
  unchanged: number;
  failed: number;
  /** Managers and members that could not be set: Entra counts them apart. */
  referencesFailed: number;
  /** Answered 429: tried again at once. */
  throttled: number;
  /** The one user or group that it was about; empty where there were several, null where there was none. */
  subject: string | null;
}

/** A tally of nothing yet. */
export const emptyTally = (at: number): Tally => ({
  firstAt: at,
  lastAt: at,
  requests: 0,
  lookups: 0,
  created: 0,
  updated: 0,
  disabled: 0,
  deleted: 0,
  unchanged: 0,
  failed: 0,
  referencesFailed: 0,
  throttled: 0,
  subject: null,
});

/** Counts one request. */
export function countRequest(tally: Tally, at: number, exchange: Exchange, answer: Answer): void {
  tally.lastAt = Math.max(tally.lastAt, at);
  tally.requests += 1;
  const effect = effectOf(exchange, answer);
  if (effect !== undefined) tally[effect] += 1;
  const { resourceId } = answer.outcome;
  if (resourceId !== undefined && tally.subject !== resourceId)
    tally.subject = tally.subject === null ? resourceId : '';
}

type Effect = Exclude<keyof Tally, 'firstAt' | 'lastAt' | 'requests' | 'subject'>;

function effectOf(exchange: Exchange, { status, outcome, parts }: Answer): Effect | undefined {
  const { method, path } = exchange;
  // The operations of a Bulk request are counted each.
  if (parts !== undefined) return undefined;
  if (status === 429) return 'throttled';
  switch (outcome.kind) {
    case 'unchanged':
      return 'unchanged';
    case 'changed':
      if (method === 'POST') return 'created';
      if (method === 'DELETE') return 'deleted';
      return outcome.changes?.some((change) => change.path === 'active' && change.after === false)
        ? 'disabled'
        : 'updated';
    case 'read':
      return isResource(path) ? 'lookups' : undefined;
    case 'refused':
      // An id that is unknown here is looked up anew, and what is gone need not be deleted: neither is a failure to Entra.
      if (status === 404 && method === 'GET') return 'lookups';
      if (status === 404 && method === 'DELETE') return 'unchanged';
      return isReference(exchange) ? 'referencesFailed' : 'failed';
  }
}

const isResource = (path: string): boolean => /^\/(?:Users|Groups)(?:[/?]|$)/.test(path);

/** Whether a change was about a manager or members only: the paths of all its operations name one. */
function isReference({ method, body }: Exchange): boolean {
  if (method !== 'PATCH' || body === null) return false;
  const paths = [...body.text.slice(0, 20_000).matchAll(/"path"\s*:\s*"([^"]*)/gi)];
  return paths.length > 0 && paths.every(([, path = '']) => /(?:^|:)(?:manager|members)\b/i.test(path));
}
