import type { Cloud } from './clouds.ts';

type Portal = Pick<Cloud, 'portalOrigin'>;

/** Pages of an app registration. */
export type AppRegistrationPage =
  | 'overview'
  | 'authentication'
  | 'secrets'
  | 'tokenConfiguration'
  | 'apiPermissions'
  | 'appRoles'
  | 'manifest';

/** Pages of an enterprise application. */
export type EnterpriseAppPage = 'overview' | 'usersAndGroups' | 'provisioning' | 'properties' | 'permissions';

const registrationBlades: Record<AppRegistrationPage, string> = {
  overview: 'Overview',
  authentication: 'Authentication',
  secrets: 'Credentials',
  tokenConfiguration: 'TokenConfiguration',
  apiPermissions: 'CallAnAPI',
  appRoles: 'AppRoles',
  manifest: 'Manifest',
};

const enterpriseBlades: Record<EnterpriseAppPage, string> = {
  overview: 'Overview',
  usersAndGroups: 'Users',
  provisioning: 'Provisioning',
  properties: 'Properties',
  permissions: 'Permissions',
};

/** Address of a page of an app registration in the cloud's portal; undefined where the cloud has no portal. */
export function appRegistrationLink(cloud: Portal, appId: string, page: AppRegistrationPage): string | undefined {
  const blade = `ApplicationMenuBlade/~/${registrationBlades[page]}/appId/${encodeURIComponent(appId)}`;
  return view(cloud, `Microsoft_AAD_RegisteredApps/${blade}`);
}

/**
 * Address of a page of an enterprise application. `objectId` is the service principal's; without it the list of enterprise
 * applications is the nearest page.
 */
export function enterpriseAppLink(
  cloud: Portal,
  app: { readonly objectId?: string | undefined; readonly appId: string },
  page: EnterpriseAppPage,
): string | undefined {
  if (app.objectId === undefined) return enterpriseAppsLink(cloud);
  const ids = `objectId/${encodeURIComponent(app.objectId)}/appId/${encodeURIComponent(app.appId)}`;
  return view(cloud, `Microsoft_AAD_IAM/ManagedAppMenuBlade/~/${enterpriseBlades[page]}/${ids}`);
}

/** Address of the list of app registrations. */
export function appRegistrationsLink(cloud: Portal): string | undefined {
  return view(cloud, 'Microsoft_AAD_RegisteredApps/ApplicationsListBlade');
}

/** Address of the form that makes a new app registration. */
export function newAppRegistrationLink(cloud: Portal): string | undefined {
  return view(cloud, 'Microsoft_AAD_RegisteredApps/CreateApplicationBlade/quickStartType~/null/isMSAApp~/false');
}

/** Address of the list of enterprise applications. */
export function enterpriseAppsLink(cloud: Portal): string | undefined {
  return view(cloud, 'Microsoft_AAD_IAM/StartboardApplicationsMenuBlade/~/AppAppsPreview');
}

/** Address of the tenant's sign-in logs. */
export function signInLogsLink(cloud: Portal): string | undefined {
  return view(cloud, 'Microsoft_AAD_IAM/SignInEventsV3Blade');
}

/** Address of the tenant's Overview page, which shows the tenant id. */
export function tenantOverviewLink(cloud: Portal): string | undefined {
  return view(cloud, 'Microsoft_AAD_IAM/TenantOverview.ReactView');
}

function view({ portalOrigin }: Portal, path: string): string | undefined {
  return portalOrigin === undefined ? undefined : `${portalOrigin}/#view/${path}`;
}
