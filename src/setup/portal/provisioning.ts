import type { PlanStep } from '#contract';
import { enterpriseAppsLink } from '#entra';
import type { PrintStep, StepBasis } from './portal-steps.ts';

const page = ({ plan, cloud }: StepBasis, below: string): Pick<PlanStep, 'where' | 'link'> => ({
  where: `Enterprise applications > ${plan.appRegistration.displayName} > ${below}`,
  link: enterpriseAppsLink(cloud) ?? null,
});

/** Tenant URL and Secret Token. */
export const provisioningStep: PrintStep = (basis) => {
  const { plan, id } = basis;
  if (plan.provisioning === null) return undefined;
  return {
    title: 'Connect provisioning',
    ...page(basis, 'Provisioning > Connect your application'),
    actions: [
      { do: 'Select authentication method', value: 'Bearer authentication' },
      { do: 'Tenant URL', value: plan.provisioning.tenantUrl },
      {
        do: 'Issue a Secret Token on the page Provisioning of this connection, where it is shown once; or type',
        value: `portico directories tokens create ${id}`,
      },
      { do: 'Paste it into Secret Token, then Test connection, then Create', value: null },
    ],
    why: 'By the token Portico knows who provisions. It opens this one directory and nothing else. OAuth 2.0 client credentials and workload identity federation do the same: the page Provisioning of this connection has what to enter for them.',
  };
};

/** The mapping by which a provisioned user and a person who signs in are the same. */
export const mappingStep: PrintStep = (basis) => {
  const { plan } = basis;
  if (plan.provisioning === null) return undefined;
  return {
    title: 'Map objectId to externalId',
    ...page(basis, 'Provisioning > Attribute mapping > Provision Microsoft Entra ID Users'),
    actions: [
      ...plan.provisioning.mappings.map(({ entra, scim }) => ({
        do: `Edit the row of ${scim}: Source attribute`,
        value: entra,
      })),
      {
        do: 'Leave userPrincipalName mapped to userName as the matching attribute (Match objects using this attribute: Yes, precedence 1)',
        value: null,
      },
      { do: 'Save', value: null },
    ],
    why: 'By default externalId is the mail nickname. With the object id a provisioned user and the person who signs in are known to be one, whatever name or address they get.',
  };
};

/** Scope and start. */
export const startProvisioningStep: PrintStep = (basis) => {
  if (basis.plan.provisioning === null) return undefined;
  return {
    title: 'Start provisioning',
    ...page(basis, 'Provisioning > Overview'),
    actions: [
      { do: 'Settings > Scope', value: 'Sync only assigned users and groups' },
      { do: 'Provision on demand: try one person first', value: null },
      { do: 'Start provisioning (Provisioning Status: On)', value: null },
    ],
    why: 'The first cycle may take hours in a large tenant; from then on one follows about every 40 minutes.',
  };
};
