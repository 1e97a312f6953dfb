import { listResponseText } from '#scim';
import type { World } from '#store';
import type { Answer, Exchange } from '../exchange.ts';
import { findPage, readQuery } from '../find-page.ts';
import { projectionOf, resourceText } from '../resource-answer.ts';
import type { StatementCache } from '../statement-cache.ts';

/** GET /Users and POST /Users/.search (RFC 7644 §3.4.2, §3.4.3): always a list, empty where nothing matches. */
export async function listUsers(world: World, statements: StatementCache, exchange: Exchange): Promise<Answer> {
  const { directory } = exchange;
  const query = readQuery(exchange);
  const projection = projectionOf(directory, 'User', query);
  const { rows, ...page } = await findPage(world, statements, directory, ['User'], query);
  const withGroups = !projection.without.has('groups');
  const resources = rows.map((row) =>
    resourceText(directory, 'User', row, projection, {
      groups: withGroups ? (row.groups ?? undefined) : undefined,
    }),
  );
  const [first] = rows;
  return {
    status: 200,
    body: listResponseText({ ...page, resources }),
    outcome: {
      kind: 'read',
      text: `Found ${page.totalResults} ${page.totalResults === 1 ? 'user' : 'users'}.`,
      ...(rows.length === 1 && first !== undefined ? { resourceId: first.id } : {}),
    },
  };
}
