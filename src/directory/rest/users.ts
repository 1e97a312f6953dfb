import type { Page, User, UserDetail } from '#contract';
import { notFound, Problem } from '#http';
import { compareText, type JsonObject, type JsonValue, parseDocument } from '#scim';
import { only, type PageQuery, toPage, type World } from '#store';
import { findDeletedUser } from '../queries/deleted-user.ts';
import { listUsersByFormerName } from '../queries/former-name.ts';
import { listGroupsOf } from '../queries/membership.ts';
import { findUserShown, listUsersByName, listUsersByNameAndActive } from '../queries/user.ts';
import { projectionOf, resourceText } from '../resource-answer.ts';
import { openDirectory } from '../settings.ts';
import { nameBeforeDeletion, shownUserName } from '../users/soft-deleted-name.ts';
import { nameRange } from './name-range.ts';

const enterpriseUser = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface Row {
  id: string;
  user_name: string;
  external_id: string | null;
  display_name: string | null;
  email: string | null;
  active: number;
  created_at: number;
  updated_at: number;
}

const toUser = (row: Row): User => ({
  id: row.id,
  userName: shownUserName(row.user_name, row.external_id),
  externalId: row.external_id,
  displayName: row.display_name,
  email: row.email,
  active: row.active === 1,
  softDeleted: nameBeforeDeletion(row.user_name, row.external_id) !== undefined,
  createdAt: new Date(row.created_at).toISOString(),
  updatedAt: new Date(row.updated_at).toISOString(),
});

/** A row and the name by which it was found, and stands in the list. */
type Named = Row & { by: string; former: boolean };

/**
 * A page of provisioned users in the order of their names. Somebody who was deleted in Entra is found by the present name and,
 * where a name is asked for, by the one of before. At one name, the user who has it now comes first.
 */
export async function pageOfUsers(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery & { userName?: string | undefined; active?: boolean | undefined },
): Promise<Page<User>> {
  const [after, afterId = ''] = (query.cursor ?? '').split('\n');
  const values = {
    organizationId,
    directoryId,
    ...nameRange(query.userName),
    after: after ?? '',
    limit: query.limit + 1,
  };
  const active = query.active === undefined ? undefined : Number(query.active);
  const present =
    active === undefined
      ? await world.store.read(listUsersByName, values)
      : await world.store.read(listUsersByNameAndActive, { ...values, active });
  const former =
    query.userName === undefined
      ? []
      : await world.store.read(listUsersByFormerName, { ...values, afterId, least: active ?? 0, most: active ?? 1 });
  const rows: Named[] = [
    ...present.map((row) => ({ ...row, by: row.user_name_folded, former: false })),
    ...former.map((row) => ({ ...row, by: row.former_name_folded, former: true })),
  ];
  if (former.length > 0) rows.sort(inOrder);
  return toPage(rows, query.limit, toUser, (row) => (row.former ? `${row.by}\n${row.id}` : row.by));
}

const inOrder = (one: Named, two: Named): number =>
  compareText(one.by, two.by) || Number(one.former) - Number(two.former) || compareText(one.id, two.id);

/** A provisioned user with the SCIM resource and its groups, 1,000 at most. Throws `not-found`. */
export async function getProvisionedUser(
  world: World,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<UserDetail> {
  const scope = { organizationId, directoryId };
  const row = only(await world.store.read(findUserShown, { ...scope, id }));
  if (row === undefined) throw await gone(world, scope, id);
  const groups = await world.store.read(listGroupsOf, { ...scope, memberValue: id });
  const directory = await openDirectory(world, organizationId, directoryId);
  const text = resourceText(directory, 'User', row, projectionOf(directory, 'User', {}), {});
  const resource = parseDocument(text);
  return { ...toUser(row), resource, groups, manager: await managerOf(world, scope, resource) };
}

type Scope = { organizationId: string; directoryId: string };

/** Whom a user names as manager; dangling where nobody of that id is there, or not any more. */
async function managerOf(world: World, scope: Scope, resource: JsonObject): Promise<UserDetail['manager']> {
  const extension = resource[enterpriseUser];
  const manager = isObject(extension) ? extension['manager'] : undefined;
  const id = isObject(manager) ? manager['value'] : undefined;
  if (typeof id !== 'string' || id === '') return null;
  const row = only(await world.store.read(findUserShown, { ...scope, id }));
  if (row === undefined) return { id, userName: null, displayName: null, dangling: true };
  const { userName, displayName } = toUser(row);
  return { id, userName, displayName, dangling: false };
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Not found; of somebody who was deleted it says when. */
async function gone(world: World, scope: Scope, id: string): Promise<Problem> {
  const row = only(await world.store.read(findDeletedUser, { ...scope, id }));
  if (row === undefined) return notFound('user', id);
  return new Problem('not-found', {
    detail: `the user ${row.userName} was deleted by provisioning on ${new Date(row.deletedAt).toISOString()}`,
    remedy: 'assign the person again in Entra; then it arrives as a new user',
  });
}
