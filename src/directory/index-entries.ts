import { fold, type IndexEntry, indexEntries, type JsonObject } from '#scim';
import type { Transaction } from '#store';
import { type Directory, scopeOf } from './exchange.ts';
import { formerNamePath } from './queries/former-name.ts';
import { insertEntries, removeNumberedEntries } from './queries/index-entry.ts';
import type { TypeName } from './resource-answer.ts';
import { nameBeforeDeletion } from './users/soft-deleted-name.ts';

/** A resource as it is stored, for what filters look into. */
export interface Indexed {
  id: string;
  resource: JsonObject;
}

/** Puts what filters look into beside new resources. */
export async function addEntries(
  tx: Transaction,
  directory: Directory,
  type: TypeName,
  resources: readonly Indexed[],
): Promise<void> {
  await add(
    tx,
    directory,
    type,
    resources.flatMap(({ id, resource }) => rowsOf(directory, type, id, resource)),
  );
}

/** Brings it up to date after changes; only what a change made different is written. */
export async function changeEntries(
  tx: Transaction,
  directory: Directory,
  type: TypeName,
  changes: readonly (Indexed & { before: JsonObject })[],
): Promise<void> {
  const [gone, come] = [new Map<string, EntryRow>(), new Map<string, EntryRow>()];
  for (const { id, before, resource } of changes) {
    for (const row of rowsOf(directory, type, id, before)) gone.set(JSON.stringify(row), row);
    for (const row of rowsOf(directory, type, id, resource)) {
      const text = JSON.stringify(row);
      if (!gone.delete(text)) come.set(text, row);
    }
  }
  const rows = [...gone.values()].map(({ resource_id, number }) => ({ resource_id, number }));
  await Promise.all([
    rows.length > 0 && tx.run(removeNumberedEntries, { ...scopeOf(directory), rows: JSON.stringify(rows) }),
    add(tx, directory, type, [...come.values()]),
  ]);
}

/** An entry as a row, numbered among those of its resource. */
type EntryRow = IndexEntry & { resource_id: string; number: number };

const rowsOf = (directory: Directory, type: TypeName, id: string, resource: JsonObject): EntryRow[] =>
  entriesOf(directory, type, resource).map((entry, number) => ({ resource_id: id, number, ...entry }));

async function add(tx: Transaction, directory: Directory, type: TypeName, entries: readonly EntryRow[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.run(insertEntries, { ...scopeOf(directory), resourceType: type, entries: JSON.stringify(entries) });
}

/** What filters look into, and the name that a soft-deleted user had. */
function entriesOf(directory: Directory, type: TypeName, resource: JsonObject): IndexEntry[] {
  const entries = indexEntries(resource, directory.types[type]);
  const former = type === 'User' ? formerNameOf(resource) : undefined;
  if (former !== undefined) entries.push({ path: formerNamePath, element: 0, folded: fold(former), exact: former });
  return entries;
}

function formerNameOf({ userName, externalId }: JsonObject): string | undefined {
  if (typeof userName !== 'string') return undefined;
  return nameBeforeDeletion(userName, typeof externalId === 'string' ? externalId : null);
}
