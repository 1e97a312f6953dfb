import { z } from 'zod';
import { productRole } from './connection-settings.ts';
import { entriesOf } from './entry.ts';
import { id, page, pageOf, time } from './shape.ts';

const states = z.enum(['waiting', 'approved', 'declined']);

const accessRequest = z
  .strictObject({
    id,
    connection: z.string().describe('the connection by which the person signed in'),
    authority: z.string().describe('who vouched: a tenant id, or the issuer of another provider'),
    objectId: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    preferredUsername: z.string().nullable(),
    claims: z.record(z.string(), z.unknown()).describe('what the claims said beyond that'),
    state: states.describe('an approved person gets in with the next sign-in, and the request is gone then'),
    role: z.string().nullable(),
    words: z.string().nullable().describe('what a declined person is told'),
    decidedBy: z.string().nullable(),
    createdAt: time,
    decidedAt: time.nullable(),
  })
  .meta({ id: 'AccessRequest', description: 'A person whom a sign-in proved and who waits to be let in.' });
export type AccessRequest = z.output<typeof accessRequest>;

const path = '/organizations/{organization}/access-requests';

export const accessRequestEntries = entriesOf({
  'accessRequests.list': {
    method: 'GET',
    path,
    right: 'accounts:read',
    summary: 'List the requests of people to be let in',
    query: page.extend({ state: states.default('waiting').describe('only those') }),
    answer: pageOf(accessRequest),
    status: 200,
  },
  'accessRequests.get': {
    method: 'GET',
    path: `${path}/{accessRequest}`,
    right: 'accounts:read',
    summary: 'Get a request',
    answer: accessRequest,
    status: 200,
  },
  'accessRequests.approve': {
    method: 'POST',
    path: `${path}/{accessRequest}/approve`,
    right: 'accounts:create',
    summary: 'Let a person in: the next sign-in makes the account',
    body: z.strictObject({ role: productRole.nullable().optional().describe('the role of the account') }),
    answer: accessRequest,
    status: 200,
    problems: ['wrong-state'],
  },
  'accessRequests.decline': {
    method: 'POST',
    path: `${path}/{accessRequest}/decline`,
    right: 'accounts:create',
    summary: 'Do not let a person in',
    body: z.strictObject({ words: z.string().trim().min(1).max(500).optional().describe('what the person is told') }),
    answer: accessRequest,
    status: 200,
    problems: ['wrong-state'],
  },
  'accessRequests.delete': {
    method: 'DELETE',
    path: `${path}/{accessRequest}`,
    right: 'accounts:create',
    summary: 'Forget a request, so that the person can ask again',
    status: 204,
  },
});
