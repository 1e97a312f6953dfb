import type { User } from '../directory/tenant.ts';

/** What a user shows without `$select` (captured from Microsoft Graph). */
export const shownOfUser = [
  'businessPhones',
  'displayName',
  'givenName',
  'jobTitle',
  'mail',
  'mobilePhone',
  'officeLocation',
  'preferredLanguage',
  'surname',
  'userPrincipalName',
  'id',
] as const satisfies readonly (keyof User)[];

/** Just that; for lists of many, it costs a tenth of the whole. */
export function basicUser(user: User): Record<string, unknown> {
  const basic: Record<string, unknown> = {};
  for (const name of shownOfUser) basic[name] = user[name];
  return basic;
}

/** All that Graph can show of a user. */
export function userResource(user: User): Record<string, unknown> {
  const {
    changed: _,
    homeTenantId: _home,
    hasMailbox: _mailbox,
    managerId: _manager,
    createdDateTime,
    deletedDateTime,
    ...shown
  } = user;
  return {
    ...shown,
    createdDateTime: new Date(createdDateTime).toISOString(),
    deletedDateTime: deletedDateTime === null ? null : new Date(deletedDateTime).toISOString(),
  };
}
