import { statement } from '#store';

/** Adds to the counts of a directory, in one of their shards; tells how far anchors reach. */
export const addToCounts = statement(
  'directory.addToCounts',
  (
    db,
    p: {
      organizationId: string;
      directoryId: string;
      shard: number;
      users: number;
      activeUsers: number;
      groups: number;
    },
  ) =>
    db
      .insertInto('directory_count')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        shard: p.shard,
        users: p.users,
        active_users: p.activeUsers,
        groups: p.groups,
        users_anchored: '',
        groups_anchored: '',
      })
      .onConflict((conflict) =>
        conflict.columns(['organization_id', 'directory_id', 'shard']).doUpdateSet((eb) => ({
          users: eb('directory_count.users', '+', eb.ref('excluded.users')),
          active_users: eb('directory_count.active_users', '+', eb.ref('excluded.active_users')),
          groups: eb('directory_count.groups', '+', eb.ref('excluded.groups')),
        })),
      )
      .returning(['users_anchored as usersAnchored', 'groups_anchored as groupsAnchored']),
);

/** How many users and groups a directory has. */
export const findCounts = statement('directory.findCounts', (db, p: { organizationId: string; directoryId: string }) =>
  db
    .selectFrom('directory_count')
    .select((eb) => [
      eb.cast<number>(eb.fn.coalesce(eb.fn.sum('users'), eb.lit(0)), 'bigint').as('users'),
      eb.cast<number>(eb.fn.coalesce(eb.fn.sum('active_users'), eb.lit(0)), 'bigint').as('activeUsers'),
      eb.cast<number>(eb.fn.coalesce(eb.fn.sum('groups'), eb.lit(0)), 'bigint').as('groups'),
    ])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
