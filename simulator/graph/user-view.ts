import type { User } from '../directory/tenant.ts';

/** What a user shows without `$select` (captured from Microsoft Graph). */
export const shownOfUser: readonly string[] = [
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
];

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
