import { compareText, type ListQuery, readListQuery, readSearchRequest, ScimError } from '#scim';
import type { World } from '#store';
import { type Cursor, cursorText, readCursor } from './cursor.ts';
import type { Directory, Exchange } from './exchange.ts';
import { type Extent, type FoundRow, openSearch, ranks, type Search } from './open-search.ts';
import type { TypeName } from './resource-answer.ts';
import type { StatementCache } from './statement-cache.ts';

/** How many resources a page has without `count`, and at most. */
export const pageLimits = { defaultCount: 100, maxCount: 1000 };

/** What a list is asked for: by the query of a GET, or by the body of `.search`. */
export function readQuery({ directory, method, query, body }: Exchange): ListQuery {
  const limits = { ...pageLimits, strict: directory.settings.strict };
  return method === 'POST' ? readSearchRequest(body?.json, limits) : readListQuery(query, limits);
}

/** A page of a list: what is on it, and how it says where it is. */
export interface FoundPage {
  rows: readonly FoundRow[];
  totalResults: number;
  /** Of pages by index. */
  startIndex?: number;
  /** Of pages by cursor (RFC 9865 §2): none after the last page and before the first. */
  nextCursor?: string;
  previousCursor?: string;
}

/** What of the rows is shown: a page may end earlier. */
type Cut = (rows: readonly FoundRow[]) => readonly FoundRow[];

/** The page that a query asks for, of resources of one type or of several, in one order. */
export async function findPage(
  world: World,
  statements: StatementCache,
  directory: Directory,
  types: readonly TypeName[],
  query: ListQuery,
  cut: Cut = (rows) => rows,
): Promise<FoundPage> {
  const searches: Search[] = [];
  for (const type of types) {
    searches.push(await openSearch(world, statements, directory, type, query, types.length > 1));
  }
  if (query.sortBy !== undefined && searches.every(({ sort }) => sort === undefined)) {
    throw new ScimError(400, 'invalidPath', `sortBy: nothing can be sorted by ${JSON.stringify(query.sortBy)}`);
  }
  return query.cursor === undefined
    ? findByIndex(world, searches, query, cut)
    : findByCursor(searches, directory, types, query, query.cursor, cut);
}

async function findByIndex(world: World, searches: readonly Search[], query: ListQuery, cut: Cut): Promise<FoundPage> {
  const { startIndex, count } = query;
  const offset = startIndex - 1;
  const [search] = searches;
  if (search !== undefined && searches.length === 1) {
    const rows = await search.read({ limit: count, offset });
    const isWhole = offset === 0 && rows.length < count;
    return { rows: cut(rows), totalResults: isWhole ? rows.length : await search.count(), startIndex };
  }
  const totalResults = await countAll(searches);
  if (offset >= totalResults || count === 0) return { rows: [], totalResults, startIndex };
  if (offset + count > world.config.scanLimit + pageLimits.maxCount) {
    const why = 'resources of several types are not paged through as far as that; use a cursor, or one type';
    throw new ScimError(400, 'tooMany', `startIndex is ${startIndex}: ${why}`);
  }
  const rows = await readMerged(searches, query, { limit: offset + count });
  return { rows: cut(rows.slice(offset)), totalResults, startIndex };
}

async function findByCursor(
  searches: readonly Search[],
  directory: Directory,
  types: readonly TypeName[],
  query: ListQuery,
  text: string,
  cut: Cut,
): Promise<FoundPage> {
  const given = text === '' ? undefined : readCursor(text, directory, types, query);
  const totalResults = await countAll(searches);
  if (query.count === 0) return { rows: [], totalResults };
  const limit = query.count + 1;
  const backwards = given?.backwards === true;
  const read = await readMerged(searches, query, { limit, backwards, position: given?.position });
  // Whatever was before has gone meanwhile, so that the page before is the first.
  if (backwards && read.length === 0) return findByCursor(searches, directory, types, query, '', cut);
  const page = read.slice(0, query.count);
  const rows = cut(backwards ? page.toReversed() : page);
  const [first, last] = [rows[0], rows.at(-1)];
  const more = read.length > query.count;
  const at = ({ type, id, sort_key: key }: FoundRow, back: boolean): string => {
    const cursor: Cursor = { position: { type, id, key }, backwards: back };
    return cursorText(cursor, directory, types, query);
  };
  const goesOn = backwards || more || rows.length < page.length;
  const cameFrom = backwards ? more : given !== undefined;
  return {
    rows,
    totalResults,
    ...(goesOn && last !== undefined ? { nextCursor: at(last, false) } : {}),
    ...(cameFrom && first !== undefined ? { previousCursor: at(first, true) } : {}),
  };
}

async function countAll(searches: readonly Search[]): Promise<number> {
  let sum = 0;
  for (const search of searches) sum += await search.count();
  return sum;
}

/** The rows of several searches in the order of the query; unsorted, one type comes after the other. */
async function readMerged(searches: readonly Search[], query: ListQuery, extent: Extent): Promise<FoundRow[]> {
  const { limit, backwards = false } = extent;
  const rows: FoundRow[] = [];
  for (const search of backwards ? searches.toReversed() : searches) {
    if (query.sortBy === undefined && rows.length >= limit) break;
    rows.push(...(await search.read(extent)));
  }
  if (query.sortBy === undefined || searches.length === 1) return rows.slice(0, limit);
  const way = backwards ? -1 : 1;
  return rows.sort((left, right) => way * compare(left, right, query)).slice(0, limit);
}

function compare(left: FoundRow, right: FoundRow, { sortOrder }: ListQuery): number {
  const way = sortOrder === 'ascending' ? 1 : -1;
  const byKey = way * compareKeys(left.sort_key, right.sort_key);
  return byKey || ranks[left.type] - ranks[right.type] || compareText(left.id, right.id);
}

/** Without a value comes last, ascending. */
function compareKeys(left: FoundRow['sort_key'], right: FoundRow['sort_key']): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : compareText(String(left), String(right));
}
