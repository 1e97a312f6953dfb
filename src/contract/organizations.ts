import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { displayName, id, page, pageOf, time } from './shape.ts';

export const organization = z
  .strictObject({
    id,
    name: displayName,
    localSignIn: z.boolean().describe('whether its people may have passwords and passkeys here'),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Organization', description: 'A customer of ours.' });

export type Organization = z.output<typeof organization>;

export const organizationEntries = entriesOf({
  'organizations.list': {
    method: 'GET',
    path: '/organizations',
    right: 'organizations:read',
    summary: 'List organizations',
    query: page,
    answer: pageOf(organization),
    status: 200,
  },
  'organizations.create': {
    method: 'POST',
    path: '/organizations',
    right: 'organizations:create',
    summary: 'Add an organization',
    body: z.strictObject({ name: displayName.describe('the name of the customer') }),
    answer: organization,
    status: 201,
  },
  'organizations.get': {
    method: 'GET',
    path: '/organizations/{organization}',
    right: 'organizations:read',
    summary: 'Get an organization',
    answer: organization,
    status: 200,
  },
  'organizations.update': {
    method: 'PATCH',
    path: '/organizations/{organization}',
    right: 'organizations:update',
    summary: 'Rename an organization, or switch local sign-in on or off',
    body: z.strictObject({
      name: displayName.optional().describe('the name of the customer'),
      localSignIn: z.boolean().optional().describe('whether its people may have passwords and passkeys here'),
    }),
    answer: organization,
    status: 200,
    problems: ['version-changed'],
  },
  'organizations.delete': {
    method: 'DELETE',
    path: '/organizations/{organization}',
    right: 'organizations:delete',
    summary:
      'Delete an organization that has neither connections nor accounts, with its domains, webhooks and API keys',
    status: 204,
    problems: ['wrong-state', 'version-changed'],
  },
});
