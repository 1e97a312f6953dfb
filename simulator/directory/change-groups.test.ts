import assert from 'node:assert/strict';
import test from 'node:test';
import { createRandom } from '../random.ts';
import { addMember, deleteGroup, insertGroup, removeMember } from './change-groups.ts';
import { purgeUser } from './change-users.ts';
import { makeTenant } from './make-tenant.ts';
import { directGroups, type Tenant, transitiveGroups } from './tenant.ts';

/** The index says what the groups say. */
function checkIndex(tenant: Tenant): void {
  const walked = new Map<string, string[]>();
  for (const group of tenant.groups.values())
    for (const id of group.memberIds) walked.set(id, [...(walked.get(id) ?? []), group.id]);
  const sorted = (map: ReadonlyMap<string, readonly string[]>) =>
    [...map].map(([id, groups]) => [id, [...groups].sort()]).sort();
  assert.deepEqual(sorted(tenant.groupIdsByMember), sorted(walked));
}

test('the groups of a member are known without a walk, whatever changed them', () => {
  const random = createRandom(1);
  const tenant = makeTenant(random, { name: 'Contoso', users: 40, groups: 12, disabled: 1 }, 0);
  checkIndex(tenant);
  const [user, other] = [...tenant.users.values()];
  const [all, engineering] = [...tenant.groups.values()];
  assert.ok(user && other && all && engineering);
  const outer = insertGroup(tenant, random.uuid(), { displayName: 'Outer' }, [engineering.id, user.id], 0);
  const outermost = insertGroup(tenant, random.uuid(), { displayName: 'Outermost' }, [outer.id], 0);
  checkIndex(tenant);
  assert.ok(directGroups(tenant, user.id).includes(outer));
  assert.deepEqual(transitiveGroups(tenant, outer.id), [outermost]);
  assert.equal(addMember(tenant, outer, other.id), true);
  assert.equal(addMember(tenant, outer, other.id), false);
  assert.equal(removeMember(tenant, all, user.id), true);
  assert.equal(removeMember(tenant, all, user.id), false);
  checkIndex(tenant);
  const before = all.changed;
  purgeUser(tenant, other);
  assert.ok(all.changed > before, 'a group that loses a member has changed');
  assert.equal(all.memberIds.has(other.id), false);
  checkIndex(tenant);
  deleteGroup(tenant, outer);
  assert.equal(outermost.memberIds.size, 0);
  checkIndex(tenant);
});
