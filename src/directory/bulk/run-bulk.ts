import {
  BULK_RESPONSE_URN,
  type BulkOperation,
  bulkIdOf,
  bulkMethodOf,
  bulkReferences,
  type JsonValue,
  readBulkOperation,
  readBulkRequest,
  ScimError,
  withReferences,
} from '#scim';
import { newId, type World } from '#store';
import type { Answer, Exchange } from '../exchange.ts';
import { refusal } from '../refusal.ts';
import type { StatementCache } from '../statement-cache.ts';
import { bulkLimits } from './bulk-limits.ts';
import { exchangeOf, type FindRoute, stepsOf } from './inner-exchange.ts';

/** An operation that was carried out, or refused, and what it was. */
interface Done {
  exchange: Exchange;
  answer: Answer;
  text: string;
}

/**
 * POST /Bulk (RFC 7644 §3.7): each operation is what it would be as a request of its own, with its own transaction, event
 * and record. Ids of what will be created are given beforehand, so that references, circular ones too, need no second
 * change; an operation that refers to another waits for it, and fails if that one failed. Only in a circle one has to be
 * first: if the other fails then, its reference dangles, as references may.
 */
export async function runBulk(
  world: World,
  statements: StatementCache,
  exchange: Exchange,
  findRoute: FindRoute,
): Promise<Answer> {
  const { failOnErrors, operations } = readBulkRequest(exchange.body?.json, bulkLimits(world));
  const created = assignIds(world, operations);
  const started = new Set<number>();
  const done: (Done | undefined)[] = operations.map(() => undefined);
  let errors = 0;
  let isOver = false;

  async function run(index: number): Promise<void> {
    if (isOver || started.has(index)) return;
    started.add(index);
    const sent = operations[index] ?? null;
    const where = `Operations[${index}]`;
    let [inner, operation, answer]: [Exchange, BulkOperation | undefined, Answer | undefined] = [
      { ...exchange, method: bulkMethodOf(sent) ?? 'POST', path: '/Bulk', body: null, startedAt: performance.now() },
      undefined,
      undefined,
    ];
    try {
      operation = readBulkOperation(sent, where);
      const referred = bulkReferences(operation.path, operation.data);
      for (const bulkId of referred) await waitFor(bulkId, where);
      if (isOver) return;
      const { path, data } =
        referred.size === 0
          ? { path: operation.path, data: operation.data }
          : withReferences(operation.path, operation.data, (bulkId) => created.get(bulkId)?.id);
      inner = exchangeOf(exchange, operation, path, data, assignedTo(index, operation, where));
      const route = findRoute(inner.method, stepsOf(inner, where));
      answer = await route.operation(world, statements, inner, route.id);
    } catch (error) {
      answer = refusal(world, error, exchange.cause.requestId ?? '', inner);
    }
    if (answer.status >= 400) errors++;
    // Nothing that follows would fare better while the database is away.
    if (errors >= failOnErrors || answer.status === 503) isOver = true;
    done[index] = { exchange: inner, answer, text: resultText(exchange, sent, inner, operation, answer) };
  }

  async function waitFor(bulkId: string, where: string): Promise<void> {
    const target = created.get(bulkId);
    if (target === undefined) {
      const what = `${where} refers to bulkId:${bulkId.slice(0, 80)}, which no POST of this request has`;
      throw new ScimError(400, 'invalidValue', what);
    }
    await run(target.index);
    const { answer } = done[target.index] ?? {};
    if (answer === undefined || answer.status < 400) return;
    throw new ScimError(409, undefined, `${where} refers to bulkId:${bulkId.slice(0, 80)}, which was not created`);
  }

  function assignedTo(index: number, { method, bulkId }: BulkOperation, where: string): string | undefined {
    if (method !== 'POST' || bulkId === undefined) return undefined;
    const assigned = created.get(bulkId);
    if (assigned?.index === index) return assigned.id;
    throw new ScimError(400, 'invalidValue', `${where}.bulkId is that of another operation; each needs its own`);
  }

  for (let index = 0; index < operations.length && !isOver; index++) await run(index);
  const parts = done.filter((one) => one !== undefined);
  return {
    status: 200,
    body: `${JSON.stringify({ schemas: [BULK_RESPONSE_URN] }).slice(0, -1)},"Operations":[${parts.map(({ text }) => text).join(',')}]}`,
    outcome: {
      kind: 'unchanged',
      text: `Ran ${parts.length} of ${operations.length} operations, of which ${errors} were refused; each is recorded by itself.`,
    },
    parts,
  };
}

/** The id of what each POST with a `bulkId` will create. */
function assignIds(world: World, operations: readonly JsonValue[]): Map<string, { index: number; id: string }> {
  const created = new Map<string, { index: number; id: string }>();
  for (const [index, operation] of operations.entries()) {
    const bulkId = bulkIdOf(operation);
    if (bulkId === undefined || bulkMethodOf(operation) !== 'POST' || created.has(bulkId)) continue;
    created.set(bulkId, { index, id: newId(world.now()) });
  }
  return created;
}

/** What is said of one operation: `location` unless a POST failed, `response` where there is one (RFC 7644 §3.7). */
function resultText(
  { directory }: Exchange,
  sent: JsonValue,
  inner: Exchange,
  operation: BulkOperation | undefined,
  { status, headers, body }: Answer,
): string {
  const place = inner.path === '/Bulk' ? undefined : `${directory.baseUrl}${inner.path.replace(/\?.*$/s, '')}`;
  const location =
    headers?.['location'] ?? (operation === undefined || operation.method === 'POST' ? undefined : place);
  const head = {
    ...(location === undefined ? {} : { location }),
    method: bulkMethodOf(sent),
    bulkId: bulkIdOf(sent),
    version: headers?.['etag'],
    status: String(status),
  };
  const text = JSON.stringify(head);
  return body === null ? text : `${text.slice(0, -1)},"response":${body}}`;
}
