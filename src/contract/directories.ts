import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { connectionId, displayName, givenTime, id, page, pageOf, time } from './shape.ts';

const directory = z
  .strictObject({
    id: connectionId,
    tenantUrl: z.string(),
    users: z.int(),
    activeUsers: z.int(),
    groups: z.int(),
    lastContactAt: time.nullable(),
    nextExpectedAt: time.nullable().describe('last contact and 40 minutes'),
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

const user = z
  .strictObject({
    id,
    userName: z.string(),
    externalId: z.string().nullable(),
    displayName: z.string().nullable(),
    email: z.string().nullable(),
    active: z.boolean(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'User' });
export type User = z.output<typeof user>;

const userDetail = user
  .extend({
    resource: z.record(z.string(), z.json()).describe('the SCIM resource'),
    groups: z.array(z.strictObject({ id, displayName: z.string() })),
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

export const directoryEntries = entriesOf({
  'directories.get': {
    method: 'GET',
    path: '/directories/{directory}',
    right: 'users:read',
    summary: 'Get a directory: its Tenant URL, counts and last contact',
    answer: directory,
    status: 200,
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
  'requests.list': {
    method: 'GET',
    path: '/directories/{directory}/requests',
    right: 'requests:read',
    summary: 'List recorded provisioning requests, newest first',
    query: page.extend({
      outcome: z.enum(['all', 'changed', 'refused']).default('all').describe('only those with this outcome'),
      resource: id.optional().describe('only those about this user or group'),
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
});
