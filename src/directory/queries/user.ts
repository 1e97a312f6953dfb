import { fieldOf, forUpdate, insertRows, isAmong, sql, statement, textRows } from '#store';
import { groupsOf } from './groups-of.ts';

type Scope = { organizationId: string; directoryId: string };
type UserColumns = {
  userName: string;
  userNameFolded: string;
  externalId: string | null;
  displayName: string | null;
  displayNameFolded: string | null;
  email: string | null;
  active: number;
  activeSaid: number | null;
  document: string;
  at: number;
};

const columns = [
  'id',
  'user_name',
  'user_name_folded',
  'external_id',
  'display_name',
  'display_name_folded',
  'email',
  'active',
  'active_said',
  'document',
] as const;

/** What changes of several users write of each; a name, and being active, change one by one. */
const given = [
  'id',
  'external_id',
  'display_name',
  'display_name_folded',
  'email',
  'document',
  'version',
  'updated_at',
] as const;

/** Adds users, given as JSON; the ids of those come back whose names were not taken. */
export const insertUsers = statement('directory.insertUsers', (db, p: Scope & { rows: string }, dialect) =>
  insertRows(db.insertInto('scim_user'), dialect, p.rows, [...columns, 'created_at', 'updated_at'], {
    organization_id: p.organizationId,
    directory_id: p.directoryId,
    version: 1,
  })
    .onConflict((conflict) => conflict.columns(['organization_id', 'directory_id', 'user_name_folded']).doNothing())
    .returning('id'),
);

/** A user as SCIM answers it, with its groups as JSON text. */
export const findUser = statement('directory.findUser', (db, p: Scope & { id: string; baseUrl: string }, dialect) =>
  db
    .selectFrom('scim_user as r')
    .select(['r.id', 'r.document', 'r.version', 'r.created_at', 'r.updated_at'])
    .select((eb) => groupsOf(eb, p, dialect).as('groups'))
    .where('r.organization_id', '=', p.organizationId)
    .where('r.directory_id', '=', p.directoryId)
    .where('r.id', '=', p.id),
);

/** Users, whose ids are given as JSON, locked for the change that follows in the same transaction. */
export const lockUsers = statement('directory.lockUsers', (db, p: Scope & { ids: string; baseUrl: string }, dialect) =>
  forUpdate(
    db
      .selectFrom('scim_user as r')
      .select(['r.id', 'r.document', 'r.version', 'r.created_at', 'r.updated_at'])
      .select(['r.user_name', 'r.external_id', 'r.active'])
      .select((eb) => groupsOf(eb, p, dialect).as('groups'))
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId)
      .where(isAmong(dialect, 'r.id', p.ids))
      .orderBy('r.id'),
    dialect,
  ),
);

/** A user, locked for the change that follows in the same transaction. */
export const lockUser = statement('directory.lockUser', (db, p: Scope & { id: string; baseUrl: string }, dialect) =>
  forUpdate(
    db
      .selectFrom('scim_user as r')
      .select(['r.id', 'r.document', 'r.version', 'r.created_at', 'r.updated_at'])
      .select(['r.user_name', 'r.external_id', 'r.active'])
      .select((eb) => groupsOf(eb, p, dialect).as('groups'))
      .where('r.organization_id', '=', p.organizationId)
      .where('r.directory_id', '=', p.directoryId)
      .where('r.id', '=', p.id),
    dialect,
  ),
);

/** Who has a user name. */
export const findUserByName = statement('directory.findUserByName', (db, p: Scope & { userNameFolded: string }) =>
  db
    .selectFrom('scim_user')
    .select('id')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('user_name_folded', '=', p.userNameFolded),
);

/**
 * Changes users, given as JSON, their ids too, with the version that each has from now on. Their names stay, and whether they
 * are active: SQLite would write the indexes of those anew, changed or not.
 */
export const updateUsers = statement('directory.updateUsers', (db, p: Scope & { rows: string }, dialect) => {
  const text = (column: (typeof given)[number]) =>
    dialect === 'sqlite' ? sql<string>`${fieldOf(p.rows, column)}` : sql.ref<string>(`given.${column}`);
  const number = (column: (typeof given)[number]) => sql<number>`cast(${text(column)} as bigint)`;
  const own = db
    .updateTable('scim_user')
    .set({
      external_id: text('external_id'),
      display_name: text('display_name'),
      display_name_folded: text('display_name_folded'),
      email: text('email'),
      document: text('document'),
      version: number('version'),
      updated_at: number('updated_at'),
    })
    .where('scim_user.organization_id', '=', p.organizationId)
    .where('scim_user.directory_id', '=', p.directoryId)
    .where('scim_user.id', '=', text('id'));
  if (dialect === 'sqlite') return own;
  const ids = sql`select known.id from ${textRows(dialect, p.rows, ['id'])} as known`;
  return (
    own
      .from(textRows(dialect, p.rows, given).as('given'))
      // As in `isAmong`.
      .where(sql<boolean>`scim_user.id = any (array(${ids}))`)
  );
});

export const updateUser = statement('directory.updateUser', (db, p: Scope & UserColumns & { id: string }) =>
  db
    .updateTable('scim_user')
    .set((eb) => ({
      user_name: p.userName,
      user_name_folded: p.userNameFolded,
      external_id: p.externalId,
      display_name: p.displayName,
      display_name_folded: p.displayNameFolded,
      email: p.email,
      active: p.active,
      active_said: p.activeSaid,
      document: p.document,
      version: eb('version', '+', 1),
      updated_at: p.at,
    }))
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);

export const removeUser = statement('directory.removeUser', (db, p: Scope & { id: string }) =>
  db
    .deleteFrom('scim_user')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id)
    .returning('id'),
);

/** What the REST API shows of a user in a list. */
export const shownColumns = [
  'id',
  'user_name',
  'external_id',
  'display_name',
  'email',
  'active',
  'created_at',
  'updated_at',
] as const;

/** Users in the order of their names, from `from` on and before `to`, after the one where the page before ended. */
export const listUsersByName = statement(
  'directory.listUsersByName',
  (db, p: Scope & { from: string; to: string; after: string; limit: number }) =>
    db
      .selectFrom('scim_user')
      .select([...shownColumns, 'user_name_folded'])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('user_name_folded', '>=', p.from)
      .where('user_name_folded', '<', p.to)
      .where('user_name_folded', '>', p.after)
      .orderBy('user_name_folded')
      .limit(p.limit),
);

/** The same, only those who are switched on or off. */
export const listUsersByNameAndActive = statement(
  'directory.listUsersByNameAndActive',
  (db, p: Scope & { from: string; to: string; active: number; after: string; limit: number }) =>
    db
      .selectFrom('scim_user')
      .select([...shownColumns, 'user_name_folded'])
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('active', '=', p.active)
      .where('user_name_folded', '>=', p.from)
      .where('user_name_folded', '<', p.to)
      .where('user_name_folded', '>', p.after)
      .orderBy('user_name_folded')
      .limit(p.limit),
);

/** A user as the REST API shows it. */
export const findUserShown = statement('directory.findUserShown', (db, p: Scope & { id: string }) =>
  db
    .selectFrom('scim_user')
    .select([...shownColumns, 'document', 'version'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);
