import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { allRights, type Right, type Role, roles } from './rights.ts';
import { displayName, email, givenTime, id, page, pageOf, time } from './shape.ts';

const right = z.enum(allRights as readonly [Right, ...Right[]]);
const role = z.enum(Object.keys(roles) as [Role, ...Role[]]);

const operator = z
  .strictObject({
    id,
    name: displayName,
    email: email.nullable(),
    role,
    breakGlass: z.boolean().describe('it signs in by a break-glass credential, for the day when nobody else gets in'),
    version: z.int(),
    createdAt: time,
    lastSignInAt: time.nullable(),
  })
  .meta({ id: 'Operator', description: 'Somebody who runs Portico.' });
export type Operator = z.output<typeof operator>;

const key = z
  .strictObject({
    id,
    name: displayName,
    rights: z.array(right),
    organization: id.nullable().describe('the only organization it opens; null: all'),
    createdAt: time,
    expiresAt: time,
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Key', description: 'An API key.' });
export type Key = z.output<typeof key>;

const signInLink = z.strictObject({ url: z.string().describe('opens the console once'), expiresAt: time });

const session = z
  .strictObject({
    actor: z.strictObject({ type: z.enum(['operator', 'key']), id, name: z.string() }),
    rights: z.array(right),
    organization: id.nullable(),
    expiresAt: time,
  })
  .meta({ id: 'WhoAmI' });
export type WhoAmI = z.output<typeof session>;

const createKey = z.strictObject({
  name: displayName.describe('what it is for'),
  rights: z.array(right).min(1).describe('what its holder may do'),
  organization: id.nullable().default(null).describe('the only organization it opens; all where it is left out'),
  expiresAt: givenTime.optional().describe('at most 10 years ahead; one year by default'),
});
export type CreateKey = z.output<typeof createKey>;

export const accessEntries = entriesOf({
  'session.get': {
    method: 'GET',
    path: '/session',
    right: 'signed-in',
    summary: 'Who one is, and the rights one has',
    answer: session,
    status: 200,
  },
  'session.end': {
    method: 'DELETE',
    path: '/session',
    right: 'signed-in',
    summary: 'Sign out of the console',
    status: 204,
  },
  'operators.list': {
    method: 'GET',
    path: '/operators',
    right: 'operators:read',
    summary: 'List operators',
    query: page,
    answer: pageOf(operator),
    status: 200,
  },
  'operators.create': {
    method: 'POST',
    path: '/operators',
    right: 'operators:update',
    summary: 'Add an operator; the answer holds a one-time sign-in link',
    body: z.strictObject({
      name: displayName.describe('the name of the person'),
      email: email.nullable().default(null).describe('where the person is reached'),
      role: role.describe('the set of rights'),
    }),
    answer: operator.extend({ signInLink }),
    status: 201,
  },
  'operators.update': {
    method: 'PATCH',
    path: '/operators/{operator}',
    right: 'operators:update',
    summary: 'Change name, e-mail or role; at least one owner stays',
    body: z.strictObject({
      name: displayName.optional().describe('the name of the person'),
      email: email.nullable().optional().describe('where the person is reached'),
      role: role.optional().describe('the set of rights'),
    }),
    answer: operator,
    status: 200,
    problems: ['wrong-state', 'version-changed'],
  },
  'operators.delete': {
    method: 'DELETE',
    path: '/operators/{operator}',
    right: 'operators:update',
    summary: 'Remove an operator; at least one owner stays',
    status: 204,
    problems: ['wrong-state'],
  },
  'operators.link': {
    method: 'POST',
    path: '/operators/{operator}/links',
    right: 'operators:update',
    summary: 'Issue a one-time sign-in link',
    answer: signInLink,
    status: 201,
  },
  'keys.list': {
    method: 'GET',
    path: '/keys',
    right: 'keys:read',
    summary: 'List API keys, without their values',
    query: page,
    answer: pageOf(key),
    status: 200,
  },
  'keys.create': {
    method: 'POST',
    path: '/keys',
    right: 'keys:issue',
    summary: 'Issue an API key with no more rights than one holds; its value is shown this once',
    body: createKey,
    answer: key.extend({ value: z.string().describe('Authorization: Bearer …; it does not come back') }),
    status: 201,
  },
  'keys.revoke': {
    method: 'DELETE',
    path: '/keys/{key}',
    right: 'keys:issue',
    summary: 'Revoke an API key',
    status: 204,
  },
});
