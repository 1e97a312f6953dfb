import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { displayName, givenTime, id, page, pageOf, time } from './shape.ts';

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

export const secretEntries = entriesOf({
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
