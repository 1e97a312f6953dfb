import { forUpdate, statement } from '#store';

type Scope = { organizationId: string; directoryId: string };
type GroupColumns = {
  displayName: string;
  displayNameFolded: string;
  externalId: string | null;
  document: string;
  at: number;
};

/** Adds a group; no row comes back where the name is taken. */
export const insertGroup = statement('directory.insertGroup', (db, p: Scope & GroupColumns & { id: string }) =>
  db
    .insertInto('scim_group')
    .values({
      organization_id: p.organizationId,
      directory_id: p.directoryId,
      id: p.id,
      display_name: p.displayName,
      display_name_folded: p.displayNameFolded,
      external_id: p.externalId,
      document: p.document,
      member_count: 0,
      version: 1,
      created_at: p.at,
      updated_at: p.at,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'directory_id', 'display_name_folded']).doNothing())
    .returning('id'),
);

export const findGroup = statement('directory.findGroup', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('scim_group')
    .select(['id', 'document', 'member_count', 'version', 'created_at', 'updated_at'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);

/** A group, locked for the change that follows in the same transaction. */
export const lockGroup = statement('directory.lockGroup', (db, p: Scope & { id: string }, dialect) =>
  forUpdate(
    db
      .selectFrom('scim_group')
      .select(['id', 'display_name', 'document', 'member_count', 'version', 'created_at', 'updated_at'])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id),
    dialect,
  ),
);

/** Which group has a name. */
export const findGroupByName = statement('directory.findGroupByName', (db, p: Scope & { displayNameFolded: string }) =>
  db
    .selectFrom('scim_group')
    .select('id')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('display_name_folded', '=', p.displayNameFolded),
);

/** Changes a group's attributes; its members became `more` more. */
export const updateGroup = statement(
  'directory.updateGroup',
  (db, p: Scope & GroupColumns & { id: string; more: number }) =>
    db
      .updateTable('scim_group')
      .set((eb) => ({
        display_name: p.displayName,
        display_name_folded: p.displayNameFolded,
        external_id: p.externalId,
        document: p.document,
        member_count: eb('member_count', '+', p.more),
        version: eb('version', '+', 1),
        updated_at: p.at,
      }))
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id),
);

/** The members of a group became `more` more; its version moves on by `versions`. */
export const countMembers = statement(
  'directory.countMembers',
  (db, p: Scope & { id: string; more: number; versions: number; at: number }) =>
    db
      .updateTable('scim_group')
      .set((eb) => ({
        member_count: eb('member_count', '+', p.more),
        version: eb('version', '+', p.versions),
        updated_at: p.at,
      }))
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('id', '=', p.id),
);

export const removeGroup = statement('directory.removeGroup', (db, p: Scope & { id: string }) =>
  db
    .deleteFrom('scim_group')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id)
    .returning(['display_name', 'member_count']),
);

const shown = ['id', 'display_name', 'external_id', 'member_count', 'created_at', 'updated_at'] as const;

/** Groups in the order of their names, from `from` on and before `to`, after the one where the page before ended. */
export const listGroupsByName = statement(
  'directory.listGroupsByName',
  (db, p: Scope & { from: string; to: string; after: string; limit: number }) =>
    db
      .selectFrom('scim_group')
      .select([...shown, 'display_name_folded'])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('display_name_folded', '>=', p.from)
      .where('display_name_folded', '<', p.to)
      .where('display_name_folded', '>', p.after)
      .orderBy('display_name_folded')
      .limit(p.limit),
);

/** A group as the REST API shows it. */
export const findGroupShown = statement('directory.findGroupShown', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('scim_group')
    .select(shown)
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);
