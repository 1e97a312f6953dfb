import { indexEntries, type JsonObject } from '#scim';
import type { Transaction } from '#store';
import { type Directory, scopeOf } from './exchange.ts';
import { insertEntries, removeEntries } from './queries/index-entry.ts';
import type { TypeName } from './resource-answer.ts';

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
    indexEntries(resource, directory.types[type]).map((entry, number) => ({ resource_id: id, number, ...entry })),
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
  const resourceType = directory.types[type];
  const textOf = (resource: JsonObject) => JSON.stringify(indexEntries(resource, resourceType));
  const touched = changes.filter(({ before, resource }) => textOf(before) !== textOf(resource));
  if (touched.length === 0) return;
  const resourceIds = JSON.stringify(touched.map(({ id }) => id));
  await Promise.all([
    tx.run(removeEntries, { ...scopeOf(directory), resourceIds }),
    addEntries(tx, directory, type, touched),
  ]);
}
