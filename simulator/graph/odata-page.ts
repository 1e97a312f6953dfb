import { type Answer, type Exchange, header, json } from '../http/exchange.ts';
import { GraphError, requestIds } from './graph-error.ts';
import { type Filter, parseFilter } from './odata-filter.ts';
import { type Order, readOrder, readSearch } from './odata-order.ts';

type Resource = Readonly<Record<string, unknown>>;

/** How a collection answers when nothing is asked. */
export type PageRules<T = unknown> = {
  /** Path of the metadata fragment in `@odata.context`. */
  readonly context: string;
  readonly defaultTop: number;
  readonly mostTop: number;
  /** Properties shown without `$select`; undefined shows all. */
  readonly shown?: readonly string[];
  /**
   * Set for directory objects: what is only to be had in advanced queries (`ConsistencyLevel: eventual`) is refused or passed
   * over without; by these properties it can be ordered in any query, by `displayName` and `createdDateTime` in advanced ones.
   */
  readonly directory?: { readonly orderedBy: readonly string[] };
  /** The few items that can have a value, by an index; undefined where there is none for that property (in lower case). */
  readonly lookup?: (property: string, value: string) => readonly T[] | undefined;
  /** What `$expand` adds, by property. */
  readonly expand?: Readonly<Record<string, (item: T) => unknown>>;
};

/** Reads a query option; names are accepted without case, and without the `$`. */
export function queryOption(exchange: Exchange, name: string): string | undefined {
  for (const [key, value] of exchange.url.searchParams) if (key.toLowerCase() === name) return value;
  return undefined;
}

/** Whether the client takes what an index of the directory knows, which may lag behind. */
const isEventual = (exchange: Exchange): boolean => header(exchange, 'consistencylevel')?.toLowerCase() === 'eventual';

/**
 * Answers one page of a collection by `$filter`, `$search`, `$orderby`, `$top`, `$select`, `$expand`, `$count` and the opaque
 * `$skiptoken` of `@odata.nextLink`. `show` makes the resource of an item: without a filter only of those on the page.
 */
export function answerPage<T>(
  exchange: Exchange,
  items: Iterable<T>,
  show: (item: T) => Resource,
  rules: PageRules<T>,
): Answer {
  const query = readQuery(exchange, rules);
  const top = readTop(exchange, rules);
  const start = readSkipToken(queryOption(exchange, '$skiptoken'));
  const expand = readExpand(exchange, rules.expand);
  const source = ordered(narrowed(items, query.filter, rules), show, query.order);
  const page: Resource[] = [];
  let found = 0;
  for (const item of source) {
    if (query.fits !== undefined && !query.fits(show(item))) continue;
    found += 1;
    if (found > start && found <= start + top) page.push(expand(item, select(exchange, show(item), rules.shown)));
    // One further tells that there is a next page.
    if (!query.counts && found > start + top) break;
  }
  return json(
    200,
    {
      '@odata.context': `${exchange.origin}/v1.0/$metadata#${rules.context}`,
      ...(query.counts ? { '@odata.count': found } : {}),
      ...(start + top < found ? { '@odata.nextLink': nextLink(exchange, start + top) } : {}),
      value: page,
    },
    requestIds(exchange),
  );
}

/** Answers how many there are (`/$count`). Throws 400 for directory objects without `ConsistencyLevel: eventual`. */
export function answerCount<T>(
  exchange: Exchange,
  items: Iterable<T>,
  show: (item: T) => Resource,
  rules: PageRules<T>,
): Answer {
  if (rules.directory !== undefined && !isEventual(exchange))
    throw new GraphError(400, 'Request_BadRequest', '$count is not currently supported.');
  const { fits, filter } = readQuery(exchange, rules, true);
  let found = 0;
  for (const item of narrowed(items, filter, rules)) if (fits === undefined || fits(show(item))) found += 1;
  return { status: 200, headers: { 'content-type': 'text/plain', ...requestIds(exchange) }, body: String(found) };
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

/** Answers one item of a collection, with what `$select` and `$expand` ask of it. */
export function answerItem<T>(
  exchange: Exchange,
  item: T,
  show: (item: T) => Resource,
  { context, shown, expand }: PageRules<T>,
  status = 200,
): Answer {
  const resource = readExpand(exchange, expand)(item, select(exchange, show(item), shown));
  const body = { '@odata.context': `${exchange.origin}/v1.0/$metadata#${context}/$entity`, ...resource };
  return json(status, body, requestIds(exchange));
}

/** The selected properties of a resource; annotations always stay. Throws 400 for a property that does not exist. */
export function select(exchange: Exchange, resource: Resource, shown?: readonly string[]): Resource {
  const wanted =
    queryOption(exchange, '$select')
      ?.split(',')
      .map((name) => name.trim()) ?? shown;
  if (wanted === undefined || wanted.includes('*')) return resource;
  const entries = Object.entries(resource);
  const chosen = wanted.map((name) => {
    const entry = entries.find(([key]) => key.toLowerCase() === name.toLowerCase());
    if (entry === undefined) throw new GraphError(400, 'BadRequest', `Could not find a property named '${name}'.`);
    return entry;
  });
  return Object.fromEntries([...entries.filter(([key]) => key.startsWith('@') || key === 'id'), ...chosen]);
}

/** What `$expand` adds to an item's resource. Throws 400 for a navigation property that does not exist. */
function readExpand<T>(
  exchange: Exchange,
  known: PageRules<T>['expand'] = {},
): (item: T, resource: Resource) => Resource {
  const text = queryOption(exchange, '$expand');
  if (text === undefined) return (_item, resource) => resource;
  const added = text.split(/,(?![^(]*\))/).map((piece) => {
    const name = piece.trim().replace(/\(.*\)$/s, '');
    const entry = Object.entries(known).find(([key]) => key.toLowerCase() === name.toLowerCase());
    if (entry === undefined)
      throw new GraphError(
        400,
        'BadRequest',
        `Parsing OData Select and Expand failed: Could not find a property named '${name}'.`,
      );
    return entry;
  });
  return (item, resource) => ({ ...resource, ...Object.fromEntries(added.map(([key, read]) => [key, read(item)])) });
}

type Query = {
  readonly filter: Filter | undefined;
  readonly fits: ((resource: Resource) => boolean) | undefined;
  readonly order: Order | undefined;
  readonly counts: boolean;
};

/** Reads what is asked of a collection, and refuses what only an advanced query may ask (aad-advanced-queries). */
function readQuery<T>(exchange: Exchange, { directory }: PageRules<T>, counting = false): Query {
  const text = queryOption(exchange, '$filter');
  const filter = text === undefined ? undefined : parseFilter(text);
  const search = readSearch(queryOption(exchange, '$search'));
  const order = readOrder(queryOption(exchange, '$orderby'));
  const eventual = isEventual(exchange);
  const asksCount = counting || queryOption(exchange, '$count')?.toLowerCase() === 'true';
  if (directory !== undefined) {
    if (search !== undefined && !eventual)
      throw unsupported(
        "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
      );
    const isPlainOrder = order === undefined || directory.orderedBy.includes(order.property.toLowerCase());
    const isAdvanced = filter?.isAdvanced === true || !isPlainOrder || (filter !== undefined && order !== undefined);
    if (isAdvanced && !(eventual && asksCount)) throw unsupported('Unsupported Query.');
    if (eventual && asksCount && queryOption(exchange, '$expand') !== undefined)
      throw unsupported('$expand is not supported in advanced queries.');
  }
  const tests = [filter?.matches, search].filter((test) => test !== undefined);
  return {
    filter,
    fits: tests.length === 0 ? undefined : (resource) => tests.every((test) => test(resource)),
    order,
    counts: asksCount && (directory === undefined || eventual),
  };
}

const unsupported = (message: string) => new GraphError(400, 'Request_UnsupportedQuery', message);

/** The items an index leaves to look at; a property that does not exist is refused even if there is nobody to ask. */
function narrowed<T>(items: Iterable<T>, filter: Filter | undefined, { lookup }: PageRules<T>): Iterable<T> {
  for (const [property, value] of filter?.equalities ?? []) {
    const found = lookup?.(property, value);
    if (found !== undefined) return found;
  }
  return items;
}

function ordered<T>(items: Iterable<T>, show: (item: T) => Resource, order: Order | undefined): Iterable<T> {
  if (order === undefined) return items;
  const keyed = [...items].map((item) => ({ item, key: order.keyOf(show(item)) }));
  return keyed.sort((one, two) => order.compare(one.key, two.key)).map(({ item }) => item);
}

/** `$top` within the collection's limits. Throws 400. */
function readTop<T>(exchange: Exchange, rules: PageRules<T>): number {
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

/** The address of what comes after `start` items; everything else that was asked stays. */
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
