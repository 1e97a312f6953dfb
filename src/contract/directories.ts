import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { connectionId, displayName, givenTime, id, page, pageOf, time } from './shape.ts';

const attributeType = z.enum(['string', 'boolean', 'decimal', 'integer', 'dateTime', 'binary', 'reference', 'complex']);

const subAttribute = z.strictObject({
  name: z.string().min(1).max(64),
  description: z.string().max(300).default(''),
  type: attributeType.exclude(['complex']).default('string'),
  caseExact: z.boolean().default(false),
  canonicalValues: z.array(z.string().max(100)).max(50).default([]),
});

const extensionAttribute = subAttribute.extend({
  type: attributeType.default('string'),
  multiValued: z.boolean().default(false),
  subAttributes: z.array(subAttribute).max(30).default([]).describe('of a complex attribute'),
});

const extension = z
  .strictObject({
    resourceType: z.enum(['User', 'Group']),
    id: z.string().max(200).describe('a URN of your own, such as urn:example:schemas:1.0:User'),
    name: z.string().min(1).max(64),
    description: z.string().max(300).default(''),
    attributes: z.array(extensionAttribute).min(1).max(100),
  })
  .meta({ id: 'SchemaExtension', description: 'A schema extension declared as data (RFC 7643 §3.3, §7).' });

const brake = z.strictObject({
  percent: z
    .int()
    .min(1)
    .max(100)
    .describe('hold when more than this share of the active users would be switched off or removed; 100: never'),
  minutes: z.int().min(1).max(1440).describe('within so many minutes'),
});

const directorySettings = z
  .strictObject({
    strict: z.boolean().describe('refuse what the RFCs do not say, instead of understanding it'),
    schemaProfile: z
      .enum(['full', 'trimmed'])
      .describe("what /Schemas lists; trimmed: without what Microsoft's hosted validator refuses to see"),
    extensions: z
      .array(extension)
      .max(10)
      .describe(
        'own schema extensions; of one that is taken away the values are kept unseen, and are there again with it',
      ),
    requestsPerSecond: z.int().min(25).max(10_000).describe('more are answered 429; 10,000 by default'),
    accessTokenMinutes: z.int().min(60).max(360).describe('how long access tokens from the token endpoint last'),
    brake: brake.describe('what stops a mass deactivation; never fewer than 10 users'),
    onlyMembersOf: z
      .array(z.string().min(1).max(300))
      .max(50)
      .describe('display names of groups; with any, only their members may sign in'),
  })
  .meta({ id: 'DirectorySettings' });
export type DirectorySettings = z.output<typeof directorySettings>;

const count = z.int();

const cycle = z
  .strictObject({
    id,
    kind: z
      .enum(['test', 'initial', 'incremental', 'single'])
      .describe(
        'as far as traffic tells. test: a connection test; initial: it brought or looked at most of what is there, at first or after a restart; single: about one user or group, such as on demand',
      ),
    client: z.string().nullable().describe('its user agent'),
    startedAt: time,
    lastAt: time.describe('its newest request'),
    endedAt: time.nullable().describe('null while under way: it ends when the client is silent for 10 minutes'),
    requests: count,
    lookups: count.describe('users and groups looked for or read'),
    created: count,
    updated: count,
    disabled: count,
    deleted: count,
    unchanged: count,
    failed: count.describe('requests that were refused'),
    referencesFailed: count.describe('managers and members that could not be set'),
    throttled: count.describe('answered 429'),
    resourceId: z.string().nullable().describe('the one user or group that it was about'),
  })
  .meta({ id: 'Cycle', description: 'What a provisioning client did in one go.' });
export type Cycle = z.output<typeof cycle>;

const quarantine = z
  .strictObject({
    risk: z.enum(['none', 'some', 'high']),
    why: z.string().nullable(),
    recover: z.string().nullable().describe('what to do, most of it in Entra'),
  })
  .meta({ id: 'QuarantineRisk', description: 'Whether Entra puts the provisioning job into quarantine.' });

const directory = z
  .strictObject({
    id: connectionId,
    tenantUrl: z.string(),
    users: z.int(),
    activeUsers: z.int(),
    groups: z.int(),
    lastContactAt: time.nullable(),
    nextExpectedAt: time.nullable().describe('last contact and 40 minutes'),
    lateSince: time.nullable().describe('when it should have called; null while it is not two cycles late'),
    lastCycle: cycle.nullable(),
    quarantine,
    held: z.int().describe('changes that the brake holds for an operator'),
    heldSince: time.nullable(),
    settings: directorySettings,
    version: z.int(),
  })
  .meta({ id: 'Directory', description: 'The users and groups that one connection provisions.' });
export type Directory = z.output<typeof directory>;

const token = z
  .strictObject({
    id,
    name: z.string(),
    createdAt: time,
    expiresAt: time,
    daysLeft: z.int(),
    lastUsedAt: time.nullable(),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'Token', description: 'A Secret Token by which a provisioning client calls the Tenant URL.' });
export type Token = z.output<typeof token>;

const clientSecret = z
  .strictObject({
    id,
    name: z.string(),
    createdAt: time,
    expiresAt: time,
    daysLeft: z.int(),
    lastUsedAt: time.nullable().describe('when an access token was last got with it'),
    revokedAt: time.nullable(),
  })
  .meta({ id: 'ClientSecret', description: 'By it a provisioning client gets access tokens (RFC 6749 §4.4).' });
export type ClientSecret = z.output<typeof clientSecret>;

const assertionTrust = z
  .strictObject({
    id,
    name: z.string(),
    tenantId: z.string(),
    issuer: z.string().describe('iss'),
    subject: z.string().describe('sub'),
    audience: z.string().describe('aud, without /.default; both forms are taken'),
    createdAt: time,
    lastUsedAt: time.nullable().describe('when an access token was last got with one'),
  })
  .meta({
    id: 'AssertionTrust',
    description:
      'Assertions that Microsoft Entra signs for a workload identity, by which provisioning gets access tokens.',
  });
export type AssertionTrust = z.output<typeof assertionTrust>;

const user = z
  .strictObject({
    id,
    userName: z.string(),
    externalId: z.string().nullable(),
    displayName: z.string().nullable(),
    email: z.string().nullable(),
    active: z.boolean(),
    softDeleted: z
      .boolean()
      .describe('deleted in Entra, which can restore it for 30 days; userName is without the object id put before it'),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'User', description: 'A user as provisioning made it; read-only here, changed in the tenant.' });
export type User = z.output<typeof user>;

const userDetail = user
  .extend({
    resource: z.record(z.string(), z.json()).describe('the SCIM resource'),
    groups: z.array(z.strictObject({ id, displayName: z.string() })),
    manager: z
      .strictObject({ id, userName: z.string().nullable(), displayName: z.string().nullable(), dangling: z.boolean() })
      .nullable()
      .describe('dangling where no user of that id is there'),
  })
  .meta({ id: 'UserDetail' });
export type UserDetail = z.output<typeof userDetail>;

const group = z
  .strictObject({
    id,
    displayName: z.string(),
    externalId: z.string().nullable(),
    members: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Group' });
export type Group = z.output<typeof group>;

const member = z
  .strictObject({
    id,
    userName: z.string().nullable(),
    displayName: z.string().nullable(),
    active: z.boolean().nullable(),
    dangling: z.boolean(),
  })
  .meta({ id: 'Member', description: 'A member of a group; dangling where no user of that id is there.' });
export type Member = z.output<typeof member>;

const recordedRequest = z
  .strictObject({
    id,
    at: time,
    method: z.string(),
    path: z.string(),
    status: z.int(),
    ms: z.number(),
    token: z.string().nullable(),
    resourceId: z.string().nullable(),
    kind: z.enum(['changed', 'unchanged', 'read', 'refused']),
    outcome: z.string().describe('what it changed, or why it was refused, in a sentence'),
  })
  .meta({ id: 'RecordedRequest' });
export type RecordedRequest = z.output<typeof recordedRequest>;

const recordedRequestDetail = recordedRequest
  .extend({
    request: z.string().nullable().describe('the body, redacted'),
    answer: z.string().nullable().describe('the body, redacted'),
    changes: z.array(z.strictObject({ path: z.string(), before: z.json(), after: z.json() })),
  })
  .meta({ id: 'RecordedRequestDetail' });
export type RecordedRequestDetail = z.output<typeof recordedRequestDetail>;

const heldChange = z
  .strictObject({
    user: z.strictObject({ id, userName: z.string().nullable(), displayName: z.string().nullable() }),
    wish: z.enum(['deactivate', 'delete']),
    state: z.enum(['held', 'released', 'dropped']),
    heldAt: time,
    lastAskedAt: time.describe('when the provisioning client asked for it last'),
    times: z.int().describe('how often it asked'),
    token: z.string(),
    request: id.describe('the recorded request that asked last'),
    method: z.string(),
    path: z.string(),
    body: z.string().nullable().describe('as it came, redacted'),
    refusedUntil: time.nullable().describe('until when a dropped change is refused'),
  })
  .meta({ id: 'HeldChange', description: 'A change that the brake holds: somebody would lose access.' });
export type HeldChange = z.output<typeof heldChange>;

const whichHeld = z.strictObject({
  users: z.array(id).min(1).max(200).optional().describe('those of these users'),
  all: z.boolean().default(false).describe('all that are held'),
});
const replay = z
  .strictObject({
    id,
    at: time.describe('when it came'),
    method: z.string(),
    path: z.string(),
    status: z.int(),
    kind: z.enum(['changed', 'unchanged', 'read', 'refused']),
    outcome: z.string().describe('what it would change, or why it would be refused, in a sentence'),
    answer: z.string().nullable(),
    changes: recordedRequestDetail.shape.changes,
    was: z.strictObject({ status: z.int(), outcome: z.string() }),
    differences: recordedRequestDetail.shape.changes
      .nullable()
      .describe('of the answer, then and now; null where that of then was not kept whole, or one of them is a refusal'),
    same: z.boolean().describe('whether it would be answered as it was'),
  })
  .meta({ id: 'Replay', description: 'What a recorded request would do now; nothing of it is written.' });
export type Replay = z.output<typeof replay>;

export const directoryEntries = entriesOf({
  'directories.get': {
    method: 'GET',
    path: '/directories/{directory}',
    right: 'users:read',
    summary: 'Get a directory: its Tenant URL, counts and last contact',
    answer: directory,
    status: 200,
  },
  'directories.update': {
    method: 'PATCH',
    path: '/directories/{directory}',
    right: 'directories:update',
    summary: 'Change how a directory answers: strictness, extensions, limits, brake',
    body: directorySettings.partial(),
    answer: directory,
    status: 200,
    problems: ['version-changed'],
  },
  'tokens.list': {
    method: 'GET',
    path: '/directories/{directory}/tokens',
    right: 'tokens:read',
    summary: 'List SCIM tokens, without their values',
    query: page,
    answer: pageOf(token),
    status: 200,
  },
  'tokens.create': {
    method: 'POST',
    path: '/directories/{directory}/tokens',
    right: 'tokens:issue',
    summary: 'Issue a SCIM token; its value is shown this once',
    body: z.strictObject({
      name: displayName.default('Secret Token').describe('a name to know it by'),
      expiresAt: givenTime.optional().describe('at most 10 years ahead; one year by default'),
    }),
    answer: token.extend({ value: z.string().describe('paste it into Secret Token; it does not come back') }),
    status: 201,
  },
  'tokens.revoke': {
    method: 'DELETE',
    path: '/directories/{directory}/tokens/{token}',
    right: 'tokens:issue',
    summary: 'Revoke a SCIM token',
    status: 204,
  },
  'clientSecrets.list': {
    method: 'GET',
    path: '/directories/{directory}/client-secrets',
    right: 'tokens:read',
    summary: 'List the client secrets of provisioning, without their values',
    query: page,
    answer: pageOf(clientSecret),
    status: 200,
  },
  'clientSecrets.create': {
    method: 'POST',
    path: '/directories/{directory}/client-secrets',
    right: 'tokens:issue',
    summary: 'Issue a client secret for provisioning; its value is shown this once',
    body: z.strictObject({
      name: displayName.default('Client secret').describe('a name to know it by'),
      expiresAt: givenTime.optional().describe('1 to 3 years ahead; two years by default'),
    }),
    answer: clientSecret.extend({
      value: z.string().describe('the client secret; it does not come back'),
      clientId: connectionId,
      tokenEndpoint: z.string(),
    }),
    status: 201,
  },
  'clientSecrets.revoke': {
    method: 'DELETE',
    path: '/directories/{directory}/client-secrets/{clientSecret}',
    right: 'tokens:issue',
    summary: 'Revoke a client secret of provisioning, and the access tokens that were got with it',
    status: 204,
  },
  'assertions.list': {
    method: 'GET',
    path: '/directories/{directory}/assertions',
    right: 'tokens:read',
    summary: 'List the assertions that are trusted: issuer, subject and audience',
    query: page,
    answer: pageOf(assertionTrust),
    status: 200,
  },
  'assertions.create': {
    method: 'POST',
    path: '/directories/{directory}/assertions',
    right: 'tokens:issue',
    summary: 'Trust the assertions that Microsoft Entra signs for a workload identity (workload identity federation)',
    body: z.strictObject({
      name: displayName.default('Microsoft Entra').describe('a name to know it by'),
      subject: z.string().trim().min(1).max(600).describe('Subject (sub), as Entra shows it: an object id'),
      audience: z
        .string()
        .trim()
        .min(1)
        .max(600)
        .optional()
        .describe('Audience (aud), as Entra shows it; api:// and the Application (client) ID by default'),
      tenantId: z
        .string()
        .max(200)
        .optional()
        .describe('tenant id of the issuer; the tenant of the connection by default'),
    }),
    answer: assertionTrust,
    status: 201,
    problems: ['conflict'],
  },
  'assertions.delete': {
    method: 'DELETE',
    path: '/directories/{directory}/assertions/{assertion}',
    right: 'tokens:issue',
    summary: 'Trust these assertions no more, and end the access tokens that were got with them',
    status: 204,
  },
  'users.list': {
    method: 'GET',
    path: '/directories/{directory}/users',
    right: 'users:read',
    summary: 'List provisioned users',
    query: page.extend({
      userName: z.string().max(300).optional().describe('begins with, without case'),
      active: z
        .stringbool({ truthy: ['true'], falsy: ['false'] })
        .optional()
        .describe('true: only active ones; false: only the others'),
    }),
    answer: pageOf(user),
    status: 200,
  },
  'users.get': {
    method: 'GET',
    path: '/directories/{directory}/users/{user}',
    right: 'users:read',
    summary: 'Get a provisioned user with the SCIM resource and groups',
    answer: userDetail,
    status: 200,
  },
  'groups.list': {
    method: 'GET',
    path: '/directories/{directory}/groups',
    right: 'users:read',
    summary: 'List provisioned groups',
    query: page.extend({ displayName: z.string().max(300).optional().describe('begins with, without case') }),
    answer: pageOf(group),
    status: 200,
  },
  'groups.get': {
    method: 'GET',
    path: '/directories/{directory}/groups/{group}',
    right: 'users:read',
    summary: 'Get a provisioned group',
    answer: group,
    status: 200,
  },
  'groups.members': {
    method: 'GET',
    path: '/directories/{directory}/groups/{group}/members',
    right: 'users:read',
    summary: 'List the members of a group',
    query: page,
    answer: pageOf(member),
    status: 200,
  },
  'cycles.list': {
    method: 'GET',
    path: '/directories/{directory}/cycles',
    right: 'requests:read',
    summary: 'List provisioning cycles, newest first, with what each created, updated, disabled and failed at',
    query: page,
    answer: pageOf(cycle),
    status: 200,
  },
  'requests.list': {
    method: 'GET',
    path: '/directories/{directory}/requests',
    right: 'requests:read',
    summary: 'List recorded provisioning requests, newest first: search by whom, outcome, status, method, time',
    query: page.extend({
      about: z
        .string()
        .min(1)
        .max(300)
        .optional()
        .describe("a user name or a group's name or the beginning of one, an externalId, or an id; no user need exist"),
      resource: id.optional().describe('only those about the user or group of this id'),
      outcome: z
        .enum(['all', 'changed', 'unchanged', 'refused', 'read'])
        .default('all')
        .describe('only those with this outcome'),
      status: z.coerce.number().int().min(100).max(599).optional().describe('only those answered so'),
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional().describe('only those of this method'),
      from: givenTime.optional().describe('only those from then on'),
      to: givenTime.optional().describe('only those before then'),
    }),
    answer: pageOf(recordedRequest),
    status: 200,
  },
  'requests.get': {
    method: 'GET',
    path: '/directories/{directory}/requests/{request}',
    right: 'requests:read',
    summary: 'Get a recorded request with both bodies and the change it made',
    answer: recordedRequestDetail,
    status: 200,
  },
  'held.list': {
    method: 'GET',
    path: '/directories/{directory}/held',
    right: 'users:read',
    summary: 'List the changes that the brake holds: who would lose access, since when, by which request',
    query: page.extend({
      state: z.enum(['held', 'released', 'dropped']).default('held').describe('only those in this state'),
    }),
    answer: pageOf(heldChange),
    status: 200,
  },
  'held.release': {
    method: 'POST',
    path: '/directories/{directory}/held/release',
    right: 'directories:update',
    summary: 'Release held changes: Portico makes them at once, as they were asked for',
    body: whichHeld,
    answer: z.strictObject({ released: z.int(), held: z.int().describe('still held') }),
    status: 200,
  },
  'held.drop': {
    method: 'POST',
    path: '/directories/{directory}/held/drop',
    right: 'directories:update',
    summary: 'Drop held changes: nothing is changed, and for a day they are refused when asked for again',
    body: whichHeld,
    answer: z.strictObject({ dropped: z.int(), held: z.int().describe('still held') }),
    status: 200,
  },
  'requests.replay': {
    method: 'POST',
    path: '/directories/{directory}/requests/{request}/replay',
    right: 'requests:read',
    summary: 'Try a recorded request again against the directory as it is now, and write nothing',
    answer: replay,
    status: 200,
    problems: ['wrong-state'],
  },
});
