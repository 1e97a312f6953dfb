import type { Group, Member, Page } from '#contract';
import { notFound } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { findGroupShown, listGroupsByName } from '../queries/group.ts';
import { listMembers } from '../queries/membership.ts';
import { nameRange } from './name-range.ts';

interface Row {
  id: string;
  display_name: string;
  external_id: string | null;
  member_count: number;
  created_at: number;
  updated_at: number;
}

const toGroup = (row: Row): Group => ({
  id: row.id,
  displayName: row.display_name,
  externalId: row.external_id,
  members: row.member_count,
  createdAt: new Date(row.created_at).toISOString(),
  updatedAt: new Date(row.updated_at).toISOString(),
});

/** A page of provisioned groups in the order of their names. */
export async function pageOfGroups(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery & { displayName?: string | undefined },
): Promise<Page<Group>> {
  const rows = await world.store.read(listGroupsByName, {
    organizationId,
    directoryId,
    ...nameRange(query.displayName),
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toGroup, (row) => row.display_name_folded);
}

/** A provisioned group. Throws `not-found`. */
export async function getProvisionedGroup(
  world: World,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<Group> {
  const row = only(await world.store.read(findGroupShown, { organizationId, directoryId, id }));
  if (row === undefined) throw notFound('group', id);
  return toGroup(row);
}

/** A page of a group's members; those who are nobody in the directory dangle. Throws `not-found`. */
export async function pageOfMembers(
  world: World,
  organizationId: string,
  directoryId: string,
  groupId: string,
  query: PageQuery,
): Promise<Page<Member>> {
  await getProvisionedGroup(world, organizationId, directoryId, groupId);
  const rows = await world.store.read(listMembers, {
    organizationId,
    directoryId,
    groupId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(
    rows,
    query.limit,
    ({ value, userName, userDisplay, groupDisplay, active }) => ({
      id: value,
      userName,
      displayName: userDisplay ?? groupDisplay,
      active: active === null ? null : active === 1,
      dangling: userName === null && groupDisplay === null,
    }),
    (row) => row.value,
  );
}
