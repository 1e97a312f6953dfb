import { statement } from '#store';

type Some = { organizationId: string; directoryId: string; limit: number };

export const removeSomeUsers = statement('directory.removeSomeUsers', (db, p: Some) =>
  db
    .deleteFrom('scim_user')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('scim_user as r')
        .select('r.id')
        .where('r.organization_id', '=', p.organizationId)
        .where('r.directory_id', '=', p.directoryId)
        .limit(p.limit),
    )
    .returning('id'),
);

export const removeSomeDeletedUsers = statement('directory.removeSomeDeletedUsers', (db, p: Some) =>
  db
    .deleteFrom('scim_deleted_user')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('scim_deleted_user as r')
        .select('r.id')
        .where('r.organization_id', '=', p.organizationId)
        .where('r.directory_id', '=', p.directoryId)
        .limit(p.limit),
    )
    .returning('id'),
);

export const removeSomeGroups = statement('directory.removeSomeGroups', (db, p: Some) =>
  db
    .deleteFrom('scim_group')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('scim_group as r')
        .select('r.id')
        .where('r.organization_id', '=', p.organizationId)
        .where('r.directory_id', '=', p.directoryId)
        .limit(p.limit),
    )
    .returning('id'),
);

export const removeSomeMemberships = statement('directory.removeSomeMemberships', (db, p: Some) =>
  db
    .deleteFrom('scim_membership')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where((eb) =>
      eb(
        eb.refTuple('group_id', 'member_value'),
        'in',
        eb
          .selectFrom('scim_membership as r')
          .select(['r.group_id', 'r.member_value'])
          .where('r.organization_id', '=', p.organizationId)
          .where('r.directory_id', '=', p.directoryId)
          .limit(p.limit)
          .$asTuple('group_id', 'member_value'),
      ),
    )
    .returning('group_id'),
);

export const removeSomeEntries = statement('directory.removeSomeEntries', (db, p: Some) =>
  db
    .deleteFrom('scim_index')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where((eb) =>
      eb(
        eb.refTuple('resource_id', 'number'),
        'in',
        eb
          .selectFrom('scim_index as r')
          .select(['r.resource_id', 'r.number'])
          .where('r.organization_id', '=', p.organizationId)
          .where('r.directory_id', '=', p.directoryId)
          .limit(p.limit)
          .$asTuple('resource_id', 'number'),
      ),
    )
    .returning('resource_id'),
);

export const removeCounts = statement(
  'directory.removeCounts',
  (db, p: { organizationId: string; directoryId: string }) =>
    db
      .deleteFrom('directory_count')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);

export const removeContact = statement(
  'directory.removeContact',
  (db, p: { organizationId: string; directoryId: string }) =>
    db
      .deleteFrom('directory_contact')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);

export const removeBrake = statement(
  'directory.removeBrake',
  (db, p: { organizationId: string; directoryId: string }) =>
    db
      .deleteFrom('directory_brake')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);

export const removeSomeHeldChanges = statement('directory.removeSomeHeldChanges', (db, p: Some) =>
  db
    .deleteFrom('scim_held_change')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('user_id', 'in', (eb) =>
      eb
        .selectFrom('scim_held_change as r')
        .select('r.user_id')
        .where('r.organization_id', '=', p.organizationId)
        .where('r.directory_id', '=', p.directoryId)
        .limit(p.limit),
    )
    .returning('user_id'),
);

export const removeDemand = statement(
  'directory.removeDemand',
  (db, p: { organizationId: string; directoryId: string }) =>
    db
      .deleteFrom('directory_demand')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);
