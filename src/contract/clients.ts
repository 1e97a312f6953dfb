import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { displayName, givenTime, id, page, pageOf, time } from './shape.ts';

/** S15: the forms that a product comes in. */
export const clientKinds = {
  web: 'a web application with a server that keeps a secret',
  spa: 'a single-page application, which keeps no secret',
  native: 'an application on a device: loopback address, mobile scheme, command line',
  extension: 'an extension of a browser',
  machine: 'a program that acts for itself, not for a person',
  api: 'an API that takes access tokens',
} as const;
export type ClientKind = keyof typeof clientKinds;

/** How a client proves to the provider that it is itself. */
export const productAuthentications = {
  secret: 'a secret, in the header or the body of the request (client_secret_basic, client_secret_post)',
  privateKeyJwt: 'an assertion that it signs with a key of its own (private_key_jwt)',
  none: 'nothing: whoever has the program has what is in it; PKCE ties a code to who asked for it',
} as const;

const address = z.string().min(1).max(400);
const httpAddress = z.url({ protocol: /^https?$/ }).max(400);
const scope = z
  .string()
  .max(100)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'takes the characters of RFC 6749 §3.3');

const resource = z.strictObject({
  resource: z.string().max(400).describe('identifier of the API'),
  scopes: z.array(scope).max(50),
});

const settings = z.strictObject({
  name: displayName.describe('the name of the product, as people read it'),
  redirectUris: z
    .array(address)
    .max(20)
    .describe(
      'where people come back to after signing in; compared letter by letter, the port of a loopback address apart',
    ),
  postLogoutRedirectUris: z.array(address).max(20).describe('where they may go after signing out'),
  backchannelLogoutUri: httpAddress.nullable().describe('where the product is told that a session is over'),
  firstParty: z.boolean().describe('a product of ours: people are not asked for consent'),
  authentication: z
    .enum(Object.keys(productAuthentications) as [keyof typeof productAuthentications])
    .describe('how it proves that it is itself: by a secret, by an assertion of a key of its own, or not at all'),
  jwks: z
    .strictObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(10) })
    .nullable()
    .describe('the public keys of privateKeyJwt'),
  jwksUri: httpAddress.nullable().describe('or the address of the public keys'),
  idTokenAlg: z.enum(['RS256', 'ES256']).describe('what id tokens are signed with'),
  requirePushedRequests: z.boolean().describe('authorization requests have to be pushed (RFC 9126)'),
  deviceFlow: z.boolean().describe('may sign people in by a code that they enter elsewhere (RFC 8628); native only'),
  scopes: z
    .array(z.enum(['openid', 'profile', 'email', 'groups', 'roles', 'offline_access']))
    .describe('what it may ask of the provider'),
  resources: z.array(resource).max(50).describe('the APIs that it may ask tokens for, and which of their scopes'),
  organizations: z.array(id).max(500).nullable().describe('whose people may use it; null: those of all organizations'),
  identifier: z
    .string()
    .max(400)
    .nullable()
    .describe('an absolute URI by which tokens are asked for (RFC 8707); API only'),
  apiScopes: z.array(scope).max(50).describe('the scopes that the API knows; API only'),
  tokenFormat: z
    .enum(['opaque', 'jwt'])
    .describe('opaque: the API asks whether a token is valid; jwt: it sees for itself, for at most five minutes'),
  mayExchange: z
    .boolean()
    .describe('may exchange a token that it was called with for one of another API (RFC 8693); API only'),
});

const secret = z.strictObject({
  id,
  createdAt: time,
  expiresAt: time,
  daysLeft: z.int().describe('whole days; negative once it is over'),
});

const client = z
  .strictObject({
    id,
    kind: z.enum(Object.keys(clientKinds) as [ClientKind]),
    ...settings.shape,
    secrets: z.array(secret).describe('its secrets, without their values'),
    nextExpiry: secret
      .nullable()
      .describe('the secret that ends next; one that is over, only where all are; null: it has none'),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Client', description: 'An OAuth client of the provider: a product, or an API.' });
export type Client = z.output<typeof client>;
/** What a client is set to. */
export type ClientSettings = z.output<typeof settings>;

const { name, ...others } = settings.partial().shape;
const kind = client.shape.kind.default('web').describe('the form of the product; it stays');
const clientInput = z.strictObject({ name: settings.shape.name, kind, ...others });
/** What a client is made of; what is not said is as its kind has it. */
export type ClientInput = z.input<typeof clientInput>;
const clientChange = z.strictObject({ name, ...others });
export type ClientChange = z.output<typeof clientChange>;

const expiresAt = givenTime.optional().describe('at most 10 years ahead; two years by default');

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
    summary: 'Add a client; its secret, where it has one, is shown this once',
    body: clientInput,
    answer: client.extend({ secret: z.string().nullable().describe('client_secret; it does not come back') }),
    status: 201,
    problems: ['conflict'],
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
    body: clientChange,
    answer: client,
    status: 200,
    problems: ['conflict', 'version-changed'],
  },
  'clients.delete': {
    method: 'DELETE',
    path: '/clients/{client}',
    right: 'clients:update',
    summary: 'Remove a client',
    status: 204,
  },
  'clients.addSecret': {
    method: 'POST',
    path: '/clients/{client}/secrets',
    right: 'clients:update',
    summary: 'Add a secret to a client beside those that it has; its value is shown this once',
    body: z.strictObject({ expiresAt }),
    answer: secret.extend({ value: z.string().describe('client_secret; it does not come back') }),
    status: 201,
    problems: ['conflict'],
  },
  'clients.removeSecret': {
    method: 'DELETE',
    path: '/clients/{client}/secrets/{productSecret}',
    right: 'clients:update',
    summary: 'Remove a secret of a client: from now on it opens nothing',
    status: 204,
  },
});
