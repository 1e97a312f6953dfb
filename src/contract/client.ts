import { type EntryName, entries } from './entries.ts';
import type { AnswerOf, Entry, GivenBodyOf, GivenQueryOf, ParamsOf } from './entry.ts';
import type { ProblemName } from './problems.ts';

type EntryOf<Name extends EntryName> = (typeof entries)[Name];

/** What a call takes: the path's parameters, the query, the body; each only where the entry has one. */
export type CallInput<Name extends EntryName> = ParamsOf<EntryOf<Name>> &
  ('query' extends keyof EntryOf<Name> ? { query?: GivenQueryOf<EntryOf<Name>> } : unknown) &
  ('body' extends keyof EntryOf<Name> ? { body: GivenBodyOf<EntryOf<Name>> } : unknown) & {
    ifMatch?: string;
    idempotencyKey?: string;
  };

/** A problem document (RFC 9457) as it arrives. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  remedy?: string;
  errors?: { field: string; detail: string }[];
  requestId?: string;
  [extension: string]: unknown;
}

/** A call that was answered by a problem. */
export class ProblemAnswer extends Error {
  readonly problem: ProblemDocument;
  constructor(problem: ProblemDocument) {
    super(problem.detail ?? problem.title);
    this.problem = problem;
  }
  /** The last part of the problem's type. */
  get problemName(): ProblemName {
    return this.problem.type.slice(this.problem.type.lastIndexOf(':') + 1) as ProblemName;
  }
}

/** Calls an entry of the contract by its name. */
export type Call = <Name extends EntryName>(name: Name, input: CallInput<Name>) => Promise<AnswerOf<EntryOf<Name>>>;

/** How a client reaches a server. */
export interface Reach {
  /** Public address of Portico, without `/api/v1`; empty in the console. */
  url: string;
  /** Sent as `Authorization: Bearer`; the console has a cookie instead. */
  key?: string;
  fetch?: typeof globalThis.fetch;
}

/** A typed client of the REST API; the CLI, the console and the demo use this one. Throws {@link ProblemAnswer}. */
export function createClient(reach: Reach): Call {
  return async (name, input) => {
    const entry: Entry = entries[name];
    const given = input as {
      query?: Record<string, unknown>;
      body?: unknown;
      ifMatch?: string;
      idempotencyKey?: string;
    } & Record<string, unknown>;
    const path = entry.path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
      encodeURIComponent(String(given[parameter])),
    );
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(given.query ?? {}))
      if (value !== undefined) query.set(key, String(value));
    const headers: Record<string, string> = { accept: 'application/json' };
    if (reach.key !== undefined) headers['authorization'] = `Bearer ${reach.key}`;
    if (given.body !== undefined)
      headers['content-type'] = entry.method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    if (given.ifMatch !== undefined) headers['if-match'] = given.ifMatch;
    if (given.idempotencyKey !== undefined) headers['idempotency-key'] = given.idempotencyKey;
    const answer = await (reach.fetch ?? fetch)(`${reach.url}/api/v1${path}${query.size > 0 ? `?${query}` : ''}`, {
      method: entry.method,
      headers,
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    });
    if (answer.status === 204) return undefined as never;
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    throw new ProblemAnswer(readProblem(text, answer));
  };
}

function readProblem(text: string, answer: Response): ProblemDocument {
  if (answer.headers.get('content-type')?.startsWith('application/problem+json')) return JSON.parse(text);
  return {
    type: 'about:blank',
    title: answer.statusText,
    status: answer.status,
    detail: `the answer is not Portico's: ${text.slice(0, 200)}`,
  };
}
