import { type ProblemName, problems, problemType } from '#contract';

/** What a problem tells beyond its name. */
export interface ProblemDetails {
  /** What happened, in a sentence. */
  detail: string;
  /** What to do next. */
  remedy?: string;
  /** The fields that are wrong, each by its path. */
  errors?: { field: string; detail: string }[];
  /** Seconds after which to come again. */
  retryAfter?: number;
  /** More members of the problem document. */
  more?: Record<string, unknown>;
}

/** A refusal in the words of REST (RFC 9457). Thrown once, encoded at the door. */
export class Problem extends Error {
  readonly problem: ProblemName;
  readonly details: ProblemDetails;
  constructor(problem: ProblemName, details: ProblemDetails) {
    super(details.detail);
    this.problem = problem;
    this.details = details;
  }
}

/** 404 for a thing that is not there, or is somebody else's. */
export const notFound = (what: string, id: string): Problem =>
  new Problem('not-found', {
    detail: `there is no ${what} ${JSON.stringify(id.slice(0, 80))}`,
    remedy: 'check the id, and that the key may see its organization',
  });

/** The answer that carries a problem. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { status, title } = problems[problem.problem];
  const { detail, remedy, errors, retryAfter, more } = problem.details;
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (retryAfter !== undefined) headers.set('retry-after', String(Math.ceil(retryAfter)));
  if (status === 401) headers.set('www-authenticate', 'Bearer realm="Portico"');
  const body = { type: problemType(problem.problem), title, status, detail, remedy, errors, requestId, ...more };
  return new Response(JSON.stringify(body), { status, headers });
}
