/** The Microsoft APIs that Portico asks permissions of. */
export const resources = {
  graph: { appId: '00000003-0000-0000-c000-000000000000', title: 'Microsoft Graph' },
  exchange: { appId: '00000002-0000-0ff1-ce00-000000000000', title: 'Office 365 Exchange Online' },
} as const;

/** One permission. Its id is undefined where Microsoft publishes none: look `name` up in the resource's `appRoles`. */
export interface Permission {
  readonly resource: keyof typeof resources;
  /** `application` permissions are app roles (type `Role`), `delegated` ones are scopes (type `Scope`). */
  readonly kind: 'application' | 'delegated';
  readonly name: string;
  readonly id: string | undefined;
}

/** The role id that means "default access" when somebody is assigned to an app without roles. */
export const defaultAccessRoleId = '00000000-0000-0000-0000-000000000000';

const graphDelegated = {
  openid: '37f7f235-527c-4136-accd-4a02d197296e',
  profile: '14dad69e-099b-42c9-810b-d002981feec1',
  email: '64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0',
  offline_access: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
  'User.Read': 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
  'Mail.Send': 'e383f46e-2787-4529-855e-0e479a3ffac0',
  'Mail.ReadWrite': '024d486e-b451-40bb-833d-3e66d98c5c73',
  'IMAP.AccessAsUser.All': '652390e4-393a-48de-9484-05f9b1212954',
  'SMTP.Send': '258f6531-6087-4cc4-bb90-092c5fb3ed3f',
  'GroupMember.Read.All': 'bc024368-1153-4739-b217-4326f2e966d0',
  'Application.ReadWrite.All': 'bdfbf15f-ee85-4955-8675-146e8e5296b5',
  'AppRoleAssignment.ReadWrite.All': '84bccea3-f856-4a8a-967b-dbe0a3d53a64',
  'DelegatedPermissionGrant.ReadWrite.All': '41ce6ca6-6826-4807-84f1-1c82854f7ee5',
  'Synchronization.ReadWrite.All': '7bb27fa3-ea8f-4d67-a916-87715b6188bd',
};

const graphApplication = {
  'Mail.Send': 'b633e1c5-b582-4048-a93e-9f11b44c7e96',
  'Mail.ReadWrite': 'e2a3a72e-5f79-4c64-b1b1-878b674786c9',
  'Mail.Read': '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
  'Mail.ReadBasic.All': '693c5e45-0940-467d-9b8a-1022fb9d42ef',
  'Mail-Advanced.ReadWrite.All': 'e118f1da-5c1c-46cf-bff6-8858d786f46f',
  'MailboxSettings.Read': '40f97065-369a-49f4-947c-6a255697ae91',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'Application.ReadWrite.OwnedBy': '18a4783c-866b-4cc7-a460-3d5e5662c884',
  'Application.ReadWrite.All': '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'DelegatedPermissionGrant.ReadWrite.All': '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
  'Synchronization.ReadWrite.All': '9b50c33d-700f-43b1-b2eb-87e89b703581',
  'ProvisioningLog.Read.All': '091937d3-3e38-47a1-8649-b2f99d3035f1',
  'AuditLog.Read.All': 'b0afded3-3588-46d8-8b3d-9842eff778da',
  'RoleManagement.ReadWrite.Exchange': '025d3225-3f02-4882-b4c0-cd5b541a4e80',
};

const exchangeDelegated = { 'EWS.AccessAsUser.All': '3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5' };

const exchangeApplication = {
  full_access_as_app: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40',
  'IMAP.AccessAsApp': '5e5addcd-3e8d-4e90-baf5-964efab2b20a',
  'POP.AccessAsApp': 'cb842b43-da6e-4506-86fe-bb12199c656d',
  'Exchange.ManageAsApp': 'dc50a0fb-09a3-484d-be87-e023b12c6440',
  'SMTP.SendAsApp': undefined,
};

/**
 * The permissions Portico may ask for. Graph's ids are those of microsoft-graph-devx-content; they are the global
 * cloud's, other clouds may differ, so a program that grants them looks them up by name first.
 */
export const permissions: readonly Permission[] = [
  ...permissionsOf('graph', 'delegated', graphDelegated),
  ...permissionsOf('graph', 'application', graphApplication),
  ...permissionsOf('exchange', 'delegated', exchangeDelegated),
  ...permissionsOf('exchange', 'application', exchangeApplication),
];

/** The permission of that name and kind; undefined where the table has none. */
export function findPermission(
  resource: Permission['resource'],
  kind: Permission['kind'],
  name: string,
): Permission | undefined {
  return permissions.find((entry) => entry.resource === resource && entry.kind === kind && entry.name === name);
}

function permissionsOf(
  resource: Permission['resource'],
  kind: Permission['kind'],
  ids: Readonly<Record<string, string | undefined>>,
): Permission[] {
  return Object.entries(ids).map(([name, id]) => ({ resource, kind, name, id }));
}
