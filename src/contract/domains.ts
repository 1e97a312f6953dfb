import { z } from 'zod';
import { domainName } from './connection-settings.ts';
import { entriesOf } from './entry.ts';
import { page, pageOf, time } from './shape.ts';

const domain = z
  .strictObject({
    domain: z.string(),
    state: z
      .enum(['pending', 'verified', 'failing', 'lost'])
      .describe('failing: it was proven and its record is gone; a week later it is lost'),
    trusted: z.boolean().describe('the operator of the deployment takes it on trust'),
    routes: z.boolean().describe('whether people of it are sent to the connection that names it'),
    recordName: z.string().describe('the TXT record that proves it'),
    recordValue: z.string(),
    verifiedAt: time.nullable(),
    checkedAt: time.nullable(),
    failingSince: time.nullable(),
    saw: z.string().nullable().describe('what the last check saw'),
    createdAt: time,
  })
  .meta({ id: 'Domain', description: 'An e-mail domain of an organization, and whether it is proven to be its own.' });
export type Domain = z.output<typeof domain>;

export const domainEntries = entriesOf({
  'domains.list': {
    method: 'GET',
    path: '/organizations/{organization}/domains',
    right: 'domains:read',
    summary: 'List the e-mail domains of an organization',
    query: page,
    answer: pageOf(domain),
    status: 200,
  },
  'domains.create': {
    method: 'POST',
    path: '/organizations/{organization}/domains',
    right: 'domains:update',
    summary: 'Note an e-mail domain and get the TXT record that proves it',
    body: z.strictObject({ domain: domainName.describe('the domain, such as contoso.com') }),
    answer: domain,
    status: 201,
    problems: ['conflict'],
  },
  'domains.verify': {
    method: 'POST',
    path: '/organizations/{organization}/domains/{domain}/verify',
    right: 'domains:update',
    summary: 'Prove an e-mail domain by its TXT record',
    answer: domain,
    status: 200,
    problems: ['wrong-state', 'conflict'],
  },
  'domains.trust': {
    method: 'POST',
    path: '/organizations/{organization}/domains/{domain}/trust',
    right: 'domains:trust',
    summary: 'Take an e-mail domain on trust, or no longer; only for those who see all organizations',
    body: z.strictObject({ trusted: z.boolean().default(true).describe('people of it are sent on without a proof') }),
    answer: domain,
    status: 200,
    problems: ['conflict'],
  },
  'domains.delete': {
    method: 'DELETE',
    path: '/organizations/{organization}/domains/{domain}',
    right: 'domains:update',
    summary: 'Forget an e-mail domain that no live connection names',
    status: 204,
    problems: ['wrong-state'],
  },
});
