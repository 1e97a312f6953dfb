import { fold, type IndexEntry, indexEntries, type JsonObject } from '#scim';
import type { Transaction } from '#store';
import { type Directory, scopeOf } from './exchange.ts';
import { formerNamePath } from './queries/former-name.ts';
import { insertEntries, removeEntries } from './queries/index-entry.ts';
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
  const entries = resources.flatMap(({ id, resource }) =>
    entriesOf(directory, type, resource).map((entry, number) => ({ resource_id: id, number, ...entry })),
  );
  if (entries.length === 0) return;
  await tx.run(insertEntries, { ...scopeOf(directory), resourceType: type, entries: JSON.stringify(entries) });
}

/** Brings it up to date after changes; nothing is written where a change is of no concern to it. */
export async function changeEntries(
  tx: Transaction,
  directory: Directory,
  type: TypeName,
  changes: readonly (Indexed & { before: JsonObject })[],
): Promise<void> {
  const textOf = (resource: JsonObject) => JSON.stringify(entriesOf(directory, type, resource));
  const touched = changes.filter(({ before, resource }) => textOf(before) !== textOf(resource));
  if (touched.length === 0) return;
  const resourceIds = JSON.stringify(touched.map(({ id }) => id));
  await Promise.all([
    tx.run(removeEntries, { ...scopeOf(directory), resourceIds }),
    addEntries(tx, directory, type, touched),
  ]);
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
