import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { displayName, givenTime, id, page, pageOf, time } from './shape.ts';

const secret = z
  .strictObject({
    id,
    kind: z.enum(['secret', 'certificate']),
    recipient: z
      .string()
      .describe(
        'to whom alone it is presented: a cloud of Microsoft Entra ID, or the metadata document of another provider',
      ),
    name: z.string(),
    hint: z
      .string()
      .describe('the first characters of the value, or of the SHA-1 thumbprint, as Microsoft Entra shows them'),
    certificate: z.string().nullable().describe('PEM, to be uploaded at the provider; its key never comes out'),
    thumbprint: z.string().nullable().describe('SHA-1 of the certificate in hexadecimal, as Microsoft Entra shows it'),
    state: z.enum(['waiting', 'current', 'previous']),
    expiresAt: time.nullable(),
    daysLeft: z.int().nullable(),
    createdAt: time,
    provenAt: time.nullable().describe('when a token was last got with it'),
  })
  .meta({
    id: 'Secret',
    description:
      'What we present to prove who we are: a client secret or a certificate. Value and key never come back.',
  });
export type Secret = z.output<typeof secret>;

export const secretEntries = entriesOf({
  'secrets.list': {
    method: 'GET',
    path: '/connections/{connection}/secrets',
    right: 'secrets:read',
    summary: 'List the secrets and certificates of a connection, without values and keys',
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
  'secrets.certify': {
    method: 'POST',
    path: '/connections/{connection}/certificates',
    right: 'secrets:set',
    summary: 'Make a key and a certificate; it waits until it has proven itself, the key never leaves Portico',
    body: z.strictObject({
      name: displayName.optional().describe('a name to know it by'),
      days: z.int().min(7).max(1095).default(365).describe('how long it is good, in days'),
    }),
    answer: secret,
    status: 201,
  },
  'secrets.rotate': {
    method: 'POST',
    path: '/connections/{connection}/secrets/{secret}/activate',
    right: 'secrets:set',
    summary: 'Prove this secret or certificate at the provider and, if it is taken, use it from now on',
    answer: secret,
    status: 200,
    problems: ['refused-by-entra', 'refused-by-provider', 'upstream-unreachable'],
  },
  'secrets.delete': {
    method: 'DELETE',
    path: '/connections/{connection}/secrets/{secret}',
    right: 'secrets:set',
    summary: 'Remove a secret or certificate that is not in use',
    status: 204,
    problems: ['wrong-state'],
  },
});
