import { indexEntries, type JsonObject, type ResourceType } from '#scim';
import type { Transaction } from '#store';
import { type Directory, scopeOf } from './exchange.ts';
import { insertEntries, removeEntries } from './queries/index-entry.ts';
import type { TypeName } from './resource-answer.ts';

/** The entries of a resource as the JSON that they are inserted from. */
const entriesText = (resource: JsonObject, resourceType: ResourceType): string =>
  JSON.stringify(indexEntries(resource, resourceType).map((entry, number) => ({ number, ...entry })));

/** Puts what filters look into beside a new resource. */
export async function addEntries(
  tx: Transaction,
  directory: Directory,
  type: TypeName,
  id: string,
  resource: JsonObject,
): Promise<void> {
  const entries = entriesText(resource, directory.types[type]);
  if (entries === '[]') return;
  await tx.run(insertEntries, { ...scopeOf(directory), resourceType: type, resourceId: id, entries });
}

/** Brings it up to date after a change; nothing is written where the change is of no concern to it. */
export async function changeEntries(
  tx: Transaction,
  directory: Directory,
  type: TypeName,
  id: string,
  before: JsonObject,
  after: JsonObject,
): Promise<void> {
  const resourceType = directory.types[type];
  if (entriesText(before, resourceType) === entriesText(after, resourceType)) return;
  await tx.run(removeEntries, { ...scopeOf(directory), resourceId: id });
  await addEntries(tx, directory, type, id, after);
}
