import { enterpriseAppPage } from './enterprise-app-page.ts';
import type { PrintStep } from './portal-steps.ts';

/** Who is assigned to the enterprise application. */
export const assignmentStep: PrintStep = (basis) => {
  const { assignment, appRegistration, provisioning } = basis.plan;
  if (assignment === null) return undefined;
  return {
    title: 'Assign people and groups',
    ...enterpriseAppPage(basis, 'Properties, then Users and groups'),
    actions: [
      { do: 'Properties > Assignment required?', value: assignment.required ? 'Yes' : 'No' },
      { do: 'Users and groups > Add user/group: choose those who are meant, then Assign', value: null },
      ...(appRegistration.groupMembershipClaims === null
        ? []
        : [
            {
              do: 'Assign the groups that the product gives rights by: only assigned groups arrive in the token',
              value: null,
            },
          ]),
    ],
    why:
      provisioning === null
        ? 'Whoever is not assigned is stopped by Microsoft Entra (AADSTS50105) before Portico sees anything.'
        : 'Only assigned people and the members of assigned groups are provisioned; members of nested groups are not.',
  };
};
