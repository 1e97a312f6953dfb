import { z } from 'zod';

const text = z.string().max(1024);
const instant = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value));
const uris = z.array(z.string());
const ids = z.array(z.uuid());
const claim = z.object({
  name: z.string().min(1),
  source: text.nullish(),
  essential: z.boolean().nullish(),
  additionalProperties: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
});
const claims = z
  .array(claim)
  .nullish()
  .transform((value) => value ?? []);

/** A role of `appRoles`, of an application or a service principal. */
const appRole = z.object({
  id: z.uuid(),
  value: z
    .string()
    .max(250)
    .nullish()
    .transform((value) => value ?? ''),
  displayName: z.string().min(1).max(256),
  description: text.nullish().transform((value) => value ?? ''),
  isEnabled: z.boolean().default(true),
  allowedMemberTypes: z.array(z.enum(['User', 'Application'])).min(1),
  origin: text.nullish(),
});

const scope = z.object({
  id: z.uuid(),
  value: z
    .string()
    .max(250)
    .nullish()
    .transform((value) => value ?? ''),
  type: z.enum(['User', 'Admin']).default('User'),
  isEnabled: z.boolean().default(true),
  adminConsentDisplayName: text.nullish(),
  adminConsentDescription: text.nullish(),
  userConsentDisplayName: text.nullish(),
  userConsentDescription: text.nullish(),
  origin: text.nullish(),
});

/** A secret as a request describes it; its text is Entra's to choose. */
export const passwordShape = z.object({
  displayName: z.string().max(256).nullish(),
  startDateTime: instant.nullish(),
  endDateTime: instant.nullish(),
  keyId: z.uuid().nullish(),
  hint: z.string().nullish(),
  secretText: z.string().nullish(),
  customKeyIdentifier: z.string().nullish(),
});

/** A certificate as a request describes it. */
export const keyShape = z.object({
  keyId: z.uuid().nullish(),
  displayName: z.string().max(512).nullish(),
  key: z.string().max(100_000).nullish(),
  customKeyIdentifier: z.string().nullish(),
  type: z.enum(['AsymmetricX509Cert', 'X509CertAndPassword']).nullish(),
  usage: z.enum(['Verify', 'Sign']).nullish(),
  startDateTime: instant.nullish(),
  endDateTime: instant.nullish(),
});

/** What is kept and shown, and means nothing else to the simulator. */
const more = {
  description: z.string().max(1024).nullable(),
  notes: z.string().max(1024).nullable(),
  tags: z.array(z.string().max(256)),
  addIns: z.array(z.unknown()),
  info: z.object({
    logoUrl: text.nullish(),
    marketingUrl: text.nullish(),
    privacyStatementUrl: text.nullish(),
    supportUrl: text.nullish(),
    termsOfServiceUrl: text.nullish(),
  }),
  defaultRedirectUri: z.string().max(256).nullable(),
  isDeviceOnlyAuthSupported: z.boolean().nullable(),
  nativeAuthenticationApisEnabled: z.string().nullable(),
  parentalControlSettings: z.record(z.string(), z.unknown()),
  requestSignatureVerification: z.record(z.string(), z.unknown()).nullable(),
  samlMetadataUrl: text.nullable(),
  serviceManagementReference: text.nullable(),
  servicePrincipalLockConfiguration: z.record(z.string(), z.unknown()).nullable(),
  tokenEncryptionKeyId: z.uuid().nullable(),
};

/** Names of those properties, with what they are where nobody set them. */
export const moreDefaults: Readonly<Record<keyof typeof more, unknown>> = {
  description: null,
  notes: null,
  tags: [],
  addIns: [],
  info: { logoUrl: null, marketingUrl: null, privacyStatementUrl: null, supportUrl: null, termsOfServiceUrl: null },
  defaultRedirectUri: null,
  isDeviceOnlyAuthSupported: null,
  nativeAuthenticationApisEnabled: null,
  parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
  requestSignatureVerification: null,
  samlMetadataUrl: null,
  serviceManagementReference: null,
  servicePrincipalLockConfiguration: null,
  tokenEncryptionKeyId: null,
};

const groupClaims = z
  .string()
  .refine((value) => value.split(/,\s*/).every((name) => groupKinds.includes(name)), 'is not a known kind of groups');
const groupKinds = ['None', 'SecurityGroup', 'DirectoryRole', 'ApplicationGroup', 'All'];

/** The properties of an application that a request may change (application resource type). */
export const changedApplication = z
  .strictObject({
    displayName: z.string().min(1).max(256),
    signInAudience: z.enum([
      'AzureADMyOrg',
      'AzureADMultipleOrgs',
      'AzureADandPersonalMicrosoftAccount',
      'PersonalMicrosoftAccount',
    ]),
    identifierUris: z.array(z.string().min(1).max(256)),
    web: z
      .object({
        redirectUris: uris,
        homePageUrl: z.string().max(256).nullable(),
        logoutUrl: z.string().max(256).nullable(),
        implicitGrantSettings: z
          .object({ enableIdTokenIssuance: z.boolean(), enableAccessTokenIssuance: z.boolean() })
          .exactPartial(),
      })
      .exactPartial(),
    spa: z.object({ redirectUris: uris }).exactPartial(),
    publicClient: z.object({ redirectUris: uris }).exactPartial(),
    isFallbackPublicClient: z.boolean().nullable(),
    optionalClaims: z.object({ idToken: claims, accessToken: claims, saml2Token: claims }).nullable(),
    groupMembershipClaims: groupClaims.nullable(),
    appRoles: z.array(appRole),
    api: z
      .object({
        acceptMappedClaims: z.boolean().nullable(),
        knownClientApplications: ids,
        requestedAccessTokenVersion: z.union([z.literal(1), z.literal(2)]).nullable(),
        oauth2PermissionScopes: z.array(scope),
        preAuthorizedApplications: z.array(z.object({ appId: z.uuid(), delegatedPermissionIds: ids })),
      })
      .exactPartial(),
    requiredResourceAccess: z.array(
      z.object({
        resourceAppId: z.string().min(1),
        resourceAccess: z.array(z.object({ id: z.uuid(), type: z.enum(['Role', 'Scope']) })),
      }),
    ),
    keyCredentials: z.array(keyShape),
    passwordCredentials: z.array(passwordShape),
    authenticationBehaviors: z
      .object({
        removeUnverifiedEmailClaim: z.boolean().nullable(),
        requireClientServicePrincipal: z.boolean().nullable(),
      })
      .exactPartial()
      .nullable(),
    ...more,
  })
  .exactPartial();

/** What a request to make an application says. */
export const newApplication = changedApplication.extend({
  displayName: z.string().min(1).max(256),
  uniqueName: z.string().min(1).max(120).nullish(),
  'owners@odata.bind': z.array(z.string()).optional(),
});

/** What a request to change an application says. */
export type ApplicationChange = z.infer<typeof changedApplication>;
