import { createInvitation, deleteInvitation, pageOfInvitations } from '#signin';
import type { Handlers } from './handler.ts';

/** Invitations of people who have no account yet. */
export const invitationHandlers: Handlers<'invitations.list' | 'invitations.create' | 'invitations.delete'> = {
  'invitations.list': (world, { organizationId, query }) => pageOfInvitations(world, organizationId, query),
  'invitations.create': (world, { cause, organizationId, body }) =>
    createInvitation(world, cause, organizationId, body),
  'invitations.delete': async (world, { cause, organizationId, params }) =>
    void (await deleteInvitation(world, cause, organizationId, params.invitation)),
};
