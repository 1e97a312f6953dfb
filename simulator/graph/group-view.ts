import type { Group } from '../directory/tenant.ts';

/** All that Graph can show of a group: here each is a security group. */
export function groupResource(group: Group): Record<string, unknown> {
  const { id, displayName, description, mailNickname, createdDateTime } = group;
  const created = new Date(createdDateTime).toISOString();
  return {
    id,
    deletedDateTime: null,
    classification: null,
    createdDateTime: created,
    displayName,
    description,
    groupTypes: [],
    isAssignableToRole: null,
    mail: null,
    mailEnabled: false,
    mailNickname,
    membershipRule: null,
    onPremisesSyncEnabled: null,
    proxyAddresses: [],
    renewedDateTime: created,
    securityEnabled: true,
    visibility: null,
  };
}
