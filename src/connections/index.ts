/**
 * Owns organizations, their e-mail domains, connections with their settings and states, the secrets we present, the Secret
 * Tokens, client secrets and access tokens we issue, what ends when, and what was learned of a tenant.
 * Never does: know users, accounts or mail; those rooms come to it.
 * Start reading at `connection.ts`, then `change-connection.ts`.
 */
import type { DueHandler } from '#store';
import { purgeAccessTokens } from './access-tokens.ts';
import type { EntraWorld } from './entra-world.ts';
import { announceExpiry } from './expiry.ts';
import { checkDomainAgain } from './verify-domain.ts';

export { type Grant, verifyAccessToken } from './access-tokens.ts';
export { distrustAssertions, pageOfAssertionTrusts, trustAssertions } from './assertion-trusts.ts';
export {
  activateConnection,
  changeConnection,
  createConnection,
  deleteConnection,
  markTested,
  pauseConnection,
  rollBackConnection,
} from './change-connection.ts';
export { type CheckOf, connectionChecks } from './checks.ts';
export { clientProofsOf, federatedAudience, federatedSubjectOf, type UsableProof } from './client-proofs.ts';
export {
  connectionOfDomain,
  findLive,
  getConnection,
  type LiveConnection,
  listSignInConnections,
  onlySignInConnection,
  organizationOf,
  pageOfAllConnections,
  pageOfConnections,
  redirectUrisOf,
  someSignInConnections,
  tenantUrlOf,
  tokenEndpointOf,
} from './connection.ts';
export { issueCredential, pageOfCredentials, withdrawCredential } from './credentials.ts';
export {
  createDomain,
  deleteDomain,
  isDomainOfAnother,
  isDomainProven,
  pageOfDomains,
  trustDomain,
} from './domains.ts';
export { type Entra, type EntraWorld, type SignAssertion, withEntra } from './entra-world.ts';
export { announcementDue, daysUntil, lookEveryMs, over } from './expiry.ts';
export { isFreeMail } from './free-mail.ts';
export { grantByAssertion } from './grant-by-assertion.ts';
export { grantBySecret } from './grant-by-secret.ts';
export {
  changeOrganization,
  createOrganization,
  deleteOrganization,
  getOrganization,
  localOrganization,
  pageOfOrganizations,
  someLocalOrganizations,
} from './organizations.ts';
export { appTokenFor, askForAppToken } from './prove-client.ts';
export { deleteSecret, makeOwnCertificate, pageOfSecrets, setSecret } from './secrets.ts';
export { authorityOf, listedTenants, providerOf, requireComplete } from './settings.ts';
export { cloudOf, deriveProvider, deriveStartingPoint } from './starting-point.ts';
export { adoptSecret, switchSecret } from './switch-secret.ts';
export { verifyDomain } from './verify-domain.ts';
export { verifyToken } from './verify-token.ts';
export { findWaysIn, type WaysIn } from './ways-in.ts';

/** The due work of this room. */
export const connectionWork: Readonly<Record<string, DueHandler<EntraWorld>>> = {
  'connections.expiry': announceExpiry,
  'connections.checkDomain': checkDomainAgain,
  'connections.purgeAccess': purgeAccessTokens,
};
