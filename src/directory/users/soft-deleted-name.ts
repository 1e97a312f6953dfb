import { fold } from '#scim';

const prefixed = /^([0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(.+@.+)$/i;
const compact = (id: string): string => id.replaceAll('-', '').toLowerCase();

/**
 * The user name that somebody had before being deleted in Entra; undefined for all others. Entra keeps a deleted user for 30
 * days, with the object id before the user principal name so that the name is free. Where externalId is an object id, it is
 * that one.
 */
export function nameBeforeDeletion(userName: string, externalId: string | null): string | undefined {
  const [, objectId = '', name] = prefixed.exec(userName) ?? [];
  const known = compact(externalId ?? '');
  return /^[0-9a-f]{32}$/.test(known) && known !== compact(objectId) ? undefined : name;
}

/** The user name as it is shown: without what Entra puts before that of somebody who was deleted there. */
export const shownUserName = (userName: string, externalId: string | null): string =>
  nameBeforeDeletion(userName, externalId) ?? userName;

/** What a change of a user name means where it is Entra's own doing, not a person's. */
export type EntraRename = 'deleted in Entra' | 'restored in Entra';

/** Whether a user name changed only because the user was deleted or restored in Entra. */
export function entraRename(
  before: { userName: string; externalId: string | null },
  after: { userName: string; externalId: string | null },
): EntraRename | undefined {
  const same = (name: string | undefined, other: string) => name !== undefined && fold(name) === fold(other);
  if (same(nameBeforeDeletion(after.userName, after.externalId), before.userName)) return 'deleted in Entra';
  return same(nameBeforeDeletion(before.userName, before.externalId), after.userName) ? 'restored in Entra' : undefined;
}
