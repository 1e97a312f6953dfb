import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { cycle } from './provisioning.ts';
import { connectionId, id, page, pageOf, time } from './shape.ts';

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
  'users.list': {
    method: 'GET',
    path: '/directories/{directory}/users',
    right: 'users:read',
    summary: 'List provisioned users',
    query: page.extend({
      userName: z
        .string()
        .max(300)
        .optional()
        .describe('begins with, without case; of somebody deleted in Entra also the name of before'),
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
});
