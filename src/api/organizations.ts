import {
  changeOrganization,
  createOrganization,
  deleteOrganization,
  getOrganization,
  pageOfOrganizations,
} from '#connections';
import { ofDeployment } from './access.ts';
import type { Handlers } from './handler.ts';

/** Organizations. */
export const organizationHandlers: Handlers<
  'organizations.list' | 'organizations.create' | 'organizations.get' | 'organizations.update' | 'organizations.delete'
> = {
  'organizations.list': (world, { caller, query }) => pageOfOrganizations(world, caller.organization, query),
  'organizations.create': async (world, asked) => createOrganization(world, ofDeployment(asked).cause, asked.body),
  'organizations.get': (world, { organizationId }) => getOrganization(world, organizationId),
  'organizations.update': (world, { cause, organizationId, body, version }) =>
    changeOrganization(world, cause, organizationId, body, version),
  'organizations.delete': async (world, { cause, organizationId }) =>
    void (await deleteOrganization(world, cause, organizationId)),
};
