import { z } from 'zod';
import { account } from './accounts.ts';
import { entriesOf } from './entry.ts';
import { displayName, email, id, page, pageOf, time } from './shape.ts';

const localSignIn = z
  .strictObject({
    signInName: z.string().nullable().describe('null: the account signs in by other providers only'),
    passwordSetAt: time.nullable().describe('null: it has no password'),
    lock: z
      .strictObject({
        reason: z.literal('wrong passwords'),
        attempts: z.int().describe('how many since the last that succeeded'),
        locks: z.int().describe('how often it was locked; each lock is longer than the one before'),
        until: time,
      })
      .nullable()
      .describe('browsers in which the person signed in before are not held up by it'),
  })
  .meta({ id: 'LocalSignIn', description: 'What an account signs in by without another provider.' });
export type LocalSignIn = z.output<typeof localSignIn>;

const passkey = z
  .strictObject({
    id,
    name: z.string(),
    backedUp: z.boolean().describe('a service copies it to other devices of the person'),
    createdAt: time,
    lastUsedAt: time.nullable(),
  })
  .meta({ id: 'Passkey' });
export type Passkey = z.output<typeof passkey>;

const link = z
  .strictObject({
    url: z.string().describe('lets its holder set a password or a passkey, once'),
    expiresAt: time,
  })
  .meta({ id: 'SetLink' });

export const localSignInEntries = entriesOf({
  'accounts.create': {
    method: 'POST',
    path: '/organizations/{organization}/accounts',
    right: 'accounts:create',
    summary:
      'Add an account that signs in by a password or passkey of its own; the answer holds a one-time link to set it',
    body: z.strictObject({
      email: email.describe('the e-mail address, which is the sign-in name'),
      name: displayName.describe('the name of the person'),
      role: z.string().min(1).max(120).nullable().default(null).describe('the role of the account'),
    }),
    answer: account.extend({ link }),
    status: 201,
    problems: ['wrong-state', 'conflict'],
  },
  'accounts.localSignIn': {
    method: 'GET',
    path: '/organizations/{organization}/accounts/{account}/local-sign-in',
    right: 'accounts:read',
    summary: 'What an account signs in by without another provider, and whether it is locked',
    answer: localSignIn,
    status: 200,
  },
  'accounts.reset': {
    method: 'POST',
    path: '/organizations/{organization}/accounts/{account}/set-links',
    right: 'accounts:reset',
    summary: 'Issue a one-time link to set a password or a passkey; earlier links are worth nothing any more',
    answer: link,
    status: 201,
    problems: ['wrong-state'],
  },
  'accounts.removePassword': {
    method: 'DELETE',
    path: '/organizations/{organization}/accounts/{account}/password',
    right: 'accounts:reset',
    summary: 'Remove the password of an account; its sessions end',
    status: 204,
  },
  'accounts.unlock': {
    method: 'POST',
    path: '/organizations/{organization}/accounts/{account}/unlock',
    right: 'accounts:unlock',
    summary: 'End the lock of an account after wrong passwords',
    status: 204,
    problems: ['wrong-state'],
  },
  'passkeys.list': {
    method: 'GET',
    path: '/organizations/{organization}/accounts/{account}/passkeys',
    right: 'accounts:read',
    summary: 'List the passkeys of an account',
    query: page,
    answer: pageOf(passkey),
    status: 200,
  },
  'passkeys.delete': {
    method: 'DELETE',
    path: '/organizations/{organization}/accounts/{account}/passkeys/{passkey}',
    right: 'accounts:reset',
    summary: 'Remove a passkey; sessions of the account end',
    status: 204,
  },
});
