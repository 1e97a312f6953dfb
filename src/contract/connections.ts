import { z } from 'zod';
import { cloudName, connectionSettings, settingsInput } from './connection-settings.ts';
import { entriesOf } from './entry.ts';
import { connectionId, displayName, id, page, pageOf, time } from './shape.ts';

/** C8: a connection is a draft until tested settings were activated once. */
export const connectionStates = ['draft', 'tested', 'active', 'paused'] as const;
export type ConnectionState = (typeof connectionStates)[number];

const redirectUri = z.strictObject({
  platform: z.enum(['web', 'front-channel logout', 'native']),
  uri: z.string(),
  about: z.string(),
});
export type RedirectUri = z.output<typeof redirectUri>;

export const expiry = z.strictObject({
  kind: z.enum(['secret', 'token', 'clientSecret']),
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
    tokenEndpoint: z
      .string()
      .describe('where provisioning gets access tokens; its client id is the id of the connection'),
    nextExpiry: expiry.nullable(),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Connection' });
export type Connection = z.output<typeof connection>;

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

const startingPoint = z
  .strictObject({
    cloud: cloudName.nullable().describe('null where the provider is not Microsoft Entra'),
    tenantId: z.string().nullable(),
    authority: z.string(),
    issuer: z.string(),
    providerUrl: z.string(),
    metadataUrl: z.string(),
    remark: z.string().nullable(),
  })
  .meta({ id: 'StartingPoint' });
export type StartingPoint = z.output<typeof startingPoint>;

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
    problems: ['conflict', 'refused-by-entra', 'refused-by-provider', 'upstream-unreachable'],
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
      provider: settingsInput.provider,
    }),
    answer: startingPoint,
    status: 200,
    problems: ['refused-by-entra', 'refused-by-provider', 'upstream-unreachable'],
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
    problems: ['version-changed', 'refused-by-entra', 'refused-by-provider', 'upstream-unreachable'],
  },
  'connections.delete': {
    method: 'DELETE',
    path: '/connections/{connection}',
    right: 'connections:delete',
    summary: 'Delete a connection with its directory, mailboxes, secrets and tokens; its id is never used again',
    status: 204,
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
    summary: 'Pause a connection: nobody signs in by it, sessions by it end, nothing is provisioned, no mail moves',
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
});
