import { listResponseText } from '#scim';
import type { World } from '#store';
import type { Answer, Exchange } from '../exchange.ts';
import { findPage, readQuery } from '../find-page.ts';
import type { FoundRow } from '../open-search.ts';
import { projectionOf } from '../resource-answer.ts';
import type { StatementCache } from '../statement-cache.ts';
import { groupText, showsMembers } from './group-answer.ts';

/** Members that one page of groups shows: a page ends before the group that would go beyond, but shows one at least. */
const mostMembers = 100_000;

/** GET /Groups and POST /Groups/.search (RFC 7644 §3.4.2, §3.4.3). */
export async function listGroups(world: World, statements: StatementCache, exchange: Exchange): Promise<Answer> {
  const { directory } = exchange;
  const query = readQuery(exchange);
  const projection = projectionOf(directory, 'Group', query);
  const cut = showsMembers(projection) ? withinBounds : undefined;
  const { rows, ...page } = await findPage(world, statements, directory, ['Group'], query, cut);
  const resources: string[] = [];
  for (const row of rows) resources.push(await groupText(world, directory, row, projection));
  const [first] = rows;
  return {
    status: 200,
    body: listResponseText({ ...page, resources }),
    outcome: {
      kind: 'read',
      text: `Found ${page.totalResults} ${page.totalResults === 1 ? 'group' : 'groups'}.`,
      ...(rows.length === 1 && first !== undefined ? { resourceId: first.id } : {}),
    },
  };
}

/** A page of groups as far as it goes without too many members. */
/** A page of groups as far as it goes without too many members; one at least. */
export function withinBounds(rows: readonly FoundRow[]): readonly FoundRow[] {
  let members = 0;
  const end = rows.findIndex((row, index) => {
    members += row.member_count ?? 0;
    return index > 0 && members > mostMembers;
  });
  return end < 0 ? rows : rows.slice(0, end);
}
