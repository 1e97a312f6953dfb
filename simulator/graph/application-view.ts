import {
  type Application,
  type AppRole,
  type KeyCredential,
  type PasswordCredential,
  withDates,
} from '../applications/application.ts';
import type { Tenant } from '../directory/tenant.ts';
import type { Exchange } from '../http/exchange.ts';
import { moreDefaults } from './application-shape.ts';
import { queryOption } from './odata-page.ts';

/** An application as Graph shows it; the keys of certificates only to who selects `keyCredentials` by name. */
export function applicationResource(
  exchange: Exchange,
  tenant: Tenant,
  application: Application,
): Record<string, unknown> {
  const { homeTenantId: _, ownerIds: _owners, removeUnverifiedEmailClaim, more, ...own } = application;
  // A collection of its own at Graph.
  const { federatedIdentityCredentials: __, keyCredentials, passwordCredentials, createdDateTime, ...shown } = own;
  return {
    ...moreDefaults,
    ...more,
    ...shown,
    api: { acceptMappedClaims: null, knownClientApplications: [], ...application.api },
    appRoles: application.appRoles.map(roleView),
    optionalClaims: { saml2Token: [], ...application.optionalClaims },
    createdDateTime: new Date(createdDateTime).toISOString(),
    deletedDateTime: dateOf(application.deletedDateTime),
    publisherDomain: tenant.domain,
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    certification: null,
    disabledByMicrosoftStatus: null,
    authenticationBehaviors: { removeUnverifiedEmailClaim },
    passwordCredentials: passwordCredentials.map(passwordView),
    keyCredentials: keyCredentials.map(keyView(exchange)),
  };
}

/** A role as Graph shows it: one without a value has null there. */
export const roleView = (role: AppRole) => ({ origin: 'Application', ...role, value: role.value || null });

/** A secret as it is seen after its creation. */
export const passwordView = (credential: PasswordCredential) => ({
  customKeyIdentifier: null,
  ...withDates(credential),
  secretText: null,
});

/** A certificate; its key is null unless it is asked for. */
export function keyView(exchange: Exchange): (credential: KeyCredential) => Record<string, unknown> {
  const isAsked = /(^|,)\s*keyCredentials\s*(,|$)/i.test(queryOption(exchange, '$select') ?? '');
  return (credential) => ({
    ...withDates(credential),
    type: 'AsymmetricX509Cert',
    usage: 'Verify',
    key: isAsked ? credential.key : null,
  });
}

/** A point in time as text; null stays null. */
export const dateOf = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
