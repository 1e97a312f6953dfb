import type { Dialect, JobSettings, OAuthSettings } from './job.ts';

/** Keys under which Microsoft Graph takes what an admin enters for provisioning (synchronizationSecret). */
export const secretKeys: readonly string[] = [
  'None',
  'UserName',
  'Password',
  'SecretToken',
  'AppKey',
  'BaseAddress',
  'ClientIdentifier',
  'ClientSecret',
  'SingleSignOnType',
  'Sandbox',
  'Url',
  'Domain',
  'ConsumerKey',
  'ConsumerSecret',
  'TokenKey',
  'TokenExpiration',
  'Oauth2AccessToken',
  'Oauth2AccessTokenCreationTime',
  'Oauth2RefreshToken',
  'SyncAll',
  'InstanceName',
  'Oauth2ClientId',
  'Oauth2ClientSecret',
  'CompanyId',
  'UpdateKeyOnSoftDelete',
  'SynchronizationSchedule',
  'SystemOfRecord',
  'SandboxName',
  'EnforceDomain',
  'SyncNotificationSettings',
  'SkipOutOfScopeDeletions',
  'Oauth2AuthorizationCode',
  'Oauth2RedirectUri',
  'ApplicationTemplateIdentifier',
  'Oauth2TokenExchangeUri',
  'Oauth2AuthorizationUri',
  'AuthenticationType',
  'Server',
  'PerformInboundEntitlementGrants',
  'HardDeletesEnabled',
  'SyncAgentCompatibilityKey',
  'SyncAgentADContainer',
  'ValidateDomain',
  'TestReferences',
  'ConnectionString',
];

/** What of a job's settings such keys decide: where it provisions to, how it authenticates, and whom it provisions. */
export function settingsOf(
  secrets: ReadonlyMap<string, string>,
): Pick<JobSettings, 'baseAddress' | 'secretToken' | 'authentication' | 'dialect' | 'scope'> {
  const baseAddress = secrets.get('BaseAddress') ?? '';
  return {
    baseAddress,
    secretToken: secrets.get('SecretToken') ?? '',
    authentication: oauthOf(secrets),
    dialect: dialectOf(baseAddress),
    // Assigned users and groups only, unless everybody is asked for.
    scope: secrets.get('SyncAll')?.toLowerCase() === 'true' ? 'all' : 'assigned',
  };
}

/** The flag in the Tenant URL chooses the dialect. */
function dialectOf(baseAddress: string): Dialect {
  const flagged = URL.canParse(baseAddress) && new URL(baseAddress).searchParams.has('aadOptscim062020');
  return flagged ? 'aadOptscim062020' : 'default';
}

/** Client credentials, once all three of their keys are there. */
function oauthOf(secrets: ReadonlyMap<string, string>): OAuthSettings | null {
  const tokenEndpoint = secrets.get('Oauth2TokenExchangeUri') ?? '';
  const [clientId, clientSecret] = [secrets.get('Oauth2ClientId'), secrets.get('Oauth2ClientSecret')];
  if (!URL.canParse(tokenEndpoint) || clientId === undefined || clientSecret === undefined) return null;
  return { way: 'clientCredentials', tokenEndpoint, clientId, clientSecret, sentIn: 'header' };
}
