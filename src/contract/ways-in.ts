import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { connectionId, displayName, givenTime, id, page, pageOf, time } from './shape.ts';

const credential = z.strictObject({
  id,
  name: z.string(),
  createdAt: time,
  expiresAt: time,
  daysLeft: z.int(),
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
});

const token = credential.meta({
  id: 'Token',
  description: 'A Secret Token by which a provisioning client calls the Tenant URL.',
});
export type Token = z.output<typeof token>;

const clientSecret = credential
  .extend({ lastUsedAt: time.nullable().describe('when an access token was last got with it') })
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

/** The three ways in which a provisioning client authenticates: Secret Tokens, client secrets, assertions of Entra. */
export const wayInEntries = entriesOf({
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
});
