import { listResponseText, readProjection } from '#scim';
import type { World } from '#store';
import type { Answer, Exchange } from './exchange.ts';
import { findPage, readQuery } from './find-page.ts';
import { groupText, showsMembers } from './groups/group-answer.ts';
import { withinBounds } from './groups/list-groups.ts';
import { resourceText, type TypeName } from './resource-answer.ts';
import type { StatementCache } from './statement-cache.ts';

const types: readonly TypeName[] = ['User', 'Group'];

/**
 * GET on the Tenant URL itself, and POST /.search: all types at once (RFC 7644 §3.4.2.1, §3.4.3). What a type does not
 * know has no value there, in filters, orders and projections, also where the directory is strict otherwise.
 */
export async function searchEverywhere(world: World, statements: StatementCache, exchange: Exchange): Promise<Answer> {
  const { directory } = exchange;
  const query = readQuery(exchange);
  const projections = {
    User: readProjection(query, directory.types.User),
    Group: readProjection(query, directory.types.Group),
  };
  const cut = showsMembers(projections.Group) ? withinBounds : undefined;
  const { rows, ...page } = await findPage(world, statements, directory, types, query, cut);
  const withGroups = !projections.User.without.has('groups');
  const resources: string[] = [];
  for (const row of rows) {
    resources.push(
      row.type === 'Group'
        ? await groupText(world, directory, row, projections.Group)
        : resourceText(directory, 'User', row, projections.User, {
            groups: withGroups ? (row.groups ?? undefined) : undefined,
          }),
    );
  }
  const { totalResults } = page;
  return {
    status: 200,
    body: listResponseText({ ...page, resources }),
    outcome: { kind: 'read', text: `Found ${totalResults} ${totalResults === 1 ? 'resource' : 'resources'}.` },
  };
}
