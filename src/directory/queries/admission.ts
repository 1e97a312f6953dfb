import { statement, textRows } from '#store';

type Scope = { organizationId: string; directoryId: string };

/** Limits sign-in to the members of groups, given as JSON with their folded display names. */
export const insertAdmissions = statement('directory.insertAdmissions', (db, p: Scope & { rows: string }, dialect) =>
  db
    .insertInto('directory_admission')
    .columns(['organization_id', 'directory_id', 'display_name_folded'])
    .expression((eb) =>
      eb
        .selectFrom(textRows(dialect, p.rows, ['display_name_folded']).as('given'))
        .select((inner) => [
          inner.cast<string>(inner.val(p.organizationId), 'text').as('organization_id'),
          inner.cast<string>(inner.val(p.directoryId), 'text').as('directory_id'),
          'given.display_name_folded',
        ]),
    ),
);

export const removeAdmissions = statement('directory.removeAdmissions', (db, p: Scope) =>
  db
    .deleteFrom('directory_admission')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
