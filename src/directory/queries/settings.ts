import { statement } from '#store';

type Scope = { organizationId: string; directoryId: string };

export const findSettings = statement('directory.findSettings', (db, p: Scope) =>
  db
    .selectFrom('directory_settings')
    .select(['settings', 'version'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);

/** Stores settings after those of `version`, 0 where there were none; nothing where somebody was faster. */
export const saveSettings = statement(
  'directory.saveSettings',
  (db, p: Scope & { settings: string; version: number; at: number }) =>
    db
      .insertInto('directory_settings')
      .values({
        organization_id: p.organizationId,
        directory_id: p.directoryId,
        settings: p.settings,
        version: 1,
        updated_at: p.at,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'directory_id'])
          .doUpdateSet((eb) => ({
            settings: eb.ref('excluded.settings'),
            version: eb('directory_settings.version', '+', 1),
            updated_at: eb.ref('excluded.updated_at'),
          }))
          .where('directory_settings.version', '=', p.version),
      )
      .returning(['version']),
);

export const removeSettings = statement('directory.removeSettings', (db, p: Scope) =>
  db
    .deleteFrom('directory_settings')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);
