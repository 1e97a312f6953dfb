import type { Application, ServicePrincipal } from '../applications/application.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { allRedirectUris } from '../applications/redirect-uris.ts';
import { dateOf, keyView, passwordView, roleView } from './application-view.ts';
import type { GraphCall } from './caller.ts';

/** An enterprise app as Graph shows it: much of it is what its application says. */
export function principalResource(
  { world, exchange }: GraphCall,
  principal: ServicePrincipal,
): Record<string, unknown> {
  const application = world.applications.get(principal.appId);
  const { passwordCredentials, keyCredentials } = principal;
  return {
    id: principal.id,
    deletedDateTime: dateOf(principal.deletedDateTime),
    accountEnabled: principal.accountEnabled,
    addIns: [],
    alternativeNames: [],
    appDescription: application?.more['description'] ?? null,
    appDisplayName: application?.displayName ?? null,
    appId: principal.appId,
    applicationTemplateId: application?.applicationTemplateId ?? null,
    appOwnerOrganizationId: application?.homeTenantId ?? null,
    appRoleAssignmentRequired: principal.appRoleAssignmentRequired,
    appRoles: (application?.appRoles ?? []).map(roleView),
    createdDateTime: dateOf(principal.createdDateTime),
    description: null,
    disabledByMicrosoftStatus: null,
    displayName: application?.displayName ?? null,
    homepage: application?.web.homePageUrl ?? null,
    info: application?.more['info'] ?? noInfo,
    loginUrl: null,
    logoutUrl: application?.web.logoutUrl ?? null,
    notes: null,
    notificationEmailAddresses: [],
    oauth2PermissionScopes: (application?.api.oauth2PermissionScopes ?? []).map((scope) => ({ ...noTexts, ...scope })),
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    replyUrls: application === undefined ? [] : allRedirectUris(application),
    resourceSpecificApplicationPermissions: [],
    samlSingleSignOnSettings: null,
    servicePrincipalNames: [...namesOf(application, principal)],
    servicePrincipalType: 'Application',
    signInAudience: application?.signInAudience ?? null,
    tokenEncryptionKeyId: null,
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    ...principal.more,
    tags: principal.tags,
    passwordCredentials: passwordCredentials.map(passwordView),
    keyCredentials: keyCredentials.map(keyView(exchange)),
  };
}

/** The app id, the application's identifier URIs, and names of its own; Microsoft's are known with a slash at their end too. */
export function namesOf(application: Application | undefined, principal: ServicePrincipal): Set<string> {
  const uris = application?.identifierUris ?? [];
  const isMicrosofts = application?.homeTenantId === microsoftTenantId;
  return new Set([
    principal.appId,
    ...uris.flatMap((uri) => (isMicrosofts ? [uri, `${uri}/`] : [uri])),
    ...principal.names,
  ]);
}

const noInfo = {
  logoUrl: null,
  marketingUrl: null,
  privacyStatementUrl: null,
  supportUrl: null,
  termsOfServiceUrl: null,
};

const noTexts = {
  adminConsentDescription: null,
  adminConsentDisplayName: null,
  userConsentDescription: null,
  userConsentDisplayName: null,
};
