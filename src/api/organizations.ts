import {
  changeOrganization,
  createOrganization,
  deleteOrganization,
  getOrganization,
  pageOfOrganizations,
} from '#connections';
import { Problem } from '#http';
import { pageOfAccounts } from '#signin';
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
  'organizations.delete': async (world, { cause, organizationId }) => {
    // The organization's room knows no accounts; none may be left behind.
    const { items } = await pageOfAccounts(world, organizationId, { limit: 1 });
    if (items.length > 0)
      throw new Problem('wrong-state', {
        detail: 'the organization still has accounts',
        remedy: 'delete its accounts first',
      });
    return void (await deleteOrganization(world, cause, organizationId));
  },
};
