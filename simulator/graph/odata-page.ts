import { type Answer, type Exchange, json } from '../http/exchange.ts';
import { GraphError, requestIds } from './graph-error.ts';
import { parseFilter } from './odata-filter.ts';

type Resource = Readonly<Record<string, unknown>>;

/** How a collection answers when nothing is asked. */
export type PageRules = {
  /** Path of the metadata fragment in `@odata.context`. */
  readonly context: string;
  readonly defaultTop: number;
  readonly mostTop: number;
  /** Properties shown without `$select`; undefined shows all. */
  readonly shown?: readonly string[];
};

/** Reads a query option; names are accepted without case. */
export function queryOption(exchange: Exchange, name: string): string | undefined {
  for (const [key, value] of exchange.url.searchParams) if (key.toLowerCase() === name) return value;
  return undefined;
}

/**
 * Answers one page of a collection by `$filter`, `$top`, `$select`, `$count` and the opaque `$skiptoken` of `@odata.nextLink`.
 * `show` makes the resource of an item: without a filter only of those on the page.
 */
export function answerPage<T>(
  exchange: Exchange,
  items: Iterable<T>,
  show: (item: T) => Resource,
  rules: PageRules,
): Answer {
  const filter = queryOption(exchange, '$filter');
  const fits = filter === undefined ? undefined : parseFilter(filter);
  const top = readTop(exchange, rules);
  const start = readSkipToken(queryOption(exchange, '$skiptoken'));
  const counts = queryOption(exchange, '$count') === 'true';
  const page: Resource[] = [];
  let found = 0;
  for (const item of items) {
    if (fits !== undefined && !fits(show(item))) continue;
    found += 1;
    if (found > start && found <= start + top) page.push(select(exchange, show(item), rules.shown));
    // One further tells that there is a next page.
    if (!counts && found > start + top) break;
  }
  return json(
    200,
    {
      '@odata.context': `${exchange.origin}/v1.0/$metadata#${rules.context}`,
      ...(counts ? { '@odata.count': found } : {}),
      ...(start + top < found ? { '@odata.nextLink': nextLink(exchange, start + top) } : {}),
      value: page,
    },
    requestIds(exchange),
  );
}

/** Answers one resource. */
export function answerOne(
  exchange: Exchange,
  resource: Resource,
  context: string,
  shown?: readonly string[],
  status = 200,
): Answer {
  const body = {
    '@odata.context': `${exchange.origin}/v1.0/$metadata#${context}/$entity`,
    ...select(exchange, resource, shown),
  };
  return json(status, body, requestIds(exchange));
}

/** The selected properties of a resource; annotations always stay. Throws 400 for a property that does not exist. */
export function select(exchange: Exchange, resource: Resource, shown?: readonly string[]): Resource {
  const wanted =
    queryOption(exchange, '$select')
      ?.split(',')
      .map((name) => name.trim()) ?? shown;
  if (wanted === undefined) return resource;
  const entries = Object.entries(resource);
  const chosen = wanted.map((name) => {
    const entry = entries.find(([key]) => key.toLowerCase() === name.toLowerCase());
    if (entry === undefined) throw new GraphError(400, 'BadRequest', `Could not find a property named '${name}'.`);
    return entry;
  });
  return Object.fromEntries([...entries.filter(([key]) => key.startsWith('@') || key === 'id'), ...chosen]);
}

/** `$top` within the collection's limits. Throws 400. */
function readTop(exchange: Exchange, rules: Pick<PageRules, 'defaultTop' | 'mostTop'>): number {
  const text = queryOption(exchange, '$top');
  if (text === undefined) return rules.defaultTop;
  const top = Number(text);
  if (!Number.isInteger(top) || top < 1 || top > rules.mostTop) {
    throw new GraphError(
      400,
      'Request_BadRequest',
      `Invalid page size specified: '${text}'. Must be between 1 and ${rules.mostTop} inclusive.`,
    );
  }
  return top;
}

function nextLink(exchange: Exchange, start: number): string {
  const url = new URL(exchange.url);
  url.searchParams.delete('$skiptoken');
  url.searchParams.set('$skiptoken', Buffer.from(`skip:${start}`).toString('base64url'));
  return url.href.replaceAll('%24', '$');
}

function readSkipToken(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = Number(/^skip:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1]);
  if (Number.isNaN(start))
    throw new GraphError(
      400,
      'Directory_ExpiredPageToken',
      'The specified page token value has expired or is not valid.',
    );
  return start;
}
