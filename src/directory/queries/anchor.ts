import { sql, statement, textRows } from '#store';

type Scope = { organizationId: string; directoryId: string };
type OfType = Scope & { resourceType: string };

/** The last anchor that has no more than `offset` resources up to it, and how many those are. */
export const findAnchor = statement('directory.findAnchor', (db, p: OfType & { offset: number }) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom('directory_anchor')
        .select(['id', sql<number>`cast(sum(size) over (order by id) as bigint)`.as('position')])
        .where('organization_id', '=', p.organizationId)
        .where('directory_id', '=', p.directoryId)
        .where('resource_type', '=', p.resourceType)
        .as('numbered'),
    )
    .select(['id', 'position'])
    .where('position', '<=', p.offset)
    .orderBy('id', 'desc')
    .limit(1),
);

/** How many resources lie before the end of the last anchor. */
export const countAnchored = statement('directory.countAnchored', (db, p: OfType) =>
  db
    .selectFrom('directory_anchor')
    .select((eb) => eb.cast<number>(eb.fn.coalesce(eb.fn.sum('size'), eb.lit(0)), 'bigint').as('position'))
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('resource_type', '=', p.resourceType),
);

export const insertAnchor = statement('directory.insertAnchor', (db, p: OfType & { id: string; size: number }) =>
  db.insertInto('directory_anchor').values({
    organization_id: p.organizationId,
    directory_id: p.directoryId,
    resource_type: p.resourceType,
    id: p.id,
    size: p.size,
  }),
);

/** A resource before the last anchor came or went: the range in which its id lies is so much larger. */
export const moveAnchor = statement('directory.moveAnchor', (db, p: OfType & { resourceId: string; more: number }) =>
  db
    .updateTable('directory_anchor')
    .set((eb) => ({ size: eb('size', '+', p.more) }))
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('resource_type', '=', p.resourceType)
    .where('id', '=', (eb) =>
      eb
        .selectFrom('directory_anchor as a')
        .select((inner) => inner.fn.min('a.id').as('id'))
        .where('a.organization_id', '=', p.organizationId)
        .where('a.directory_id', '=', p.directoryId)
        .where('a.resource_type', '=', p.resourceType)
        .where('a.id', '>=', p.resourceId),
    ),
);

/** Locks all counts of a directory, given the numbers of its shards as JSON, in their order; makes those there are not yet. */
export const lockCounts = statement('directory.lockCounts', (db, p: Scope & { shards: string }, dialect) =>
  db
    .insertInto('directory_count')
    .columns([
      'organization_id',
      'directory_id',
      'shard',
      'users',
      'active_users',
      'groups',
      'users_anchored',
      'groups_anchored',
    ])
    .expression((eb) =>
      eb
        .selectFrom(textRows(dialect, p.shards, ['shard']).as('given'))
        .select((inner) => [
          inner.cast<string>(inner.val(p.organizationId), 'text').as('organization_id'),
          inner.cast<string>(inner.val(p.directoryId), 'text').as('directory_id'),
          sql<number>`cast(given.shard as bigint)`.as('shard'),
          sql<number>`0`.as('users'),
          sql<number>`0`.as('active_users'),
          sql<number>`0`.as('groups'),
          sql<string>`''`.as('users_anchored'),
          sql<string>`''`.as('groups_anchored'),
        ])
        // SQLite could not tell an upsert from a join without it.
        .where(sql<boolean>`1 = 1`)
        .orderBy(sql`cast(given.shard as bigint)`),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'directory_id', 'shard'])
        .doUpdateSet((eb) => ({ shard: eb.ref('directory_count.shard') })),
    )
    .returning(['users_anchored as usersAnchored', 'groups_anchored as groupsAnchored']),
);

/** Tells all who count how far anchors reach. */
export const saveAnchored = statement(
  'directory.saveAnchored',
  (db, p: Scope & { usersAnchored: string; groupsAnchored: string }) =>
    db
      .updateTable('directory_count')
      .set({ users_anchored: p.usersAnchored, groups_anchored: p.groupsAnchored })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);

/** The id of the user that comes `skip` users after the next one. */
export const findUserAfter = statement('directory.findUserAfter', (db, p: Scope & { after: string; skip: number }) =>
  db
    .selectFrom('scim_user')
    .select('id')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '>', p.after)
    .orderBy('id')
    .limit(1)
    .offset(p.skip),
);

/** The same among groups. */
export const findGroupAfter = statement('directory.findGroupAfter', (db, p: Scope & { after: string; skip: number }) =>
  db
    .selectFrom('scim_group')
    .select('id')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '>', p.after)
    .orderBy('id')
    .limit(1)
    .offset(p.skip),
);

export const removeAnchors = statement('directory.removeAnchors', (db, p: Scope) =>
  db
    .deleteFrom('directory_anchor')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
