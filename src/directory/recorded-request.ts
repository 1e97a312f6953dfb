import { type JsonValue, redactPasswords } from '#scim';
import { newId, type Transaction, type World } from '#store';
import { type Answer, type Exchange, scopeOf } from './exchange.ts';
import { insertRequests } from './queries/request.ts';
import { aboutOf } from './request-about.ts';

/** Longest text of a body that is kept, in characters; the change itself is kept whole beside it. */
const mostBody = 16_384;
const mostChanges = 200;
/** Longest address that is kept, in characters. */
export const mostPath = 2000;

/** A request as it is recorded, by the names of the columns. */
export interface RequestRow {
  id: string;
  at: number;
  method: string;
  path: string;
  status: number;
  microseconds: number;
  token_id: string;
  token_name: string;
  user_agent: string | null;
  resource_id: string | null;
  about: string | null;
  kind: Answer['outcome']['kind'];
  facet: string;
  outcome: string;
  request: string | null;
  request_loss: 'cut' | 'redacted' | null;
  answer: string | null;
  changes: string | null;
}

/** Records a request in the transaction of what it changed, so that neither is without the other. Gives the record's id. */
export async function recordRequest(
  world: World,
  tx: Transaction,
  exchange: Exchange,
  answer: Answer,
): Promise<string> {
  const [id = ''] = await recordRequests(world, tx, [{ exchange, answer }]);
  return id;
}

/** Records requests to one directory in the transaction of what they changed. Gives the ids of the records. */
export async function recordRequests(
  world: World,
  tx: Transaction,
  done: readonly { exchange: Exchange; answer: Answer }[],
): Promise<string[]> {
  const [first] = done;
  if (first === undefined) return [];
  const at = world.now();
  const rows = done.map(({ exchange, answer }) => requestRow(at, exchange, answer));
  await tx.run(insertRequests, { ...scopeOf(first.exchange.directory), rows: JSON.stringify(rows) });
  return rows.map(({ id }) => id);
}

/** A request and its answer as a row: without credentials, without passwords, and no longer than is useful. */
export function requestRow(at: number, exchange: Exchange, { status, body, outcome }: Answer): RequestRow {
  const { changes } = outcome;
  const request = exchange.body === null ? null : redactedText(exchange.body);
  const text = exchange.released === undefined ? outcome.text : `Released by ${exchange.released.by}: ${outcome.text}`;
  return {
    id: newId(at),
    at,
    method: exchange.method,
    path: exchange.path.slice(0, mostPath),
    status,
    microseconds: Math.round((performance.now() - exchange.startedAt) * 1000),
    token_id: exchange.token.id,
    token_name: exchange.token.name,
    user_agent: exchange.userAgent,
    resource_id: outcome.resourceId ?? idInPath(exchange.path),
    about: aboutOf(exchange, outcome),
    kind: outcome.kind,
    facet: facetOf(outcome.kind, exchange.method, status),
    outcome: text.slice(0, 2000),
    request: request === null ? null : bounded(request),
    request_loss: lossOf(exchange, request),
    answer: body === null ? null : bounded(body),
    changes: changes === undefined ? null : JSON.stringify(changes.slice(0, mostChanges)),
  };
}

/** Kind, method and status of a request in one word, as an index keeps them. */
const facetOf = (kind: string, method: string, status: number): string => `${kind} ${method} ${status}`;

/** The user or group that a path names: what was refused is found by it as well. */
const idInPath = (path: string): string | null => /^\/(?:Users|Groups)\/([^/?.]{1,64})/.exec(path)?.[1] ?? null;

function lossOf({ body }: Exchange, request: string | null): RequestRow['request_loss'] {
  if (body === null || request === null) return null;
  if (request.length > mostBody) return 'cut';
  return request === body.text || !request.includes('[redacted]') ? null : 'redacted';
}

/** A body as it came, without passwords. Only a text that may name one is taken apart for it; `\u` can hide the name. */
export function redactedText({ text, json }: { text: string; json: JsonValue }): string {
  return /password|\\u/i.test(text) ? JSON.stringify(redactPasswords(json)) : text;
}

const bounded = (text: string): string =>
  text.length <= mostBody ? text : `${text.slice(0, mostBody).toWellFormed()}… (${text.length} characters in all)`;
