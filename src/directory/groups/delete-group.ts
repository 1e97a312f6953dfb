import { record } from '#events';
import { becomesDue, only, type World } from '#store';
import { count } from '../counts.ts';
import { endSessionsOfOutsiders } from '../end-sessions.ts';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { requireVersion } from '../preconditions.ts';
import { lockGroup, removeGroup } from '../queries/group.ts';
import { removeEntries } from '../queries/index-entry.ts';
import { recordRequest } from '../recorded-request.ts';
import { changeMembers } from './change-members.ts';
import { noGroup } from './group-answer.ts';
import { leaveAllGroups } from './leave-all-groups.ts';

/**
 * DELETE /Groups/{id} (RFC 7644 §3.6): the group is gone and its name free. Memberships mean nothing without their group; of
 * a large one they are swept away afterwards.
 */
export function deleteGroup(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { directory, cause } = exchange;
  const scope = scopeOf(directory);
  return world.store.write(async (tx) => {
    const row = only(await tx.run(lockGroup, { ...scope, id }));
    if (row === undefined) throw noGroup(id);
    requireVersion(exchange, row.version);
    const { rest } = await changeMembers(tx, directory, id, [{ kind: 'removeAll' }]);
    if (rest.length > 0) {
      const { organizationId } = directory;
      await becomesDue(tx, { kind: 'directory.sweep', organizationId, subject: `${directory.id}/${id}` });
    }
    await leaveAllGroups(tx, directory, id, world.now());
    await tx.run(removeGroup, { ...scope, id });
    await tx.run(removeEntries, { ...scope, resourceIds: JSON.stringify([id]) });
    if (directory.settings.onlyMembersOf.length > 0) await endSessionsOfOutsiders(world, tx, directory);
    await record(world, tx, cause, {
      organizationId: directory.organizationId,
      type: 'group.deleted',
      subject: { type: 'group', id, name: row.display_name },
      data: { directory: directory.id, members: row.member_count },
    });
    const text = `Deleted the group ${row.display_name}, which had ${row.member_count} members.`;
    const outcome: Answer['outcome'] = { kind: 'changed', text, resourceId: id, about: row.display_name };
    const answer: Answer = { status: 204, body: null, outcome, recorded: true };
    await recordRequest(world, tx, exchange, answer);
    await count(tx, directory, { groups: -1, id });
    return answer;
  });
}
