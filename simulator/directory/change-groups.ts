import type { Group, Tenant } from './tenant.ts';

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
    createdDateTime: now,
    changed: ++tenant.sequence,
  };
  tenant.groups.set(id, group);
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
  group.changed = ++tenant.sequence;
  return true;
}

/** Removes a member; false when it was none. */
export function removeMember(tenant: Tenant, group: Group, memberId: string): boolean {
  if (!group.memberIds.delete(memberId)) return false;
  group.changed = ++tenant.sequence;
  return true;
}

/** Deletes a security group; unlike users these cannot be restored. */
export function deleteGroup(tenant: Tenant, group: Group): void {
  tenant.groups.delete(group.id);
  for (const parent of tenant.groups.values()) removeMember(tenant, parent, group.id);
  for (const principal of tenant.servicePrincipals.values()) principal.assignments.delete(group.id);
  tenant.purged.push({ id: group.id, type: 'Group', changed: ++tenant.sequence });
}
