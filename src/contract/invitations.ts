import { z } from 'zod';
import { productRole } from './connection-settings.ts';
import { entriesOf } from './entry.ts';
import { displayName, email, id, page, pageOf, time } from './shape.ts';

const invitation = z
  .strictObject({
    id,
    connection: z.string().describe('the connection by which the person is to sign in'),
    name: displayName.describe('who is meant, for this list'),
    email: email.nullable().describe('where it is sent, for this list; nobody is recognized by it'),
    role: z.string().nullable().describe('the role that the account gets'),
    state: z.enum(['open', 'used', 'expired']),
    account: id.nullable().describe('the account that was made with it'),
    invitedBy: z.string().nullable(),
    createdAt: time,
    expiresAt: time,
    usedAt: time.nullable(),
  })
  .meta({ id: 'Invitation', description: 'Lets one person in whom nobody knows yet, by the first sign-in.' });
export type Invitation = z.output<typeof invitation>;

const createInvitation = z.strictObject({
  connection: z.string().min(1).max(36).describe('the connection by which the person is to sign in'),
  name: displayName.describe('who is meant, for the list'),
  email: email.nullable().default(null).describe('where it is sent, for the list; nobody is recognized by it'),
  role: productRole.nullable().default(null).describe('the role of the account; that of the connection by default'),
  days: z.int().min(1).max(30).default(7).describe('for how many days it is good'),
});
export type CreateInvitation = z.output<typeof createInvitation>;

const path = '/organizations/{organization}/invitations';

export const invitationEntries = entriesOf({
  'invitations.list': {
    method: 'GET',
    path,
    right: 'accounts:read',
    summary: 'List invitations, without their links',
    query: page,
    answer: pageOf(invitation),
    status: 200,
  },
  'invitations.create': {
    method: 'POST',
    path,
    right: 'accounts:invite',
    summary: 'Invite a person to sign in by a connection; the link is shown this once',
    body: createInvitation,
    answer: invitation.extend({
      value: z.string().describe('what proves it; it does not come back'),
      url: z.string().describe('the link to send to the person; it does not come back'),
    }),
    status: 201,
  },
  'invitations.delete': {
    method: 'DELETE',
    path: `${path}/{invitation}`,
    right: 'accounts:invite',
    summary: 'Take an invitation back; an account that was made with it stays',
    status: 204,
  },
});
