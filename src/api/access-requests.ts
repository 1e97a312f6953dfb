import { decideOnAccess, deleteAccessRequest, getAccessRequest, pageOfAccessRequests } from '#signin';
import type { Handlers } from './handler.ts';

/** Requests of people to be let in. */
export const accessRequestHandlers: Handlers<
  | 'accessRequests.list'
  | 'accessRequests.get'
  | 'accessRequests.approve'
  | 'accessRequests.decline'
  | 'accessRequests.delete'
> = {
  'accessRequests.list': (world, { organizationId, query }) => pageOfAccessRequests(world, organizationId, query),
  'accessRequests.get': (world, { organizationId, params }) =>
    getAccessRequest(world, organizationId, params.accessRequest),
  'accessRequests.approve': (world, { cause, organizationId, params, body }) =>
    decideOnAccess(world, cause, organizationId, params.accessRequest, { decision: 'approved', ...body }),
  'accessRequests.decline': (world, { cause, organizationId, params, body }) =>
    decideOnAccess(world, cause, organizationId, params.accessRequest, { decision: 'declined', ...body }),
  'accessRequests.delete': async (world, { cause, organizationId, params }) =>
    void (await deleteAccessRequest(world, cause, organizationId, params.accessRequest)),
};
