import { createDomain, deleteDomain, pageOfDomains, trustDomain, verifyDomain } from '#connections';
import { ofDeployment } from './access.ts';
import type { Handlers } from './handler.ts';

/** E-mail domains. */
export const domainHandlers: Handlers<
  'domains.list' | 'domains.create' | 'domains.verify' | 'domains.trust' | 'domains.delete'
> = {
  'domains.list': (world, { organizationId, query }) => pageOfDomains(world, organizationId, query),
  'domains.create': (world, { cause, organizationId, body }) => createDomain(world, cause, organizationId, body),
  'domains.verify': (world, { cause, organizationId, params }) =>
    verifyDomain(world, cause, organizationId, params.domain),
  'domains.trust': async (world, asked) => {
    const { cause, organizationId, params, body } = ofDeployment(asked);
    return trustDomain(world, cause, organizationId, params.domain, body.trusted);
  },
  'domains.delete': async (world, { cause, organizationId, params }) =>
    void (await deleteDomain(world, cause, organizationId, params.domain)),
};
