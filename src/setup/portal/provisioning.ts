import { enterpriseAppPage } from './enterprise-app-page.ts';
import type { PrintStep } from './portal-steps.ts';

/** The mapping by which a provisioned user and a person who signs in are the same. */
export const mappingStep: PrintStep = (basis) => {
  const { plan } = basis;
  if (plan.provisioning === null) return undefined;
  return {
    title: 'Map objectId to externalId',
    ...enterpriseAppPage(basis, 'Provisioning > Attribute mapping > Provision Microsoft Entra ID Users'),
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
    ...enterpriseAppPage(basis, 'Provisioning > Overview'),
    actions: [
      { do: 'Settings > Scope', value: 'Sync only assigned users and groups' },
      { do: 'Provision on demand: try one person first', value: null },
      { do: 'Start provisioning (Provisioning Status: On)', value: null },
    ],
    why: 'The first cycle may take hours in a large tenant; from then on one follows about every 40 minutes.',
  };
};
