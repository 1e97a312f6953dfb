import { ProblemAnswer } from '#contract';

/** A failure in words: what happened, why, what to do next. */
export interface ProblemWords {
  title: string;
  why: string | undefined;
  next: string | undefined;
  requestId: string | undefined;
  fields: { field: string; detail: string }[];
}

const nextByStatus: Record<number, string> = {
  401: 'Get a new sign-in link and open it in this browser.',
  404: 'It may have been removed, or the address is mistyped. Go back to the list.',
  412: 'Load the page again to see what changed, then repeat your change.',
  429: 'Wait a moment, then try again.',
};

/** Puts any failure of a call into words. A server that does not answer gets words of its own. */
export function problemWords(failure: Error): ProblemWords {
  if (!(failure instanceof ProblemAnswer)) {
    return {
      title: 'Portico did not answer',
      why: `The request did not get through (${failure.message}).`,
      next: 'Check the network and that the server is running, then try again.',
      requestId: undefined,
      fields: [],
    };
  }
  const { title, detail, remedy, status, requestId, errors } = failure.problem;
  const byStatus = nextByStatus[status];
  const unexpected = status >= 500 ? 'Try again. If it stays, look for the request id in the server’s log.' : undefined;
  return { title, why: detail, next: remedy ?? byStatus ?? unexpected, requestId, fields: errors ?? [] };
}

/** What the API said about each field of a form: by the field's name as the API spells it. */
export function fieldFaults(failure: Error | null | undefined): Record<string, string> {
  if (!(failure instanceof ProblemAnswer)) return {};
  return Object.fromEntries((failure.problem.errors ?? []).map(({ field, detail }) => [nameOf(field), detail]));
}

/** `/startFrom`, `body.startFrom` and `startFrom` mean the same field. */
const nameOf = (field: string): string => field.replace(/^(?:#?\/|body[./])+/, '').replaceAll('/', '.');

/** The API speaks in fragments that the command line prints after a colon; on a page they stand as sentences. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
