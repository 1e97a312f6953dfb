import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { displayName, id, page, pageOf, time } from './shape.ts';

const redirectUri = z.url().max(256);

const client = z
  .strictObject({
    id,
    name: displayName,
    kind: z.literal('web'),
    redirectUris: z.array(redirectUri).min(1).max(20),
    postLogoutRedirectUris: z.array(redirectUri).max(20),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Client', description: 'An OAuth client of the provider: a product.' });
export type Client = z.output<typeof client>;

const redirectUris = client.shape.redirectUris.describe('where people come back to after signing in');
const postLogoutRedirectUris = client.shape.postLogoutRedirectUris.describe('where they may go after signing out');

const clientInput = z.strictObject({
  name: displayName.describe('the name of the product'),
  redirectUris,
  postLogoutRedirectUris: postLogoutRedirectUris.default([]),
});
export type ClientInput = z.output<typeof clientInput>;

export const clientEntries = entriesOf({
  'clients.list': {
    method: 'GET',
    path: '/clients',
    right: 'clients:read',
    summary: 'List the clients of the provider',
    query: page,
    answer: pageOf(client),
    status: 200,
  },
  'clients.create': {
    method: 'POST',
    path: '/clients',
    right: 'clients:update',
    summary: 'Add a web client; its secret is shown this once',
    body: clientInput,
    answer: client.extend({ secret: z.string().describe('client_secret; it does not come back') }),
    status: 201,
  },
  'clients.get': {
    method: 'GET',
    path: '/clients/{client}',
    right: 'clients:read',
    summary: 'Get a client',
    answer: client,
    status: 200,
  },
  'clients.update': {
    method: 'PATCH',
    path: '/clients/{client}',
    right: 'clients:update',
    summary: 'Change a client',
    body: z.strictObject({
      name: clientInput.shape.name.optional(),
      redirectUris: redirectUris.optional(),
      postLogoutRedirectUris: postLogoutRedirectUris.optional(),
    }),
    answer: client,
    status: 200,
    problems: ['version-changed'],
  },
  'clients.delete': {
    method: 'DELETE',
    path: '/clients/{client}',
    right: 'clients:update',
    summary: 'Remove a client',
    status: 204,
  },
});
