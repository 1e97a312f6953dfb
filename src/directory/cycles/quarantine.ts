import type { Directory } from '#contract';
import { type Closed, closedWords } from '../closed.ts';
import { type CycleRow, objectsOf } from './cycle.ts';

/** When Entra puts a job into quarantine (application-provisioning-quarantine-status). */
const limits = { failures: 5_000, share: 0.4, inAnyCase: 40_000, references: 60_000 } as const;

/** Below its limits from here on a cycle is worth a look: so many failures, and this share of the limits. */
const few = 10;
const near = 0.5;

interface Known {
  directoryId: string;
  lastAt: number | null;
  refusedAt: number | null;
  refusedStatus: number | null;
  refusal: string | null;
  /** Why it would be turned away now; asked where it was. */
  closed: Closed | undefined;
  cycle: CycleRow | undefined;
}

/**
 * P10: what is to be done for a client that was turned away with 403, while the directory is closed and once it is open again.
 */
export const recoverClosed = (directoryId: string, closed: Closed | undefined): string =>
  closed === undefined
    ? 'The connection provisions again. In Entra: Provisioning > Restart provisioning, and it calls at once.'
    : `${closedWords[closed].open(directoryId)} In Entra: Provisioning > Restart provisioning.`;

/**
 * P10: whether Entra is about to put the provisioning job into quarantine, or has: turned away once, or so many failures. In
 * quarantine it calls once a day, and gives up after four weeks.
 */
export function assessQuarantine(known: Known): Directory['quarantine'] {
  const { directoryId, lastAt, refusedAt, refusedStatus, refusal, closed, cycle } = known;
  if (refusedAt !== null && refusedAt > (lastAt ?? 0)) {
    const turnedAway = `It was turned away on ${new Date(refusedAt).toISOString()}: ${refusal ?? 'its token is not valid'}.`;
    if (refusedStatus === 403) {
      return {
        risk: 'high',
        why: `${turnedAway} Entra can take such an answer (403) for a failed sign-in, and puts a job into quarantine at the first.`,
        recover: recoverClosed(directoryId, closed),
      };
    }
    return {
      risk: 'high',
      why: `${turnedAway} Entra puts a job into quarantine at the first such answer.`,
      recover: `Issue a token (portico directories tokens create ${directoryId}). In Entra: Provisioning > Admin credentials > Secret Token > Test connection, then Restart provisioning.`,
    };
  }
  if (cycle === undefined) return { risk: 'none', why: null, recover: null };
  const { failed, references_failed: references } = cycle;
  const objects = Math.max(1, objectsOf(cycle));
  const share = failed / objects;
  const said = `${failed.toLocaleString('en')} of about ${objects.toLocaleString('en')} failed in the last cycle (${Math.round(share * 100)} %)`;
  const recover = `See why: portico directories requests ${directoryId} --outcome refused. Correct it, then in Entra: Provisioning > Restart provisioning.`;
  const rule = `Entra’s limits are ${limits.failures.toLocaleString('en')} failures that are more than ${limits.share * 100} %, ${limits.inAnyCase.toLocaleString('en')} in any case, and ${limits.references.toLocaleString('en')} managers and members`;
  const isOver =
    (failed >= limits.failures && share > limits.share) || failed > limits.inAnyCase || references > limits.references;
  if (isOver) {
    return {
      risk: 'high',
      why: `${said}. ${rule}: the job is, or will be, in quarantine, and called once a day.`,
      recover,
    };
  }
  const isNear =
    (failed >= few && share > limits.share) ||
    (failed >= near * limits.failures && share > near * limits.share) ||
    failed > near * limits.inAnyCase ||
    references > near * limits.references;
  return isNear ? { risk: 'some', why: `${said}. ${rule}.`, recover } : { risk: 'none', why: null, recover: null };
}
