import { textOf } from '../faults/faults.ts';
import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { parseFilter } from '../graph/odata-filter.ts';
import { queryOption, select } from '../graph/odata-page.ts';
import { type Answer, type Exchange, header, json } from '../http/exchange.ts';
import type { Folder, Mailbox } from './mailbox.ts';
import { messageView, shownOfMessage, wantsImmutableIds } from './message-view.ts';

/** How far a client has read, packed into the opaque token of nextLink and deltaLink. */
type Position = {
  readonly folderId: string;
  /** Changes up to this sequence number of the mailbox are known. */
  readonly since: number;
  /** The first round tells what is there; only later ones tell what is gone. */
  readonly initial: boolean;
  readonly select: string | undefined;
  readonly filter: string | undefined;
};

type Change = { readonly changed: number; readonly view: () => Readonly<Record<string, unknown>> };

const allowed: readonly string[] = [
  '$select',
  '$top',
  '$expand',
  '$filter',
  '$orderby',
  '$skiptoken',
  '$deltatoken',
  'changetype',
];
const defaultPage = 10;

/**
 * Answers one page of what changed in a folder, oldest change first (message: delta). `@odata.nextLink` leads on,
 * `@odata.deltaLink` to the next round. Throws 400 for a token that is none, 410 syncStateNotFound for one of another folder.
 */
export function answerDelta({ world, exchange }: GraphCall, mailbox: Mailbox, folder: Folder): Answer {
  const resumed = exchange.url.search.includes('token=');
  if (
    resumed &&
    world.faults.strike('sync-state-lost', (fault) => exchange.url.pathname.includes(textOf(fault, 'path') ?? ''))
  ) {
    throw syncStateLost();
  }
  const position = readPosition(exchange, mailbox, folder);
  const size = pageSize(exchange);
  const changes = changesSince(exchange, mailbox, position);
  const page = changes.slice(0, size);
  const last = page.at(-1);
  const more = changes.length > size && last !== undefined;
  const onward: Position = more
    ? { ...position, since: last.changed }
    : { ...position, since: mailbox.sequence, initial: false };
  const link = more ? '@odata.nextLink' : '@odata.deltaLink';
  return json(
    200,
    {
      '@odata.context': `${exchange.origin}/v1.0/$metadata#Collection(message)`,
      [link]: linkTo(exchange, more ? '$skiptoken' : '$deltatoken', onward),
      value: page.map(({ view }) => view()),
    },
    {
      ...requestIds(exchange),
      'preference-applied': `odata.maxpagesize=${size}${wantsImmutableIds(exchange) ? ', IdType="ImmutableId"' : ''}`,
    },
  );
}

function changesSince(exchange: Exchange, mailbox: Mailbox, position: Position): Change[] {
  const immutable = wantsImmutableIds(exchange);
  const fits = position.filter === undefined ? () => true : parseFilter(position.filter).matches;
  const shown = position.select?.split(',') ?? shownOfMessage;
  const present = [...mailbox.messages.values()]
    .filter((message) => message.folderId === position.folderId && message.changed > position.since)
    .map((message) => ({ changed: message.changed, resource: messageView(message, immutable) }))
    .filter(({ resource }) => fits(resource))
    .map(({ changed, resource }): Change => ({ changed, view: () => select(exchange, resource, shown) }));
  const gone = mailbox.departures
    .filter(({ folderId, changed }) => folderId === position.folderId && changed > position.since && !position.initial)
    .map(
      ({ id, immutableId, changed }): Change => ({
        changed,
        view: () => ({
          '@odata.type': '#microsoft.graph.message',
          id: immutable ? immutableId : id,
          '@removed': { reason: 'deleted' },
        }),
      }),
    );
  return [...present, ...gone].sort((one, two) => one.changed - two.changed);
}

function readPosition(exchange: Exchange, mailbox: Mailbox, folder: Folder): Position {
  for (const name of exchange.url.searchParams.keys()) {
    if (!allowed.includes(name.toLowerCase()))
      throw new GraphError(400, 'ErrorInvalidUrlQuery', `The query option '${name}' is not supported by delta.`);
  }
  const token = queryOption(exchange, '$skiptoken') ?? queryOption(exchange, '$deltatoken');
  if (token !== undefined) return checkPosition(unpack(token), mailbox, folder);
  const filter = queryOption(exchange, '$filter');
  if (filter !== undefined && !/^receivedDateTime\s+(ge|gt)\s+\S+$/i.test(filter)) {
    throw new GraphError(400, 'ErrorInvalidUrlQueryFilter', 'delta takes $filter=receivedDateTime ge or gt only.');
  }
  const order = queryOption(exchange, '$orderby');
  if (order !== undefined && !/^receivedDateTime\s+desc$/i.test(order)) {
    throw new GraphError(400, 'ErrorInvalidUrlQuery', 'delta takes $orderby=receivedDateTime desc only.');
  }
  return { folderId: folder.id, since: 0, initial: true, select: queryOption(exchange, '$select'), filter };
}

function checkPosition(position: Position, mailbox: Mailbox, folder: Folder): Position {
  if (position.folderId === folder.id && position.since <= mailbox.sequence) return position;
  throw syncStateLost();
}

/** The server no longer has the state a token stands for: the client starts over. */
function syncStateLost(): GraphError {
  return new GraphError(
    410,
    'syncStateNotFound',
    'The sync state generation is not found; continue with a full synchronization.',
  );
}

function pageSize(exchange: Exchange): number {
  const wanted = Number(
    /odata\.maxpagesize=(\d+)/i.exec(header(exchange, 'prefer') ?? '')?.[1] ??
      queryOption(exchange, '$top') ??
      defaultPage,
  );
  return Math.min(Math.max(Number.isInteger(wanted) ? wanted : defaultPage, 1), 1000);
}

function linkTo(exchange: Exchange, name: string, position: Position): string {
  return `${exchange.origin}${exchange.url.pathname}?${name}=${Buffer.from(JSON.stringify(position)).toString('base64url')}`;
}

function unpack(token: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof value === 'object' && value !== null && 'folderId' in value && 'since' in value && 'initial' in value) {
      const text = (name: string): string | undefined => {
        const found: unknown = Object.entries(value).find(([key]) => key === name)?.[1];
        return typeof found === 'string' ? found : undefined;
      };
      return {
        folderId: String(value.folderId),
        since: Number(value.since),
        initial: value.initial === true,
        select: text('select'),
        filter: text('filter'),
      };
    }
  } catch {
    // Falls through to the refusal below: whatever it was, it is no token of ours.
  }
  throw new GraphError(400, 'ErrorInvalidUrlQuery', 'The sync token is malformed.');
}
