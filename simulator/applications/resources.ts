/** An API that tokens can be asked for. */
export type Resource = {
  readonly appId: string;
  readonly displayName: string;
  /** Resource identifiers as they stand before `/.default` or a scope name, without a slash at the end. */
  readonly uris: readonly string[];
};

/** Microsoft Graph. */
export const graphAppId = '00000003-0000-0000-c000-000000000000';

/** Office 365 Exchange Online. */
export const exchangeAppId = '00000002-0000-0ff1-ce00-000000000000';

/** Azure Resource Manager ("Windows Azure Service Management API"). */
export const armAppId = '797f4846-ba00-4fd7-ba43-dac1f8f63013';

/** Microsoft's own APIs that exist in every tenant. */
export const microsoftResources: readonly Resource[] = [
  {
    appId: graphAppId,
    displayName: 'Microsoft Graph',
    uris: ['https://graph.microsoft.com', 'https://graph.microsoft.us', 'https://microsoftgraph.chinacloudapi.cn'],
  },
  {
    appId: exchangeAppId,
    displayName: 'Office 365 Exchange Online',
    uris: ['https://outlook.office365.com', 'https://outlook.office.com', 'https://ps.outlook.com'],
  },
  {
    appId: armAppId,
    displayName: 'Windows Azure Service Management API',
    uris: ['https://management.core.windows.net', 'https://management.azure.com'],
  },
];

/** Scopes that belong to OpenID Connect and not to an API. */
export const openidScopes: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

/** Delegated permissions of Microsoft Graph that a bare scope name may stand for (Microsoft Graph permissions reference). */
export const graphScopes: readonly string[] = [
  'User.Read',
  'User.ReadBasic.All',
  'User.Read.All',
  'User.ReadWrite.All',
  'Mail.Send',
  'Mail.Read',
  'Mail.ReadWrite',
  'MailboxSettings.Read',
  'IMAP.AccessAsUser.All',
  'SMTP.Send',
  'GroupMember.Read.All',
  'Group.Read.All',
  'Directory.Read.All',
  'Application.Read.All',
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Synchronization.ReadWrite.All',
];

/** Application permissions of Microsoft Graph (and one of Exchange) that an admin can consent to. */
export const applicationPermissions: ReadonlyMap<string, string> = new Map([
  ...[
    'Mail.Send',
    'Mail.ReadWrite',
    'Mail.Read',
    'Mail.ReadBasic.All',
    'Mail-Advanced.ReadWrite.All',
    'MailboxSettings.Read',
    'User.Read.All',
    'User.ReadWrite.All',
    'GroupMember.Read.All',
    'Group.Read.All',
    'Directory.Read.All',
    'Organization.Read.All',
    'Application.ReadWrite.OwnedBy',
    'Application.ReadWrite.All',
    'Application.Read.All',
    'AppRoleAssignment.ReadWrite.All',
    'DelegatedPermissionGrant.ReadWrite.All',
    'Synchronization.ReadWrite.All',
    'ProvisioningLog.Read.All',
    'AuditLog.Read.All',
    'RoleManagement.ReadWrite.Exchange',
  ].map((name): [string, string] => [name, graphAppId]),
  ...['IMAP.AccessAsApp', 'POP.AccessAsApp', 'SMTP.SendAsApp', 'full_access_as_app', 'Exchange.ManageAsApp'].map(
    (name): [string, string] => [name, exchangeAppId],
  ),
]);
