import { z } from 'zod';
import { type OpenidPresetName, openidPresets } from './openid-presets.ts';
import { displayName } from './shape.ts';

/** C3: whose people may sign in. */
export const accountTypes = {
  oneTenant: 'people of one tenant',
  selectedTenants: 'people of the tenants on the list',
  anyOrganization: 'people of any organization',
  anyOrganizationAndPersonal: 'people of any organization, and personal Microsoft accounts',
  personalOnly: 'personal Microsoft accounts only',
} as const;
export type AccountType = keyof typeof accountTypes;

export const cloudName = z.enum(['global', 'usgov', 'china', 'simulated']);

/** What signs the people of a connection in. */
export const providers = { entra: 'Microsoft Entra ID', openid: 'another OpenID provider' } as const;

/** S7: whether a person whom Portico has never seen may get an account by signing in. */
export const registrations = {
  off: 'nobody gets an account by signing in',
  on: 'whoever signs in gets an account',
  approval: 'whoever signs in asks for an account, and an operator decides',
  invitation: 'who was invited gets an account',
  provisioned: 'users of the directory get an account',
} as const;
export const registration = z.enum(Object.keys(registrations) as [keyof typeof registrations]);

/** S8: what the user name of a new account is made of. */
export const userNameRules = {
  preferredUsername: 'the claim preferred_username',
  emailLocalPart: 'the part of the e-mail address before the @',
  fullName: 'given name and family name',
  emailLocalPartAndConnection: 'the part of the e-mail address before the @, and the connection',
  fullNameAndConnection: 'given name, family name and the connection',
} as const;
export type UserNameRule = keyof typeof userNameRules;
export const userNameRule = z.enum(Object.keys(userNameRules) as [UserNameRule]);

/** How Portico proves to the provider that it is the application. */
export const clientAuthentications = {
  secret: 'a client secret, in the body of the request (client_secret_post)',
  secretBasic: 'a client secret, in the header of the request (client_secret_basic)',
  certificate: 'a certificate of which Portico keeps the key (private_key_jwt, PS256)',
  federatedCredential: 'nothing kept: Microsoft Entra trusts what Portico signs (federated credential)',
} as const;
export type ClientAuthentication = keyof typeof clientAuthentications;

/** The name of a role in the products. */
export const productRole = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\s,;"]+$/, 'must have no blanks, commas, semicolons or quotes');

const roleMapping = z.strictObject({
  from: z.enum(['appRole', 'group']).describe('what the person must have'),
  value: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .describe('value of the app role; object id of the group, or its display name; a GUID counts as an id only'),
  role: productRole.describe('the role that it gives'),
});
export type RoleMapping = z.output<typeof roleMapping>;

/** A domain name, folded. */
export const domainName = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, 'is not a domain name');

/** The settings of a connection; `draft` and `live` both have this shape. */
export const connectionSettings = z
  .strictObject({
    name: displayName,
    provider: z.enum(Object.keys(providers) as [keyof typeof providers]),
    cloud: cloudName,
    accountType: z.enum(Object.keys(accountTypes) as [AccountType, ...AccountType[]]),
    tenantId: z.string().nullable().describe('the tenant, where there is one'),
    tenantIds: z.array(z.string()).max(100).describe('the tenants of account type selectedTenants'),
    issuer: z.string().describe('issuer of the id tokens; holds {tenantid} where there are several tenants'),
    preset: z
      .enum(Object.keys(openidPresets) as [OpenidPresetName])
      .nullable()
      .describe('which of the well-known OpenID providers it is'),
    metadataUrl: z.string().nullable().describe('metadata document of another OpenID provider'),
    clientId: z.string().nullable().describe('Application (client) ID'),
    domains: z.array(domainName).max(10).describe('e-mail domains whose people are sent to this connection'),
    signIn: z.boolean(),
    provisioning: z.boolean(),
    mailOut: z.boolean(),
    mailIn: z.boolean(),
    clientAuthentication: z.enum(Object.keys(clientAuthentications) as [ClientAuthentication]),
    responseType: z.enum(['code', 'code id_token']).describe('what the provider is asked to answer with'),
    responseMode: z.enum(['query', 'form_post']).describe('how the answer comes back'),
    authenticationContext: z
      .string()
      .regex(/^c(?:[1-9]|[1-9]\d)$/, 'is an authentication context of Microsoft Entra: c1 to c99')
      .nullable()
      .describe('what each sign-in must satisfy by Conditional Access'),
    trustEmail: z.boolean().describe('take its e-mail addresses for verified, whatever its claims say'),
    linkable: z.boolean().describe('who has an account here already may add a link of this connection on the own page'),
    registration,
    defaultRole: productRole.nullable().describe('the role of an account that is made at a first sign-in'),
    userNameFrom: userNameRule,
    roleMappings: z
      .array(roleMapping)
      .max(100)
      .describe('app roles and groups that give a role; an app role that is not listed gives the role of its own name'),
    sessionHours: z.int().min(1).max(720).describe('a session is over after this, whatever happens'),
    idleMinutes: z.int().min(5).max(43_200).describe('a session is over after this without use'),
  })
  .meta({ id: 'ConnectionSettings' });
export type ConnectionSettings = z.output<typeof connectionSettings>;

/** What a new connection starts with. */
export const firstSettings = {
  provider: 'entra',
  cloud: 'global',
  accountType: 'oneTenant',
  tenantId: null,
  tenantIds: [],
  issuer: '',
  preset: null,
  metadataUrl: null,
  clientId: null,
  domains: [],
  signIn: true,
  provisioning: false,
  mailOut: false,
  mailIn: false,
  clientAuthentication: 'secret',
  responseType: 'code',
  responseMode: 'query',
  authenticationContext: null,
  trustEmail: false,
  linkable: false,
  registration: 'off',
  defaultRole: null,
  userNameFrom: 'preferredUsername',
  roleMappings: [],
  sessionHours: 12,
  idleMinutes: 120,
} satisfies Omit<ConnectionSettings, 'name'>;

/** The settings as they are given: each may be left out, and `startFrom` stands for what follows from it. */
export const settingsInput = {
  provider: connectionSettings.shape.provider.optional().describe('what signs the people in'),
  startFrom: z
    .string()
    .max(2000)
    .optional()
    .describe(
      'tenant id, a domain of the tenant, provider URL (issuer), or metadata document URL; the rest is derived',
    ),
  preset: connectionSettings.shape.preset.optional(),
  cloud: cloudName.optional().describe('the cloud of the tenant; told by the starting point in most cases'),
  accountType: connectionSettings.shape.accountType.optional().describe('whose people may sign in'),
  tenantIds: connectionSettings.shape.tenantIds.optional(),
  clientId: z
    .string()
    .max(200)
    .nullable()
    .optional()
    .describe('Application (client) ID of the app registration; client id'),
  domains: connectionSettings.shape.domains.optional(),
  signIn: z.boolean().optional().describe('people sign in'),
  provisioning: z.boolean().optional().describe('users and groups are provisioned'),
  mailOut: z.boolean().optional().describe('mail is sent'),
  mailIn: z.boolean().optional().describe('mail is received'),
  clientAuthentication: connectionSettings.shape.clientAuthentication
    .optional()
    .describe('how Portico proves that it is the application'),
  responseType: connectionSettings.shape.responseType.optional(),
  responseMode: connectionSettings.shape.responseMode.optional(),
  authenticationContext: connectionSettings.shape.authenticationContext.optional(),
  trustEmail: connectionSettings.shape.trustEmail.optional(),
  linkable: connectionSettings.shape.linkable.optional(),
  registration: registration.optional().describe('whether a person never seen before gets an account by signing in'),
  defaultRole: connectionSettings.shape.defaultRole.optional(),
  userNameFrom: connectionSettings.shape.userNameFrom
    .optional()
    .describe('what the user name of a new account is made of'),
  roleMappings: connectionSettings.shape.roleMappings.optional(),
  sessionHours: connectionSettings.shape.sessionHours.optional(),
  idleMinutes: connectionSettings.shape.idleMinutes.optional(),
};
