/** Microsoft Graph. */
export const graphAppId = '00000003-0000-0000-c000-000000000000';

/** Office 365 Exchange Online. */
export const exchangeAppId = '00000002-0000-0ff1-ce00-000000000000';

/** Azure Resource Manager ("Windows Azure Service Management API"). */
export const armAppId = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

/** The API behind the portal's own pages ("ADIbizaUX"). */
export const portalApiAppId = '74658136-14ec-4630-ad9b-26e160ff0fc6';

/** A permission of one of Microsoft's APIs: a `Role` is given to apps, a `Scope` is delegated by people. */
export type Permission = {
  readonly resourceAppId: string;
  readonly value: string;
  readonly kind: 'Role' | 'Scope';
  readonly id: string;
  /** Whether only an administrator can consent; always so for roles. */
  readonly adminOnly: boolean;
};

const graphRoles = {
  'Application.Read.All': '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
  'Application.ReadWrite.All': '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
  'Application.ReadWrite.OwnedBy': '18a4783c-866b-4cc7-a460-3d5e5662c884',
  'AppRoleAssignment.ReadWrite.All': '06b708a9-e830-4db3-a914-8e69da51d44f',
  'AuditLog.Read.All': 'b0afded3-3588-46d8-8b3d-9842eff778da',
  'DelegatedPermissionGrant.ReadWrite.All': '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
  'Directory.Read.All': '7ab1d382-f21e-4acd-a863-ba3e13f7da61',
  'Directory.ReadWrite.All': '19dbc75e-c2e2-444c-a770-ec69d8559fc7',
  'Domain.Read.All': 'dbb9058a-0e50-45d7-ae91-66909b5d4664',
  'Group.Read.All': '5b567255-7703-4780-807c-7be8301ae99b',
  'Group.ReadWrite.All': '62a82d76-70ea-41e2-9197-370581804d09',
  'GroupMember.Read.All': '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  'GroupMember.ReadWrite.All': 'dbaae8cf-10b5-4b86-a4a1-f871c94c6695',
  'Mail.Read': '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
  'Mail.ReadBasic.All': '693c5e45-0940-467d-9b8a-1022fb9d42ef',
  'Mail.ReadWrite': 'e2a3a72e-5f79-4c64-b1b1-878b674786c9',
  'Mail.Send': 'b633e1c5-b582-4048-a93e-9f11b44c7e96',
  'Mail-Advanced.ReadWrite.All': 'e118f1da-5c1c-46cf-bff6-8858d786f46f',
  'MailboxSettings.Read': '40f97065-369a-49f4-947c-6a255697ae91',
  'Organization.Read.All': '498476ce-e0fe-48b0-b801-37ba7e2685c6',
  'Policy.Read.All': '246dd0d5-5bd0-4def-940b-0421030a5b68',
  'Policy.ReadWrite.ApplicationConfiguration': 'be74164b-cff1-491c-8741-e671cb536e13',
  'ProvisioningLog.Read.All': '091937d3-3e38-47a1-8649-b2f99d3035f1',
  'RoleManagement.ReadWrite.Directory': '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8',
  'RoleManagement.ReadWrite.Exchange': '025d3225-3f02-4882-b4c0-cd5b541a4e80',
  'Synchronization.Read.All': '5ba43d2f-fa88-4db2-bd1c-a67c5f0fb1ce',
  'Synchronization.ReadWrite.All': '9b50c33d-700f-43b1-b2eb-87e89b703581',
  'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
  'User.ReadBasic.All': '97235f07-e226-4f63-ace3-39588e11d3a1',
  'User.RevokeSessions.All': '77f3a031-c388-4f99-b373-dc68676a979e',
  'User.ReadWrite.All': '741f803b-c850-494e-b5df-cde7c675a1ca',
} as const;

/** Scopes that people may consent to by themselves (Microsoft Graph permissions reference, "Admin consent required: No"). */
const graphScopesOfPeople = {
  openid: '37f7f235-527c-4136-accd-4a02d197296e',
  profile: '14dad69e-099b-42c9-810b-d002981feec1',
  email: '64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0',
  offline_access: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
  'IMAP.AccessAsUser.All': '652390e4-393a-48de-9484-05f9b1212954',
  'Mail.Read': '570282fd-fa5c-430d-a7fd-fc8dc98a9dca',
  'Mail.Read.Shared': '7b9103a5-4610-446b-9670-80643382c1fa',
  'Mail.ReadWrite': '024d486e-b451-40bb-833d-3e66d98c5c73',
  'Mail.ReadWrite.Shared': '5df07973-7d5d-46ed-9847-1271055cbd51',
  'Mail.Send': 'e383f46e-2787-4529-855e-0e479a3ffac0',
  'Mail.Send.Shared': 'a367ab51-6b49-43bf-a716-a1fb06d2a174',
  'MailboxSettings.Read': '87f447af-9fa4-4c32-9dfa-4a57a73d18ce',
  'POP.AccessAsUser.All': 'd7b7f2d9-0f45-4ea1-9d42-e50810c06991',
  'SMTP.Send': '258f6531-6087-4cc4-bb90-092c5fb3ed3f',
  'User.Read': 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
  'User.ReadBasic.All': 'b340eb25-3456-403f-be2f-af7a0d370277',
} as const;

const graphScopesOfAdmins = {
  'Application.Read.All': 'c79f8feb-a9db-4090-85f9-90d820caa0eb',
  'Application.ReadWrite.All': 'bdfbf15f-ee85-4955-8675-146e8e5296b5',
  'AppRoleAssignment.ReadWrite.All': '84bccea3-f856-4a8a-967b-dbe0a3d53a64',
  'AuditLog.Read.All': 'e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20',
  'DelegatedPermissionGrant.ReadWrite.All': '41ce6ca6-6826-4807-84f1-1c82854f7ee5',
  'Directory.AccessAsUser.All': '0e263e50-5827-48a4-b97c-d940288653c7',
  'Directory.Read.All': '06da0dbc-49e2-44d2-8312-53f166ab848a',
  'Directory.ReadWrite.All': 'c5366453-9fb0-48a5-a156-24f0c49a4b84',
  'Domain.Read.All': '2f9ee017-59c1-4f1d-9472-bd5529a7b311',
  'Group.Read.All': '5f8c59db-677d-491f-a6b8-5f174b11ec1d',
  'Group.ReadWrite.All': '4e46008b-f24c-477d-8fff-7bb4ec7aafe0',
  'GroupMember.Read.All': 'bc024368-1153-4739-b217-4326f2e966d0',
  'GroupMember.ReadWrite.All': 'f81125ac-d3b7-4573-a3b2-7099cc39df9e',
  'Organization.Read.All': '4908d5b9-3fb2-4b1e-9336-1888b7937185',
  'Policy.ReadWrite.ApplicationConfiguration': 'b27add92-efb2-4f16-84f5-8108ba77985c',
  'Synchronization.ReadWrite.All': '7bb27fa3-ea8f-4d67-a916-87715b6188bd',
  'User.Read.All': 'a154be20-db9c-4678-8ab7-66f6cc099a59',
  'User.ReadWrite.All': '204e0828-b5ca-4ad8-b9f3-f32a958e7cc4',
} as const;

/** The id of SMTP.SendAsApp comes from a single source outside Microsoft: clients have to look it up by its value. */
const exchangeRoles = {
  'Exchange.ManageAsApp': 'dc50a0fb-09a3-484d-be87-e023b12c6440',
  full_access_as_app: 'dc890d15-9560-4a4c-9b7f-a736ec74ec40',
  'IMAP.AccessAsApp': '5e5addcd-3e8d-4e90-baf5-964efab2b20a',
  'POP.AccessAsApp': 'cb842b43-da6e-4506-86fe-bb12199c656d',
  'SMTP.SendAsApp': '7146a1f0-8703-45b3-9eae-527a64c00995',
} as const;

const exchangeScopes = { 'EWS.AccessAsUser.All': '3b5f3d61-589b-4a3c-a359-5dd4b5ee5bd5' } as const;
const armScopes = { user_impersonation: '41094075-9dad-400e-a0bd-54e686782033' } as const;

/** Microsoft does not publish this one; the id is made up. */
const portalApiScopes = { user_impersonation: '0d2f1b0e-6a3b-4f0e-8b8e-6f2b1a9c4d10' } as const;

const permissionsOf =
  (resourceAppId: string, kind: Permission['kind'], adminOnly: boolean) =>
  ([value, id]: readonly [string, string]): Permission => ({ resourceAppId, kind, adminOnly, value, id });

/** The permissions of Microsoft's APIs that are simulated, by their real ids (Microsoft Graph permissions reference). */
export const permissions: readonly Permission[] = [
  ...Object.entries(graphRoles).map(permissionsOf(graphAppId, 'Role', true)),
  ...Object.entries(graphScopesOfPeople).map(permissionsOf(graphAppId, 'Scope', false)),
  ...Object.entries(graphScopesOfAdmins).map(permissionsOf(graphAppId, 'Scope', true)),
  ...Object.entries(exchangeRoles).map(permissionsOf(exchangeAppId, 'Role', true)),
  ...Object.entries(exchangeScopes).map(permissionsOf(exchangeAppId, 'Scope', false)),
  ...Object.entries(armScopes).map(permissionsOf(armAppId, 'Scope', false)),
  ...Object.entries(portalApiScopes).map(permissionsOf(portalApiAppId, 'Scope', false)),
];

/** Application permissions by name; no two of Microsoft's APIs here share one. */
export const applicationPermissions: ReadonlyMap<string, Permission> = new Map(
  permissions.filter(({ kind }) => kind === 'Role').map((permission) => [permission.value, permission]),
);
