import { readProjectionNames } from '#scim';
import { only, type World } from '#store';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { hasVersion } from '../preconditions.ts';
import { findGroup } from '../queries/group.ts';
import { projectionOf, resourceHeaders } from '../resource-answer.ts';
import { groupText, noGroup } from './group-answer.ts';

/** GET /Groups/{id} (RFC 7644 §3.4.1). Entra leaves the members out, which then are not read. */
export async function getGroup(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { directory } = exchange;
  const projection = projectionOf(directory, 'Group', readProjectionNames(exchange.query));
  const row = only(await world.store.read(findGroup, { ...scopeOf(directory), id }));
  if (row === undefined) throw noGroup(id);
  const unchanged = hasVersion(exchange, row.version);
  return {
    status: unchanged ? 304 : 200,
    body: unchanged ? null : await groupText(world, directory, row, projection),
    headers: resourceHeaders(directory, 'Group', row),
    outcome: { kind: 'read', text: 'Read a group.', resourceId: id },
  };
}
