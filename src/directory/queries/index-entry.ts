import { isAmong, sql, statement, textRows } from '#store';

/** Adds what filters find of some resources: all entries by one statement, given as JSON. */
export const insertEntries = statement(
  'directory.insertEntries',
  (db, p: { organizationId: string; directoryId: string; resourceType: string; entries: string }, dialect) =>
    db
      .insertInto('scim_index')
      .columns([
        'organization_id',
        'directory_id',
        'resource_type',
        'resource_id',
        'number',
        'path',
        'element',
        'folded',
        'exact',
      ])
      .expression((eb) =>
        eb
          .selectFrom(
            textRows(dialect, p.entries, ['resource_id', 'number', 'path', 'element', 'folded', 'exact']).as('given'),
          )
          .select((inner) => [
            inner.cast<string>(inner.val(p.organizationId), 'text').as('organization_id'),
            inner.cast<string>(inner.val(p.directoryId), 'text').as('directory_id'),
            inner.cast<string>(inner.val(p.resourceType), 'text').as('resource_type'),
            'given.resource_id',
            sql<number>`cast(given.number as bigint)`.as('number'),
            'given.path',
            sql<number>`cast(given.element as bigint)`.as('element'),
            'given.folded',
            'given.exact',
          ]),
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
