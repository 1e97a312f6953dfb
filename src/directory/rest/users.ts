import type { Page, User, UserDetail } from '#contract';
import { notFound, Problem } from '#http';
import { type JsonObject, type JsonValue, parseDocument } from '#scim';
import { only, type PageQuery, toPage, type World } from '#store';
import { findDeletedUser } from '../queries/deleted-user.ts';
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

/** A page of provisioned users in the order of their names. */
export async function pageOfUsers(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery & { userName?: string | undefined; active?: boolean | undefined },
): Promise<Page<User>> {
  const values = {
    organizationId,
    directoryId,
    ...nameRange(query.userName),
    after: query.cursor ?? '',
    limit: query.limit + 1,
  };
  const rows =
    query.active === undefined
      ? await world.store.read(listUsersByName, values)
      : await world.store.read(listUsersByNameAndActive, { ...values, active: query.active ? 1 : 0 });
  return toPage(rows, query.limit, toUser, (row) => row.user_name_folded);
}

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
