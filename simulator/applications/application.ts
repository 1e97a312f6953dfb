/** An app registration, by the names Microsoft Graph gives the properties. */
export type Application = {
  readonly id: string;
  readonly appId: string;
  readonly homeTenantId: string;
  displayName: string;
  signInAudience: SignInAudience;
  identifierUris: readonly string[];
  web: { readonly redirectUris: readonly string[]; readonly logoutUrl: string | null };
  spa: { readonly redirectUris: readonly string[] };
  publicClient: { readonly redirectUris: readonly string[] };
  isFallbackPublicClient: boolean;
  optionalClaims: { readonly idToken: readonly OptionalClaim[] };
  /** Which groups a token names: `SecurityGroup`, `DirectoryRole`, `ApplicationGroup`, `All`, or null for none. */
  groupMembershipClaims: string | null;
  appRoles: readonly AppRole[];
  /** 1 or null: access tokens for this API are v1; 2: v2. */
  requestedAccessTokenVersion: number | null;
  /** New multi-tenant apps get no `email` claim from a domain whose owner is not verified (since June 2023). */
  removeUnverifiedEmailClaim: boolean;
  passwordCredentials: PasswordCredential[];
  keyCredentials: readonly KeyCredential[];
  federatedIdentityCredentials: readonly FederatedIdentityCredential[];
  readonly createdDateTime: number;
};

/** Who may sign in. */
export type SignInAudience = 'AzureADMyOrg' | 'AzureADMultipleOrgs' | 'AzureADandPersonalMicrosoftAccount';

/** A claim the registration asks for in id_tokens beyond the usual ones. */
export type OptionalClaim = { readonly name: string; readonly additionalProperties: readonly string[] };

/** A role the app defines; assigned to people it arrives in `roles`. */
export type AppRole = { readonly id: string; readonly value: string; readonly displayName: string };

/** A client secret. Entra shows `secretText` once; the simulator keeps it to compare. */
export type PasswordCredential = {
  readonly keyId: string;
  readonly displayName: string | null;
  readonly secretText: string;
  /** First three characters, all that can be seen later. */
  readonly hint: string;
  readonly startDateTime: number;
  readonly endDateTime: number;
};

/** A credential with its dates as text, as Graph and the control API show them. */
export const withDates = <Credential extends { readonly startDateTime: number; readonly endDateTime: number }>(
  credential: Credential,
) => ({
  ...credential,
  startDateTime: new Date(credential.startDateTime).toISOString(),
  endDateTime: new Date(credential.endDateTime).toISOString(),
});

/** An uploaded certificate, by which assertions of the app are verified. */
export type KeyCredential = {
  readonly keyId: string;
  readonly displayName: string | null;
  /** Base64 of its DER. */
  readonly key: string;
  /** SHA-1 of the DER in hex, as the portal shows it. */
  readonly customKeyIdentifier: string;
  readonly startDateTime: number;
  readonly endDateTime: number;
};

/** Whose tokens stand for a secret of the app (workload identity federation); exactly one audience. */
export type FederatedIdentityCredential = {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
};

/** The enterprise app: what a tenant has allowed an application. */
export type ServicePrincipal = {
  readonly id: string;
  readonly appId: string;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  /** App role ids by assigned user or group id. */
  readonly assignments: Map<string, Set<string>>;
  /** Consented application permissions of other APIs, by resource app id: `Mail.Send` and so on. */
  readonly permissions: Map<string, Set<string>>;
};

/** The role id of an assignment without a role ("default access"). */
export const defaultAccess = '00000000-0000-0000-0000-000000000000';
