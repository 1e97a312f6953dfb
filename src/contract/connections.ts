import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { setupPlan } from './setup-plan.ts';
import { connectionId, displayName, givenTime, id, page, pageOf, time } from './shape.ts';

/** C3: whose people may sign in. */
export const accountTypes = {
  oneTenant: 'people of one tenant',
  selectedTenants: 'people of the tenants on the list',
  anyOrganization: 'people of any organization',
  anyOrganizationAndPersonal: 'people of any organization, and personal Microsoft accounts',
  personalOnly: 'personal Microsoft accounts only',
} as const;
export type AccountType = keyof typeof accountTypes;

/** C8: a connection is a draft until tested settings were activated once. */
export const connectionStates = ['draft', 'tested', 'active', 'paused'] as const;
export type ConnectionState = (typeof connectionStates)[number];

export const cloudName = z.enum(['global', 'usgov', 'china', 'simulated']);

/** S7: whether a person whom Portico has never seen may get an account by signing in. */
export const registration = z.enum(['off', 'on', 'provisioned']);

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, 'is not a domain name');

/** The settings of a connection; `draft` and `live` both have this shape. */
export const connectionSettings = z
  .strictObject({
    name: displayName,
    cloud: cloudName,
    accountType: z.enum(Object.keys(accountTypes) as [AccountType, ...AccountType[]]),
    tenantId: z.string().nullable().describe('the tenant, where there is one'),
    tenantIds: z.array(z.string()).max(100).describe('the tenants of account type selectedTenants'),
    issuer: z.string().describe('issuer of the id tokens; holds {tenantid} where there are several tenants'),
    clientId: z.string().nullable().describe('Application (client) ID'),
    domains: z.array(domain).max(10).describe('e-mail domains whose people are sent to this connection'),
    signIn: z.boolean(),
    provisioning: z.boolean(),
    mailOut: z.boolean(),
    mailIn: z.boolean(),
    registration,
  })
  .meta({ id: 'ConnectionSettings' });
export type ConnectionSettings = z.output<typeof connectionSettings>;

const redirectUri = z.strictObject({
  platform: z.enum(['web', 'front-channel logout', 'native']),
  uri: z.string(),
  about: z.string(),
});
export type RedirectUri = z.output<typeof redirectUri>;

export const expiry = z.strictObject({
  kind: z.enum(['secret', 'token']),
  id,
  name: z.string(),
  expiresAt: time,
  daysLeft: z.int().describe('whole days; negative once it is over'),
});
export type Expiry = z.output<typeof expiry>;

export const connection = z
  .strictObject({
    id: connectionId,
    organization: id,
    name: z.string(),
    state: z.enum(connectionStates),
    live: connectionSettings.nullable(),
    draft: connectionSettings.nullable().describe('settings that are not live yet'),
    draftTestedAt: time.nullable(),
    canRollBack: z.boolean(),
    redirectUris: z.array(redirectUri),
    tenantUrl: z.string().describe('Tenant URL for provisioning'),
    nextExpiry: expiry.nullable(),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Connection' });
export type Connection = z.output<typeof connection>;

const settingsInput = {
  startFrom: z
    .string()
    .max(2000)
    .optional()
    .describe('tenant id, a domain of the tenant, provider URL, or metadata document URL; the rest is derived'),
  cloud: cloudName.optional().describe('the cloud of the tenant; told by the starting point in most cases'),
  accountType: connectionSettings.shape.accountType.optional().describe('whose people may sign in'),
  tenantIds: connectionSettings.shape.tenantIds.optional(),
  clientId: z.string().max(200).nullable().optional().describe('Application (client) ID of the app registration'),
  domains: connectionSettings.shape.domains.optional(),
  signIn: z.boolean().optional().describe('people sign in'),
  provisioning: z.boolean().optional().describe('users and groups are provisioned'),
  mailOut: z.boolean().optional().describe('mail is sent'),
  mailIn: z.boolean().optional().describe('mail is received'),
  registration: registration.optional().describe('whether a person never seen before gets an account by signing in'),
};

const createConnection = z
  .strictObject({
    id: connectionId.describe('lower-case letters, digits and dashes; it stands in every address and never changes'),
    name: displayName.describe('as in "Login to <name>"'),
    ...settingsInput,
  })
  .meta({ id: 'CreateConnection' });
const updateConnection = z
  .strictObject({ name: displayName.optional().describe('as in "Login to <name>"'), ...settingsInput })
  .meta({ id: 'UpdateConnection' });
export type CreateConnection = z.output<typeof createConnection>;
export type UpdateConnection = z.output<typeof updateConnection>;

export const checkOutcomes = ['passed', 'warning', 'failed', 'waiting'] as const;
export const check = z
  .strictObject({
    name: z.string().describe('stable name, such as oidc.discovery'),
    title: z.string(),
    outcome: z.enum(checkOutcomes),
    saw: z.string().describe('what was seen'),
    matters: z.string().describe('why it matters'),
    next: z.string().nullable().describe('what to click or type next; null where nothing is to do'),
    link: z.string().nullable().describe('where to click, values filled in'),
  })
  .meta({ id: 'Check', description: 'One question about a connection that Portico answered by trying.' });
export type Check = z.output<typeof check>;

const checkReport = z.strictObject({ settings: z.enum(['draft', 'live']), at: time, checks: z.array(check) });
export type CheckReport = z.output<typeof checkReport>;

const startingPoint = z
  .strictObject({
    cloud: cloudName,
    tenantId: z.string().nullable(),
    authority: z.string(),
    issuer: z.string(),
    providerUrl: z.string(),
    metadataUrl: z.string(),
    remark: z.string().nullable(),
  })
  .meta({ id: 'StartingPoint' });
export type StartingPoint = z.output<typeof startingPoint>;

const secret = z
  .strictObject({
    id,
    name: z.string(),
    hint: z.string().describe('the first three characters of the value, as Microsoft Entra shows them'),
    state: z.enum(['waiting', 'current', 'previous']),
    expiresAt: time.nullable(),
    daysLeft: z.int().nullable(),
    createdAt: time,
    provenAt: time.nullable().describe('when a token was last got with it'),
  })
  .meta({ id: 'Secret', description: 'A client secret we present to Microsoft Entra. Its value never comes back.' });
export type Secret = z.output<typeof secret>;

const signInTest = z
  .strictObject({
    id,
    url: z.string().describe('open this in a browser and sign in'),
    state: z.enum(['waiting', 'passed', 'failed']),
    claims: z.record(z.string(), z.json()).nullable().describe('the decoded id token'),
    wouldDo: z
      .array(z.strictObject({ question: z.string(), answer: z.string(), good: z.boolean() }))
      .describe('what Portico would make of it'),
    refusal: z.strictObject({ code: z.string().nullable(), meaning: z.string(), remedy: z.string() }).nullable(),
    expiresAt: time,
  })
  .meta({ id: 'SignInTest' });
export type SignInTest = z.output<typeof signInTest>;

export const connectionEntries = entriesOf({
  'connections.list': {
    method: 'GET',
    path: '/connections',
    right: 'connections:read',
    summary: 'List connections, of one organization or of all that one may see',
    query: page.extend({ organization: id.optional().describe('only those of this organization') }),
    answer: pageOf(connection),
    status: 200,
  },
  'connections.create': {
    method: 'POST',
    path: '/organizations/{organization}/connections',
    right: 'connections:create',
    summary: 'Add a connection as a draft',
    body: createConnection,
    answer: connection,
    status: 201,
    problems: ['conflict', 'refused-by-entra', 'upstream-unreachable'],
  },
  'connections.start': {
    method: 'POST',
    path: '/starting-point',
    right: 'connections:read',
    summary: 'Derive tenant, issuer and addresses from any one of them',
    body: z.strictObject({
      startFrom: settingsInput.startFrom
        .unwrap()
        .min(1)
        .describe('tenant id, a domain of the tenant, provider URL, or metadata document URL'),
      cloud: settingsInput.cloud,
    }),
    answer: startingPoint,
    status: 200,
    problems: ['refused-by-entra', 'upstream-unreachable'],
  },
  'connections.get': {
    method: 'GET',
    path: '/connections/{connection}',
    right: 'connections:read',
    summary: 'Get a connection',
    answer: connection,
    status: 200,
  },
  'connections.update': {
    method: 'PATCH',
    path: '/connections/{connection}',
    right: 'connections:update',
    summary: 'Change the draft settings; the live ones stay as they are until the draft is activated',
    body: updateConnection,
    answer: connection,
    status: 200,
    problems: ['version-changed', 'refused-by-entra', 'upstream-unreachable'],
  },
  'connections.delete': {
    method: 'DELETE',
    path: '/connections/{connection}',
    right: 'connections:delete',
    summary: 'Delete a connection with its directory, mailboxes, secrets and tokens; its id is never used again',
    status: 204,
    problems: ['wrong-state', 'version-changed'],
  },
  'connections.test': {
    method: 'POST',
    path: '/connections/{connection}/test',
    right: 'connections:update',
    summary: 'Run the checks on the draft settings; without a failed one the connection is tested',
    answer: checkReport,
    status: 200,
    problems: ['wrong-state', 'version-changed'],
  },
  'connections.activate': {
    method: 'POST',
    path: '/connections/{connection}/activate',
    right: 'connections:update',
    summary: 'Make the tested draft live, or take up a paused connection again',
    answer: connection,
    status: 200,
    problems: ['wrong-state'],
  },
  'connections.pause': {
    method: 'POST',
    path: '/connections/{connection}/pause',
    right: 'connections:update',
    summary: 'Pause a connection: nobody signs in by it, nothing is provisioned, no mail moves',
    answer: connection,
    status: 200,
    problems: ['wrong-state'],
  },
  'connections.rollback': {
    method: 'POST',
    path: '/connections/{connection}/rollback',
    right: 'connections:update',
    summary: 'Make the settings before the last activation live again',
    answer: connection,
    status: 200,
    problems: ['wrong-state'],
  },
  'connections.checks': {
    method: 'POST',
    path: '/connections/{connection}/checks',
    right: 'connections:read',
    summary: 'Run the checks on the live settings, or on the draft where nothing is live',
    answer: checkReport,
    status: 200,
  },
  'connections.plan': {
    method: 'GET',
    path: '/connections/{connection}/plan',
    right: 'connections:read',
    summary: 'The setup plan with the portal steps, values filled in',
    answer: setupPlan,
    status: 200,
  },
  'connections.testSignIn': {
    method: 'POST',
    path: '/connections/{connection}/sign-in-tests',
    right: 'connections:update',
    summary: 'Start a test sign-in: it shows the claims and what would happen, and creates nothing',
    answer: signInTest,
    status: 201,
    problems: ['wrong-state'],
  },
  'connections.signInTest': {
    method: 'GET',
    path: '/connections/{connection}/sign-in-tests/{test}',
    right: 'connections:read',
    summary: 'What a test sign-in showed',
    answer: signInTest,
    status: 200,
  },
  'secrets.list': {
    method: 'GET',
    path: '/connections/{connection}/secrets',
    right: 'secrets:read',
    summary: 'List the secrets of a connection, without their values',
    query: page,
    answer: pageOf(secret),
    status: 200,
  },
  'secrets.set': {
    method: 'POST',
    path: '/connections/{connection}/secrets',
    right: 'secrets:set',
    summary: 'Store a client secret; it waits until it has proven itself',
    body: z.strictObject({
      value: z.string().min(1).max(2000).describe('the Value of the client secret, not the Secret ID'),
      name: displayName.optional().describe('a name to know it by'),
      expiresAt: givenTime.nullable().optional().describe('when it ends: the column Expires'),
    }),
    answer: secret,
    status: 201,
  },
  'secrets.rotate': {
    method: 'POST',
    path: '/connections/{connection}/secrets/{secret}/activate',
    right: 'secrets:set',
    summary: 'Ask for a token with this secret and, if Microsoft Entra gives one, use it from now on',
    answer: secret,
    status: 200,
    problems: ['refused-by-entra', 'upstream-unreachable'],
  },
  'secrets.delete': {
    method: 'DELETE',
    path: '/connections/{connection}/secrets/{secret}',
    right: 'secrets:set',
    summary: 'Remove a secret that is not in use',
    status: 204,
    problems: ['wrong-state'],
  },
});
