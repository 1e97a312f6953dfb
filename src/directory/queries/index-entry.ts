import { insertRows, isAmong, statement } from '#store';

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
