import {
  type ListQuery,
  type ResolvedFilter,
  type ResourceType,
  readListQuery,
  readSearchRequest,
  resolveFilter,
  resolveSort,
  ScimError,
} from '#scim';
import { filterShape, filterValues, isServedByIndex, only, type World } from '#store';
import { type Directory, type Exchange, scopeOf } from './exchange.ts';
import { findCounts } from './queries/count.ts';
import {
  countGroupsStatement,
  countUsersStatement,
  type ListedRow,
  listGroupsStatement,
  listUsersStatement,
} from './queries/list.ts';
import type { Sort } from './queries/sort-sql.ts';
import type { TypeName } from './resource-answer.ts';
import type { StatementCache } from './statement-cache.ts';

/** How many resources a page has without `count`, and at most. */
export const pageLimits = { defaultCount: 100, maxCount: 1000 };

/** What a list is asked for: by the query of a GET, or by the body of `.search`. */
export function readQuery({ directory, method, query, body }: Exchange): ListQuery {
  const limits = { ...pageLimits, strict: directory.settings.strict };
  return method === 'GET' ? readListQuery(query, limits) : readSearchRequest(body?.json, limits);
}

/**
 * The rows of a page and how many match in all. Without a filter that number is kept, not counted. What no index serves is
 * a walk through the directory: 400 `tooMany` where that is larger than the setting allows (RFC 7644 §3.12).
 */
export async function findPage(
  world: World,
  statements: StatementCache,
  directory: Directory,
  type: TypeName,
  query: ListQuery,
): Promise<{ rows: ListedRow[]; totalResults: number }> {
  const resourceType = directory.types[type];
  const filter = query.filter === undefined ? undefined : resolveFilter(query.filter, resourceType, directory.settings);
  const sort = readSort(query, resourceType, directory.settings.strict);
  const isUser = type === 'User';
  const total = async (): Promise<number> => {
    const counts = only(await world.store.read(findCounts, scopeOf(directory)));
    return (isUser ? counts?.users : counts?.groups) ?? 0;
  };
  const all = filter === undefined || (filter.kind === 'constant' && filter.value);
  const walks =
    (filter !== undefined && !all && !isServedByIndex(filter)) || (sort !== undefined && filter === undefined);
  const size = all || walks ? await total() : 0;
  if (walks) requireSmall(world, size, filter);
  const values = {
    ...(filter === undefined ? {} : filterValues(filter)),
    ...scopeOf(directory),
    baseUrl: directory.baseUrl,
    limit: query.count,
    offset: query.startIndex - 1,
  };
  const shape = `${type} ${filter === undefined ? '' : filterShape(filter)}`;
  const rows =
    query.count === 0
      ? []
      : await world.store.read(
          statements.get(`list ${shape} ${sort === undefined ? '' : `${sort.attribute.path} ${sort.order}`}`, (name) =>
            (isUser ? listUsersStatement : listGroupsStatement)({ name, filter, sort }),
          ),
          values,
        );
  if (all || filter === undefined) return { rows, totalResults: size };
  if (query.startIndex === 1 && rows.length < query.count) return { rows, totalResults: rows.length };
  const counting = statements.get(`count ${shape}`, (name) =>
    (isUser ? countUsersStatement : countGroupsStatement)(name, filter),
  );
  return { rows, totalResults: only(await world.store.read(counting, values))?.count ?? 0 };
}

function readSort({ sortBy, sortOrder }: ListQuery, resourceType: ResourceType, strict: boolean): Sort | undefined {
  if (sortBy === undefined) return undefined;
  const attribute = resolveSort(sortBy, resourceType, strict);
  if (attribute.storage === 'scan') {
    throw new ScimError(400, 'invalidPath', `sortBy: ${attribute.path} is too long to be sorted by`);
  }
  return { attribute, order: sortOrder };
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
