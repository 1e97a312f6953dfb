/** An app registration, by the names Microsoft Graph gives the properties. */
export type Application = {
  readonly id: string;
  readonly appId: string;
  readonly homeTenantId: string;
  /** The template it was made of; null for one that was registered. */
  readonly applicationTemplateId: string | null;
  /** A name chosen at its creation, by which scripts find it again. */
  readonly uniqueName: string | null;
  displayName: string;
  signInAudience: SignInAudience;
  identifierUris: readonly string[];
  web: {
    readonly redirectUris: readonly string[];
    readonly homePageUrl: string | null;
    readonly logoutUrl: string | null;
    readonly implicitGrantSettings: {
      readonly enableIdTokenIssuance: boolean;
      readonly enableAccessTokenIssuance: boolean;
    };
  };
  spa: { readonly redirectUris: readonly string[] };
  publicClient: { readonly redirectUris: readonly string[] };
  isFallbackPublicClient: boolean;
  optionalClaims: { readonly idToken: readonly OptionalClaim[]; readonly accessToken: readonly OptionalClaim[] };
  /** Which groups a token names: `SecurityGroup`, `DirectoryRole`, `ApplicationGroup`, `All`, or null for none. */
  groupMembershipClaims: string | null;
  appRoles: readonly AppRole[];
  /** The app as an API of its own. */
  api: Api;
  /** What the app needs of APIs, as its page "API permissions" lists it; consent is something else. */
  requiredResourceAccess: readonly RequiredResourceAccess[];
  /** Object ids of owning users and service principals. */
  readonly ownerIds: Set<string>;
  /** New multi-tenant apps get no `email` claim from a domain whose owner is not verified (since June 2023). */
  removeUnverifiedEmailClaim: boolean;
  passwordCredentials: PasswordCredential[];
  keyCredentials: readonly KeyCredential[];
  federatedIdentityCredentials: readonly FederatedIdentityCredential[];
  /** What is kept and shown, and means nothing else here: description, notes, tags, info … */
  more: Readonly<Record<string, unknown>>;
  readonly createdDateTime: number;
  /** Deleted applications can be restored for 30 days. */
  deletedDateTime: number | null;
};

/** Who may sign in. */
export type SignInAudience =
  | 'AzureADMyOrg'
  | 'AzureADMultipleOrgs'
  | 'AzureADandPersonalMicrosoftAccount'
  | 'PersonalMicrosoftAccount';

/** A claim the registration asks for in id_tokens beyond the usual ones. */
export type OptionalClaim = { readonly name: string; readonly additionalProperties: readonly string[] };

/** A role the app defines; assigned to people or apps it arrives in `roles`. */
export type AppRole = {
  readonly id: string;
  readonly value: string;
  readonly displayName: string;
  readonly description: string;
  readonly isEnabled: boolean;
  readonly allowedMemberTypes: readonly ('User' | 'Application')[];
};

/** What an app offers as an API. */
export type Api = {
  readonly acceptMappedClaims?: boolean | null | undefined;
  readonly knownClientApplications?: readonly string[] | undefined;
  /** 1 or null: access tokens for this API are v1; 2: v2. */
  readonly requestedAccessTokenVersion: number | null;
  readonly oauth2PermissionScopes: readonly PermissionScope[];
  /** Clients for which nobody is asked to consent. */
  readonly preAuthorizedApplications: readonly {
    readonly appId: string;
    readonly delegatedPermissionIds: readonly string[];
  }[];
};

/** A scope an API publishes; `Admin` when only an administrator can consent to it. */
export type PermissionScope = {
  readonly id: string;
  readonly value: string;
  readonly type: 'User' | 'Admin';
  readonly isEnabled: boolean;
  readonly adminConsentDisplayName?: string | null | undefined;
  readonly adminConsentDescription?: string | null | undefined;
  readonly userConsentDisplayName?: string | null | undefined;
  readonly userConsentDescription?: string | null | undefined;
};

/** Permissions that an app asks of one API. */
export type RequiredResourceAccess = {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: 'Role' | 'Scope' }[];
};

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
  readonly description?: string | null | undefined;
};

/** The enterprise app: what a tenant has allowed an application. */
export type ServicePrincipal = {
  readonly id: string;
  readonly appId: string;
  accountEnabled: boolean;
  appRoleAssignmentRequired: boolean;
  /** Names beside its app id and the application's identifier URIs. */
  names: readonly string[];
  tags: readonly string[];
  /** Object ids of owning users and service principals. */
  readonly ownerIds: Set<string>;
  /** Secrets and certificates of its own, beside those of the application. */
  passwordCredentials: PasswordCredential[];
  keyCredentials: readonly KeyCredential[];
  /** What an admin entered for its provisioning: Tenant URL, Secret Token and so on, by key. */
  readonly synchronizationSecrets: Map<string, string>;
  /** What is kept and shown, and means nothing else here: notes, loginUrl, preferredSingleSignOnMode … */
  more: Readonly<Record<string, unknown>>;
  /** Who holds which of this app's roles since when: epoch milliseconds by app role id, by the id of a user, group or service principal. */
  readonly assignments: Map<string, Map<string, number>>;
  readonly createdDateTime: number;
  deletedDateTime: number | null;
};

/** Scopes of an API that somebody delegated to a client (`oauth2PermissionGrant` of Microsoft Graph). */
export type PermissionGrant = {
  readonly id: string;
  /** The client's service principal. */
  readonly clientId: string;
  /** The API's service principal. */
  readonly resourceId: string;
  /** Who consented for himself; null: an administrator did for everybody. */
  readonly principalId: string | null;
  /** Names with blanks between them. */
  scope: string;
  readonly createdDateTime: number;
};

/** The role id of an assignment without a role ("default access"). */
export const defaultAccess = '00000000-0000-0000-0000-000000000000';
