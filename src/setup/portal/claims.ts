import type { PrintStep } from './portal-steps.ts';
import { registrationPage } from './registration-page.ts';

/** Optional claims and the groups claim. */
export const claimsStep: PrintStep = (basis) => {
  const { plan } = basis;
  const app = plan.appRegistration;
  if (app.optionalClaims.length === 0) return undefined;
  const groups = app.groupMembershipClaims !== null;
  return {
    title: 'Choose what the id token tells',
    where: `App registrations > ${app.displayName} > Token configuration`,
    link: registrationPage(basis, 'tokenConfiguration'),
    actions: [
      { do: 'Add optional claim > ID, and tick', value: app.optionalClaims.join(', ') },
      { do: 'Where asked, turn on the Microsoft Graph email permission', value: null },
      { do: 'A claim that the list does not offer goes into Manifest, under optionalClaims.idToken', value: null },
      ...(groups
        ? [
            { do: 'Add groups claim', value: 'Groups assigned to the application' },
            { do: 'ID: emit as', value: 'Group ID' },
          ]
        : []),
    ],
    why: groups
      ? 'xms_edov says whether the e-mail domain is proven; without it an address counts as unverified. Groups assigned to the application are the least data, and never too many for a token.'
      : 'xms_edov says whether the e-mail domain is proven; without it an address counts as unverified.',
  };
};
