import { insertRows, statement } from '#store';

type Scope = { organizationId: string; directoryId: string };

/** Limits sign-in to the members of groups, given as JSON with their folded display names. */
export const insertAdmissions = statement('directory.insertAdmissions', (db, p: Scope & { rows: string }, dialect) =>
  insertRows(db.insertInto('directory_admission'), dialect, p.rows, ['display_name_folded'], {
    organization_id: p.organizationId,
    directory_id: p.directoryId,
  }),
);

export const removeAdmissions = statement('directory.removeAdmissions', (db, p: Scope) =>
  db
    .deleteFrom('directory_admission')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
