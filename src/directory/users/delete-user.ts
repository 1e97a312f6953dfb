import { record } from '#events';
import { only, type World } from '#store';
import { holdBack } from '../brake/hold-back.ts';
import { count } from '../counts.ts';
import { endSessionsOf } from '../end-sessions.ts';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { leaveAllGroups } from '../groups/leave-all-groups.ts';
import { requireVersion } from '../preconditions.ts';
import { insertDeletedUser } from '../queries/deleted-user.ts';
import { removeEntries } from '../queries/index-entry.ts';
import { lockUser, removeUser } from '../queries/user.ts';
import { recordRequest } from '../recorded-request.ts';
import { noUser } from './get-user.ts';
import { shownUserName } from './soft-deleted-name.ts';

/**
 * DELETE /Users/{id} (RFC 7644 §3.6): the user is gone, its name free, its memberships with it; that it was there is kept.
 * Managers that name it dangle.
 */
export function deleteUser(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { directory, cause } = exchange;
  const scope = scopeOf(directory);
  return world.store.write(async (tx) => {
    const row = only(await tx.run(lockUser, { ...scope, id, baseUrl: directory.baseUrl }));
    if (row === undefined) throw noUser(id);
    requireVersion(exchange, row.version);
    const held =
      row.active === 1
        ? await holdBack(world, tx, exchange, { id, name: row.user_name, version: row.version })
        : undefined;
    if (held !== undefined) return held;
    const name = shownUserName(row.user_name, row.external_id);
    const at = world.now();
    const groups = await leaveAllGroups(tx, directory, id, at);
    await tx.run(removeUser, { ...scope, id });
    await tx.run(removeEntries, { ...scope, resourceIds: JSON.stringify([id]) });
    await tx.run(insertDeletedUser, { ...scope, id, externalId: row.external_id, userName: name, at });
    await endSessionsOf(world, tx, exchange, [{ id, externalId: row.external_id }], 'switched off');
    await record(world, tx, cause, {
      organizationId: directory.organizationId,
      type: 'user.deleted',
      subject: { type: 'user', id, name },
      data: { directory: directory.id, externalId: row.external_id, active: row.active === 1, groups },
    });
    const text =
      groups === 0
        ? `Deleted the user ${name}.`
        : `Deleted the user ${name}, who was in ${groups} ${groups === 1 ? 'group' : 'groups'}.`;
    const answer: Answer = {
      status: 204,
      body: null,
      outcome: { kind: 'changed', text, resourceId: id, about: row.user_name },
      recorded: true,
    };
    await recordRequest(world, tx, exchange, answer);
    await count(tx, directory, { users: -1, activeUsers: -row.active, id });
    return answer;
  });
}
