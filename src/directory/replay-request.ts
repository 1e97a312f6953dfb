import type { Replay } from '#contract';
import { notFound, Problem } from '#http';
import { difference, type JsonObject, type JsonValue, ScimError } from '#scim';
import { only, RehearsalTooLong, rehearse, type World } from '#store';
import { changesMade, changesShown } from './changes-shown.ts';
import type { Answer, Exchange } from './exchange.ts';
import { readPlace } from './place.ts';
import { findRequest } from './queries/request.ts';
import { mostPath } from './recorded-request.ts';
import { refusal } from './refusal.ts';
import { findRoute } from './routes.ts';
import { openDirectory } from './settings.ts';
import { createStatementCache } from './statement-cache.ts';

/** So many pieces of a large change are tried; each is of 500 members on SQLite, and holds everybody up. */
const mostWrites = 40;

/** Stands for the request in what it would have written. */
const replayId = 'replay';

type Recorded = NonNullable<Awaited<ReturnType<typeof load>>>;

/**
 * P8: runs a recorded request again as it would go now, by the same operation, against the directory as it is, and takes all
 * of it back: nothing is written, no event, no record. Preconditions (`If-Match`) are not recorded, so none are asked.
 * Throws `not-found`, and `wrong-state` for a request that was not kept whole.
 */
export async function replayRequest(
  world: World,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<Replay> {
  const row = await load(world, organizationId, directoryId, id);
  if (row === undefined) throw notFound('recorded request', id);
  const exchange = await exchangeOf(world, organizationId, directoryId, row);
  const answer = await rehearse(world.store, mostWrites, (store) => run({ ...world, store }, exchange)).catch(
    (error) => {
      if (error instanceof RehearsalTooLong) throw unable('it would change too much to be tried', 'try one about less');
      throw error;
    },
  );
  const made = changesMade({
    method: row.method,
    kind: answer.outcome.kind,
    answer: answer.body,
    changes: answer.outcome.changes,
  });
  const differences = differencesOf(row, answer);
  return {
    id,
    at: new Date(row.at).toISOString(),
    method: row.method,
    path: row.path,
    status: answer.status,
    kind: answer.outcome.kind,
    outcome: answer.outcome.text,
    answer: answer.body,
    changes: changesShown(made),
    was: { status: row.status, outcome: row.outcome },
    differences: differences === undefined ? null : changesShown(differences),
    same: row.status === answer.status && differences?.length === 0,
  };
}

const load = async (world: World, organizationId: string, directoryId: string, id: string) =>
  only(await world.store.read(findRequest, { organizationId, directoryId, id }));

/** The request as it came, or a problem that says why it cannot be known. */
async function exchangeOf(world: World, organizationId: string, directoryId: string, row: Recorded): Promise<Exchange> {
  const { request, request_loss: loss, method } = row;
  if (loss === 'cut') throw unable('its body was longer than is kept', again);
  if (loss === 'redacted') throw unable('its body held a password, which is not kept', again);
  if (row.path.length >= mostPath) throw unable('its address was longer than is kept', again);
  if (request === null && /^(?:POST|PUT|PATCH)$/.test(method))
    throw unable('its body could not be read, so it was not kept', again);
  const directory = await openDirectory(world, organizationId, directoryId);
  const { path, query } = readPlace(`${directory.baseUrl}${row.path}`);
  const actor = {
    type: 'provisioning-client',
    id: 'replay',
    name: row.token_name ?? '',
    address: '',
    userAgent: null,
  } as const;
  return {
    directory,
    token: { id: replayId, name: row.token_name ?? '' },
    cause: { actor, requestId: replayId },
    userAgent: null,
    method,
    path,
    query,
    headers: new Headers(),
    body: request === null ? null : { text: request, json: JSON.parse(request) },
    startedAt: performance.now(),
  };
}

const again = 'ask for the same in Entra: Provisioning > Provision on demand; it is recorded anew';

const unable = (why: string, remedy: string): Problem =>
  new Problem('wrong-state', { detail: `this request cannot be replayed: ${why}`, remedy });

/** The operation, and a refusal as an answer. An outage is thrown on. */
async function run(world: World, exchange: Exchange): Promise<Answer> {
  try {
    const { steps } = readPlace(`${exchange.directory.baseUrl}${exchange.path}`);
    const { operation, id } = findRoute(exchange.method, steps);
    return await operation(world, createStatementCache(), exchange, id);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    return refusal(world, error, replayId, exchange);
  }
}

/** Where the answer differs from the one of then, apart from ids and times; undefined where the two cannot be compared. */
function differencesOf(row: Recorded, { status, body }: Answer): ReturnType<typeof difference> | undefined {
  const then = objectOf(row.answer);
  const now = objectOf(body);
  if (then === undefined || now === undefined || row.status < 400 !== status < 400) return undefined;
  return difference(then, now).filter(({ path }) => path !== 'id' || row.method !== 'POST');
}

function objectOf(text: string | null): JsonObject | undefined {
  if (text === null) return {};
  try {
    const value: JsonValue = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
