// Everything that is Microsoft's: clouds and authorities, discovery, the issuers of id tokens and their claims, app-only
// tokens, AADSTS codes, Graph and the mail calls on it, permission ids, the portal's pages.
// Never: storing anything, deciding who an account is, reading settings; network and clock come in as arguments.
// Start reading at clouds.ts, then resolve-tenant.ts and validate-id-token.ts; for mail at graph.ts.

export type { AadstsSource } from './aadsts-table.ts';
export {
  type AccountType,
  type AccountTypeFacts,
  accountTypes,
  authorityTenant,
  type IssuerRule,
  issuerRuleOf,
  type SignInAudience,
  takesTenant,
} from './account-types.ts';
export { type AppToken, type AppTokenRequest, graphScope, requestAppToken } from './app-token.ts';
export { type AppTokenCache, createAppTokenCache } from './app-token-cache.ts';
export {
  type Checked,
  checkClientId,
  checkClientSecret,
  checkTenant,
  explainClientIdRefusal,
  type InputFault,
  type InputShape,
} from './check-input.ts';

export { type Cloud, type CloudName, cloudNamed, clouds, personalTenantId, simulatedCloud } from './clouds.ts';
export { EntraError, readAuthorizationError, readEntraError } from './entra-error.ts';
export { type AadstsEntry, type AadstsExplanation, explainAadsts, listAadsts } from './explain-aadsts.ts';
export { explainEntraBearer } from './explain-bearer.ts';
export { type Graph, type GraphAnswer, type GraphLog, type GraphOptions, type GraphRequest, graph } from './graph.ts';
export { GraphError } from './graph-error.ts';
export {
  createDraftMime,
  type DeltaPage,
  findByInternetMessageId,
  type GraphMessage,
  inboxDelta,
  isDeltaLost,
  readMime,
  sendDraft,
  sendMail,
} from './graph-mail.ts';
export { isGuid } from './guid.ts';
export { defaultAccessRoleId, findPermission, type Permission, resources } from './permissions.ts';
export {
  type AppRegistrationPage,
  appRegistrationLink,
  appRegistrationsLink,
  type EnterpriseAppPage,
  enterpriseAppLink,
  enterpriseAppsLink,
  newAppRegistrationLink,
  signInLogsLink,
  tenantOverviewLink,
} from './portal-links.ts';
export { readAppRoles } from './read-app-roles.ts';
export { readClaims } from './read-claims.ts';
export { DiscoveryError, metadataUrlOf, resolveTenant, type Tenant, type TenantRegion } from './resolve-tenant.ts';
export { readStartingPoint, type StartingPoint } from './starting-point.ts';
export { createTenantCache, type TenantCache } from './tenant-cache.ts';
export { type AssertionExpectation, plainAudience, readAssertion, validateAssertion } from './validate-assertion.ts';
export { type IdTokenClaims, type IdTokenExpectation, validateIdToken } from './validate-id-token.ts';
