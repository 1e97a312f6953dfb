import { z } from 'zod';
import { productRole, userNameRule } from './connection-settings.ts';
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

const createLink = z.strictObject({
  connection: z.string().min(1).max(36).describe('the connection by which the person is going to sign in'),
  tenantId: z
    .string()
    .max(36)
    .nullable()
    .default(null)
    .describe('the tenant that the person comes from, where the connection takes several'),
  objectId: z
    .string()
    .trim()
    .min(1)
    .max(255)
    .describe('who it is there: the object id of the user in the tenant, or the subject at another provider'),
});
export type CreateLink = z.output<typeof createLink>;

export const account = z
  .strictObject({
    id,
    organization: id,
    userName: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    toldBy: z
      .string()
      .nullable()
      .describe(
        'who told name and e-mail, where they are changed: a tenant id, an issuer; null: the operator who added it, as it signs in by a password or passkey of Portico',
      ),
    disabled: z.boolean(),
    role: z.string().nullable().describe('the role of the account itself, beside those of groups and app roles'),
    origin: z
      .enum(['directory', 'sign-in'])
      .describe(
        'where the person comes from; name and e-mail are read-only here, and refreshed at each sign-in by a tenant or another provider',
      ),
    createdAt: time,
    lastSignInAt: time.nullable(),
  })
  .meta({ id: 'Account', description: 'A person who can sign in, in one organization.' });
export type Account = z.output<typeof account>;

const place = z
  .strictObject({
    countryCode: z.string().describe('ISO 3166-1, two letters'),
    country: z.string().describe('its name in English'),
    city: z.string().nullable().describe('null: the database of places knows none'),
  })
  .meta({ id: 'Place', description: 'Where an address is, by the database of places that the server was given.' });
export type Place = z.output<typeof place>;

const session = z
  .strictObject({
    id,
    account: id,
    connection: z.string().nullable().describe('the connection by which the person came; null: Portico itself'),
    createdAt: time,
    lastSeenAt: time,
    expiresAt: time,
    address: z.string().nullable().describe('where it was signed in from'),
    place: place.nullable().describe('where that is; null: it is not known'),
    device: z.string().describe('the browser in words, such as Edge on Windows'),
    userAgent: z.string().nullable().describe('what the browser calls itself'),
  })
  .meta({ id: 'Session' });
export type Session = z.output<typeof session>;

const pastUserName = z
  .strictObject({ userName: z.string(), account: id, leftAt: time, keptUntil: time })
  .meta({ id: 'PastUserName', description: 'The user name of a deleted account.' });
export type PastUserName = z.output<typeof pastUserName>;

const userNamePreview = z
  .strictObject({
    userName: z.string(),
    rule: z
      .union([userNameRule, z.literal('objectId')])
      .describe('the rule that gave it, where claims are missing another one'),
    state: z
      .enum(['free', 'taken', 'past'])
      .describe('taken: another account has it; past: a deleted one had it; both get random characters at the end'),
  })
  .meta({ id: 'UserNamePreview', description: 'What user name a person would get.' });
export type UserNamePreview = z.output<typeof userNamePreview>;

const claim = z.string().max(320).optional();

export const accountEntries = entriesOf({
  'accounts.list': {
    method: 'GET',
    path: '/organizations/{organization}/accounts',
    right: 'accounts:read',
    summary: 'List accounts, or search them by user name, name or e-mail address',
    query: page.extend({
      search: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .optional()
        .describe('what user name, name or e-mail address begins with'),
      state: z.enum(['enabled', 'disabled']).optional().describe('only those'),
    }),
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
    summary: 'Disable or enable an account, or change its role; name and e-mail come from who told them (`toldBy`)',
    body: z.strictObject({
      disabled: z.boolean().optional().describe('a disabled account cannot sign in'),
      role: productRole.nullable().optional().describe('the role of the account itself'),
      name: z.string().nullable().optional().describe('refused: it is changed where it comes from'),
      email: z.string().nullable().optional().describe('refused: it is changed where it comes from'),
    }),
    answer: account,
    status: 200,
    problems: ['wrong-state'],
  },
  'accounts.delete': {
    method: 'DELETE',
    path: '/organizations/{organization}/accounts/{account}',
    right: 'accounts:delete',
    summary: 'Delete an account with its links and sessions; its user name is kept, so that nobody else gets it',
    status: 204,
  },
  'userNames.past': {
    method: 'GET',
    path: '/organizations/{organization}/past-user-names',
    right: 'accounts:read',
    summary: 'List the user names of deleted accounts, which nobody else gets',
    query: page,
    answer: pageOf(pastUserName),
    status: 200,
  },
  'userNames.purge': {
    method: 'DELETE',
    path: '/organizations/{organization}/past-user-names/{userName}',
    right: 'accounts:delete',
    summary: 'Give the user name of a deleted account free, so that another account may get it',
    status: 204,
  },
  'userNames.preview': {
    method: 'GET',
    path: '/connections/{connection}/user-name',
    right: 'connections:read',
    summary: 'Tell what user name a person would get at a connection; nothing is created',
    query: z.strictObject({
      preferredUsername: claim.describe('the claim preferred_username'),
      email: claim.describe('the claim email'),
      givenName: claim.describe('the claim given_name'),
      familyName: claim.describe('the claim family_name'),
      rule: userNameRule.optional().describe('another rule than that of the connection'),
    }),
    answer: userNamePreview,
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
  'links.create': {
    method: 'POST',
    path: '/organizations/{organization}/accounts/{account}/links',
    right: 'links:create',
    summary: 'Link an account to a person: who signs in as that one is this account from then on',
    body: createLink,
    answer: link,
    status: 201,
    problems: ['invalid-request', 'conflict', 'wrong-state'],
  },
  'links.delete': {
    method: 'DELETE',
    path: '/organizations/{organization}/accounts/{account}/links/{link}',
    right: 'links:delete',
    summary: 'Remove a link; sessions that came by it end. One that was used stays while a directory has its user',
    status: 204,
    problems: ['wrong-state'],
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
  'sessions.endAll': {
    method: 'POST',
    path: '/organizations/{organization}/sessions/end',
    right: 'sessions:end',
    summary: 'End all sessions of an account, or of the whole organization',
    body: z.strictObject({ account: id.optional().describe('only those of this account') }),
    answer: z.strictObject({ ended: z.int().describe('how many there were') }).meta({ id: 'EndedSessions' }),
    status: 200,
  },
});
