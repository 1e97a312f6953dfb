import { tenantUrlOf } from '#connections';
import type { DirectorySettings } from '#contract';
import { type Cause, record } from '#events';
import { Problem } from '#http';
import { fold } from '#scim';
import { only, type Transaction, type World } from '#store';
import { coreTypes, type Extensions, everDeclared, typesWith } from './directory-types.ts';
import { endSessionsOfOutsiders } from './end-sessions.ts';
import type { Directory } from './exchange.ts';
import { insertAdmissions, removeAdmissions } from './queries/admission.ts';
import { findSettings, saveSettings } from './queries/settings.ts';

/** How a directory answers until somebody says otherwise. */
const defaultSettings: DirectorySettings = {
  strict: false,
  schemaProfile: 'full',
  extensions: [],
  requestsPerSecond: 10_000,
  accessTokenMinutes: 60,
  brake: { percent: 20, minutes: 60 },
  onlyMembersOf: [],
};

/** A directory as the SCIM service works on it, and the version of its settings. */
export async function openDirectory(
  world: World,
  organizationId: string,
  directoryId: string,
): Promise<Directory & { version: number }> {
  const stored = only(await world.store.read(findSettings, { organizationId, directoryId }));
  const { declared, ...settings } = readSettings(stored?.settings);
  return {
    organizationId,
    id: directoryId,
    baseUrl: tenantUrlOf(world.config.url, directoryId),
    settings,
    types: declared.length === 0 ? coreTypes : typesWith(settings.extensions, declared),
    version: stored?.version ?? 0,
  };
}

/** What is stored: with the settings, all extensions that ever were. */
interface Stored extends DirectorySettings {
  declared: Extensions;
}

function readSettings(text: string | undefined): Stored {
  const stored: Partial<Stored> = text === undefined ? {} : JSON.parse(text);
  return { ...defaultSettings, declared: stored.extensions ?? [], ...stored };
}

/** Changes settings of a directory; they hold within a second. Throws `invalid-request` for a schema that cannot be. */
export async function changeSettings(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  change: { [Name in keyof DirectorySettings]?: DirectorySettings[Name] | undefined },
  version: number | undefined,
): Promise<void> {
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  await world.store.write(async (tx) => {
    const scope = { organizationId, directoryId };
    const stored = only(await tx.run(findSettings, scope));
    const { declared } = readSettings(stored?.settings);
    const { extensions } = change;
    if (extensions !== undefined) requireTypes(extensions, declared);
    const settings = JSON.stringify({
      ...(stored === undefined ? {} : JSON.parse(stored.settings)),
      ...given,
      ...(extensions === undefined ? {} : { declared: everDeclared(declared, extensions) }),
    });
    const expected = version ?? stored?.version ?? 0;
    const values = { ...scope, settings, version: expected, at: world.now() };
    const saved = expected === (stored?.version ?? 0) ? only(await tx.run(saveSettings, values)) : undefined;
    if (saved === undefined) {
      throw new Problem('version-changed', {
        detail: 'the settings were changed meanwhile',
        remedy: 'read them again',
      });
    }
    if (change.onlyMembersOf !== undefined) {
      await limitToMembers(tx, scope, change.onlyMembersOf);
      await endSessionsOfOutsiders(world, tx, { organizationId, id: directoryId });
    }
    await record(world, tx, cause, {
      organizationId,
      type: 'directory.updated',
      subject: { type: 'directory', id: directoryId },
      data: { changed: Object.keys(given) },
    });
  });
}

/** Puts the groups to which sign-in is limited where sessions ask for them: it holds from the commit on. */
async function limitToMembers(
  tx: Transaction,
  scope: { organizationId: string; directoryId: string },
  groups: readonly string[],
): Promise<void> {
  await tx.run(removeAdmissions, scope);
  const rows = [...new Set(groups.map(fold))].map((name) => ({ display_name_folded: name }));
  if (rows.length > 0) await tx.run(insertAdmissions, { ...scope, rows: JSON.stringify(rows) });
}

function requireTypes(extensions: Extensions, declared: Extensions): void {
  try {
    typesWith(extensions, declared);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Problem('invalid-request', {
      detail: 'an extension is not possible',
      errors: [{ field: 'extensions', detail: error.message }],
    });
  }
}
