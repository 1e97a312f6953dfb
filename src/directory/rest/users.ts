import type { Page, User, UserDetail } from '#contract';
import { notFound } from '#http';
import { parseDocument } from '#scim';
import { only, type PageQuery, toPage, type World } from '#store';
import { listGroupsOf } from '../queries/membership.ts';
import { findUserShown, listUsersByName, listUsersByNameAndActive } from '../queries/user.ts';
import { projectionOf, resourceText } from '../resource-answer.ts';
import { openDirectory } from '../settings.ts';
import { nameRange } from './name-range.ts';

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
  userName: row.user_name,
  externalId: row.external_id,
  displayName: row.display_name,
  email: row.email,
  active: row.active === 1,
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
  if (row === undefined) throw notFound('user', id);
  const groups = await world.store.read(listGroupsOf, { ...scope, memberValue: id });
  const directory = await openDirectory(world, organizationId, directoryId);
  const text = resourceText(directory, 'User', row, projectionOf(directory, 'User', {}), {});
  return { ...toUser(row), resource: parseDocument(text), groups };
}
