import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { id, page, pageOf, time } from './shape.ts';

const link = z
  .strictObject({
    id,
    connection: z
      .string()
      .nullable()
      .describe('the connection by which the person was linked; null: by Portico itself'),
    authority: z.string().describe('who vouches: a tenant id, the issuer of another provider, or local'),
    objectId: z.string().describe('who it is there: the object id in the tenant, or the subject'),
    userId: z.string().nullable().describe('the provisioned user, where the directory has one'),
    createdAt: time,
    lastSignInAt: time.nullable(),
  })
  .meta({
    id: 'Link',
    description: 'What proves an account: the object id in a tenant, or the subject at another provider.',
  });
export type Link = z.output<typeof link>;

const account = z
  .strictObject({
    id,
    organization: id,
    userName: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    disabled: z.boolean(),
    role: z.string().nullable().describe('the role of the account itself, beside those of groups and app roles'),
    origin: z
      .enum(['directory', 'sign-in'])
      .describe('where the person comes from; name and e-mail are read-only here and refreshed at each sign-in'),
    createdAt: time,
    lastSignInAt: time.nullable(),
  })
  .meta({ id: 'Account', description: 'A person who can sign in, in one organization.' });
export type Account = z.output<typeof account>;

const session = z
  .strictObject({
    id,
    account: id,
    connection: z.string().nullable().describe('the connection by which the person came; null: Portico itself'),
    createdAt: time,
    lastSeenAt: time,
    expiresAt: time,
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof session>;

export const accountEntries = entriesOf({
  'accounts.list': {
    method: 'GET',
    path: '/organizations/{organization}/accounts',
    right: 'accounts:read',
    summary: 'List accounts',
    query: page,
    answer: pageOf(account),
    status: 200,
  },
  'accounts.get': {
    method: 'GET',
    path: '/organizations/{organization}/accounts/{account}',
    right: 'accounts:read',
    summary: 'Get an account',
    answer: account,
    status: 200,
  },
  'accounts.update': {
    method: 'PATCH',
    path: '/organizations/{organization}/accounts/{account}',
    right: 'accounts:update',
    summary: 'Disable or enable an account; name and e-mail come from the tenant',
    body: z.strictObject({ disabled: z.boolean().optional().describe('a disabled account cannot sign in') }),
    answer: account,
    status: 200,
  },
  'links.list': {
    method: 'GET',
    path: '/organizations/{organization}/accounts/{account}/links',
    right: 'links:read',
    summary: 'List the links of an account',
    query: page,
    answer: pageOf(link),
    status: 200,
  },
  'links.delete': {
    method: 'DELETE',
    path: '/organizations/{organization}/accounts/{account}/links/{link}',
    right: 'links:delete',
    summary: 'Remove a link; sessions that came by it end',
    status: 204,
  },
  'sessions.list': {
    method: 'GET',
    path: '/organizations/{organization}/accounts/{account}/sessions',
    right: 'sessions:read',
    summary: 'List the valid sessions of an account',
    query: page,
    answer: pageOf(session),
    status: 200,
  },
  'sessions.end': {
    method: 'DELETE',
    path: '/organizations/{organization}/accounts/{account}/sessions/{session}',
    right: 'sessions:end',
    summary: 'End a session',
    status: 204,
  },
});
