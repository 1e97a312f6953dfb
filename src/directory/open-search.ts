import { type ListQuery, type ResolvedFilter, type ResourceType, resolveFilter, resolveSort, ScimError } from '#scim';
import { filterShape, filterValues, isServedByIndex, only, type World } from '#store';
import { startOfPage } from './anchors.ts';
import type { Position } from './cursor.ts';
import { type Directory, scopeOf } from './exchange.ts';
import { findCounts } from './queries/count.ts';
import {
  countGroupsStatement,
  countUsersStatement,
  type ListedRow,
  listGroupsStatement,
  listUsersStatement,
} from './queries/list.ts';
import type { Sort, Start } from './queries/sort-sql.ts';
import type { TypeName } from './resource-answer.ts';
import type { StatementCache } from './statement-cache.ts';

/** A row of a list, and what it is. */
export interface FoundRow extends ListedRow {
  type: TypeName;
}

/** Which rows of a search are read: behind a position (before it, read backwards), or from an offset on. */
export interface Extent {
  limit: number;
  offset?: number;
  position?: Position | undefined;
  backwards?: boolean;
}

/** A query bound to one type of resource: how many there are, and their rows in its order. */
export interface Search {
  sort: Sort | undefined;
  count(): Promise<number>;
  read(extent: Extent): Promise<FoundRow[]>;
}

/** The order of resources of several types that are equal otherwise. */
export const ranks: Readonly<Record<TypeName, number>> = { User: 0, Group: 1 };

/**
 * Binds a query to a type. Without a filter the number of resources is kept, not counted. What no index serves is a walk
 * through the directory: 400 `tooMany` where that is larger than the setting allows (RFC 7644 §3.12). With `everywhere` it is
 * one of several types, and what the type does not know has no value (RFC 7644 §3.4.2.1).
 */
export async function openSearch(
  world: World,
  statements: StatementCache,
  directory: Directory,
  type: TypeName,
  query: ListQuery,
  everywhere: boolean,
): Promise<Search> {
  const resourceType = directory.types[type];
  const { strict } = directory.settings;
  const options = { strict, unknown: everywhere ? ('absent' as const) : ('refuse' as const) };
  const filter = query.filter === undefined ? undefined : resolveFilter(query.filter, resourceType, options);
  const sort = readSort(query, resourceType, strict, everywhere);
  const scope = scopeOf(directory);
  const all = filter === undefined || (filter.kind === 'constant' && filter.value);
  const none = filter?.kind === 'constant' && !filter.value;
  const isUser = type === 'User';
  const shape = `${type} ${filter === undefined ? '' : filterShape(filter)}`;
  const values = {
    ...(filter === undefined ? {} : filterValues(filter)),
    ...scope,
    baseUrl: directory.baseUrl,
  };
  const size = async (): Promise<number> => {
    const counts = only(await world.store.read(findCounts, scope));
    return (isUser ? counts?.users : counts?.groups) ?? 0;
  };
  const walks =
    filter !== undefined && !all ? !isServedByIndex(filter) : sort !== undefined && !isServed(sort, query, world);
  if (walks && !none) requireSmall(world, await size(), filter);

  async function count(): Promise<number> {
    if (none) return 0;
    if (all || filter === undefined) return size();
    const counting = statements.get(`count ${shape}`, (name) =>
      (isUser ? countUsersStatement : countGroupsStatement)(name, filter),
    );
    const page = { limit: 0, offset: 0, positionId: '', positionKey: null };
    return only(await world.store.read(counting, { ...values, ...page }))?.count ?? 0;
  }

  async function read({ limit, offset = 0, position, backwards = false }: Extent): Promise<FoundRow[]> {
    const place = position === undefined ? undefined : placeBehind(position, type, sort, backwards, query);
    if (none || limit === 0 || place === 'none') return [];
    let [start, positionId, skip] = [place?.start, place?.id ?? '', offset];
    if (all && sort === undefined && start === undefined && !backwards) {
      positionId = await startOfPage(world, directory, type, offset);
      [start, skip] = [positionId === '' ? undefined : 'id', 0];
    }
    const skips = skip > 0;
    const order = `${sort === undefined ? '' : `${sort.attribute.path} ${sort.order}`} ${start ?? ''} ${backwards} ${skips}`;
    const listing = statements.get(`list ${shape} ${order}`, (name) =>
      (isUser ? listUsersStatement : listGroupsStatement)({ name, filter, sort, start, backwards, skips }),
    );
    const page = { limit, offset: skip, positionId, positionKey: position?.key ?? null };
    const rows = await world.store.read(listing, { ...values, ...page });
    return rows.map((row) => ({ ...row, type }));
  }
  return { sort, count, read };
}

/** More than any id: behind it lies nothing of the same key. */
const lastId = '\u{10ffff}';

/**
 * Where a position lies among the resources of a type: at a start, behind them all (`none`), or before them all
 * (undefined). Without a sort, or one that the type does not know, all have the same key, which is null.
 */
function placeBehind(
  position: Position,
  type: TypeName,
  sort: Sort | undefined,
  backwards: boolean,
  { sortOrder }: ListQuery,
): { start: Start; id: string } | 'none' | undefined {
  const rank = ranks[type] - ranks[position.type];
  const id = rank === 0 ? position.id : rank > 0 ? '' : lastId;
  if (sort !== undefined) return { start: position.key === null ? 'null' : 'key', id };
  if (position.key !== null) return (sortOrder === 'ascending') !== backwards ? undefined : 'none';
  if (rank === 0) return { start: 'id', id };
  return rank > 0 !== backwards ? undefined : 'none';
}

function readSort(
  { sortBy, sortOrder }: ListQuery,
  resourceType: ResourceType,
  strict: boolean,
  everywhere: boolean,
): Sort | undefined {
  if (sortBy === undefined) return undefined;
  if (everywhere && !isKnown(sortBy, resourceType, strict)) return undefined;
  const attribute = resolveSort(sortBy, resourceType, strict);
  if (attribute.storage === 'scan') {
    throw new ScimError(400, 'invalidPath', `sortBy: ${attribute.path} is too long to be sorted by`);
  }
  return { attribute, order: sortOrder };
}

function isKnown(sortBy: string, resourceType: ResourceType, strict: boolean): boolean {
  try {
    return resolveSort(sortBy, resourceType, strict) !== undefined;
  } catch {
    return false;
  }
}

/** Whether an index has the resources in this order, each once, so that a page need not look at more than those before it. */
function isServed({ attribute }: Sort, { cursor, startIndex }: ListQuery, { config }: World): boolean {
  const { path, required } = attribute;
  const isOrdered = path === 'id' || path === 'userName' || (path === 'displayName' && required);
  return isOrdered && (cursor !== undefined || startIndex <= config.scanLimit);
}

function requireSmall({ config }: World, size: number, filter: ResolvedFilter | undefined): void {
  if (size <= config.scanLimit) return;
  const why =
    filter === undefined
      ? 'sorting them would look at each'
      : 'no index serves this filter; compare with eq, sw or a range of userName, externalId, displayName or e-mail';
  throw new ScimError(
    400,
    'tooMany',
    `the directory has ${size} resources, more than the ${config.scanLimit} that may be looked at one by one: ${why}`,
  );
}
