import { readProjectionNames, ScimError } from '#scim';
import { only, type World } from '#store';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { hasVersion } from '../preconditions.ts';
import { findUser } from '../queries/user.ts';
import { projectionOf, resourceHeaders, resourceText } from '../resource-answer.ts';

/** GET /Users/{id} (RFC 7644 §3.4.1); 304 for a version that the client has. */
export async function getUser(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { directory } = exchange;
  const projection = projectionOf(directory, 'User', readProjectionNames(exchange.query));
  const row = only(await world.store.read(findUser, { ...scopeOf(directory), id, baseUrl: directory.baseUrl }));
  if (row === undefined) throw noUser(id);
  const unchanged = hasVersion(exchange, row.version);
  const groups = projection.without.has('groups') ? undefined : (row.groups ?? undefined);
  return {
    status: unchanged ? 304 : 200,
    body: unchanged ? null : resourceText(directory, 'User', row, projection, { groups }),
    headers: resourceHeaders(directory, 'User', row),
    outcome: { kind: 'read', text: 'Read a user.', resourceId: id },
  };
}

/** 404 for a user that is not in the directory. */
export const noUser = (id: string): ScimError =>
  new ScimError(404, undefined, `there is no user ${JSON.stringify(id.slice(0, 80))} in this directory`);
