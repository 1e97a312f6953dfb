import { listResponseText } from '#scim';
import type { World } from '#store';
import type { Answer, Exchange } from '../exchange.ts';
import { findPage, readQuery } from '../find-page.ts';
import type { ListedRow } from '../queries/list.ts';
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
  const { rows, totalResults } = await findPage(world, statements, directory, 'Group', query);
  const shown = showsMembers(projection) ? withinBounds(rows) : rows;
  const resources: string[] = [];
  for (const row of shown) resources.push(await groupText(world, directory, row, projection));
  const [first] = rows;
  return {
    status: 200,
    body: listResponseText({ totalResults, startIndex: query.startIndex, resources }),
    outcome: {
      kind: 'read',
      text: `Found ${totalResults} ${totalResults === 1 ? 'group' : 'groups'}.`,
      ...(rows.length === 1 && first !== undefined ? { resourceId: first.id } : {}),
    },
  };
}

function withinBounds(rows: readonly ListedRow[]): readonly ListedRow[] {
  let members = 0;
  const end = rows.findIndex((row, index) => {
    members += row.member_count ?? 0;
    return index > 0 && members > mostMembers;
  });
  return end < 0 ? rows : rows.slice(0, end);
}
