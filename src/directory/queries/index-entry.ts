import { fieldOf, insertRows, isAmong, sql, statement, textRows } from '#store';

/** Adds what filters find of some resources: all entries by one statement, given as JSON. */
export const insertEntries = statement(
  'directory.insertEntries',
  (db, p: { organizationId: string; directoryId: string; resourceType: string; entries: string }, dialect) =>
    insertRows(
      db.insertInto('scim_index'),
      dialect,
      p.entries,
      ['resource_id', 'number', 'path', 'element', 'folded', 'exact'],
      {
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        resource_type: p.resourceType,
      },
    ),
);

/** Removes entries, given as JSON by their resources and numbers. */
export const removeNumberedEntries = statement(
  'directory.removeNumberedEntries',
  (db, p: { organizationId: string; directoryId: string; rows: string }, dialect) => {
    const own = db
      .deleteFrom('scim_index')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId);
    if (dialect === 'sqlite') {
      return own
        .where('resource_id', '=', fieldOf<string>(p.rows, 'resource_id'))
        .where('number', '=', fieldOf<number>(p.rows, 'number'));
    }
    const given = sql`${textRows(dialect, p.rows, ['resource_id', 'number'])} as given`;
    return own
      .where(sql<boolean>`resource_id = any (array(select given.resource_id from ${given}))`)
      .where(
        sql<boolean>`(resource_id, number) in (select given.resource_id, cast(given.number as bigint) from ${given})`,
      );
  },
);

/** Removes the entries of resources, whose ids are given as JSON. */
export const removeEntries = statement(
  'directory.removeEntries',
  (db, p: { organizationId: string; directoryId: string; resourceIds: string }, dialect) =>
    db
      .deleteFrom('scim_index')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where(isAmong(dialect, 'resource_id', p.resourceIds)),
);
