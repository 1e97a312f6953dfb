import { directGroups, type Group, type Tenant } from './tenant.ts';

/** Adds a group with its members. */
export function insertGroup(
  tenant: Tenant,
  id: string,
  properties: Pick<Group, 'displayName'> & Partial<Pick<Group, 'description' | 'mailNickname'>>,
  memberIds: Iterable<string>,
  now: number,
): Group {
  const group: Group = {
    id,
    description: null,
    mailNickname: properties.displayName.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    ...properties,
    memberIds: new Set(memberIds),
    ownerIds: new Set(),
    createdDateTime: now,
    made: ++tenant.sequence,
    changed: tenant.sequence,
  };
  tenant.groups.set(id, group);
  for (const memberId of group.memberIds) index(tenant, group, memberId);
  return group;
}

/** Changes properties of a group. */
export function updateGroup(
  tenant: Tenant,
  group: Group,
  change: Partial<Pick<Group, 'displayName' | 'description' | 'mailNickname'>>,
): void {
  Object.assign(group, change);
  group.changed = ++tenant.sequence;
}

/** Adds a member; false when it was one already. */
export function addMember(tenant: Tenant, group: Group, memberId: string): boolean {
  if (group.memberIds.has(memberId)) return false;
  group.memberIds.add(memberId);
  index(tenant, group, memberId);
  group.changed = ++tenant.sequence;
  note(tenant, group, memberId, true);
  return true;
}

/** Removes a member; false when it was none. */
export function removeMember(tenant: Tenant, group: Group, memberId: string): boolean {
  if (!group.memberIds.delete(memberId)) return false;
  unindex(tenant, group, memberId);
  group.changed = ++tenant.sequence;
  note(tenant, group, memberId, false);
  return true;
}

/** Removes a user or group from all groups it is a direct member of. */
export function removeFromGroups(tenant: Tenant, memberId: string): void {
  for (const group of directGroups(tenant, memberId)) removeMember(tenant, group, memberId);
}

/** Deletes a security group; unlike users these cannot be restored. */
export function deleteGroup(tenant: Tenant, group: Group): void {
  removeFromGroups(tenant, group.id);
  for (const memberId of group.memberIds) unindex(tenant, group, memberId);
  tenant.groups.delete(group.id);
  for (const principal of tenant.servicePrincipals.values()) principal.assignments.delete(group.id);
  tenant.purged.push({ id: group.id, type: 'Group', changed: ++tenant.sequence });
}

/** So many changes of members are kept, the newest ones. */
const keptChanges = 100_000;

function note(tenant: Tenant, { id, changed }: Group, memberId: string, isMember: boolean): void {
  const { membershipChanges: all } = tenant;
  all.push({ groupId: id, memberId, isMember, changed });
  if (all.length <= keptChanges * 2) return;
  tenant.membershipsKnownSince = all[all.length - keptChanges - 1]?.changed ?? 0;
  all.splice(0, all.length - keptChanges);
}

function index({ groupIdsByMember }: Tenant, { id }: Group, memberId: string): void {
  // Made anew, for an array that grows keeps room for sixteen more, and there is one for every person.
  groupIdsByMember.set(memberId, (groupIdsByMember.get(memberId) ?? []).concat(id));
}

function unindex({ groupIdsByMember }: Tenant, { id }: Group, memberId: string): void {
  const ids = groupIdsByMember.get(memberId)?.filter((other) => other !== id) ?? [];
  if (ids.length === 0) groupIdsByMember.delete(memberId);
  else groupIdsByMember.set(memberId, ids);
}
