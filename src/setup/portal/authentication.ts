import type { PrintStep } from './portal-steps.ts';
import { accountTypeWords } from './register.ts';
import { registrationPage } from './registration-page.ts';

/** Redirect URI, front-channel logout URL, and what stays off. */
export const authenticationStep: PrintStep = (basis) => {
  const { plan } = basis;
  const app = plan.appRegistration;
  if (app.redirectUris.length === 0) return undefined;
  return {
    title: 'Say where people come back to',
    where: `App registrations > ${app.displayName} > Authentication`,
    link: registrationPage(basis, 'authentication'),
    actions: [
      ...app.redirectUris.map(({ uri }) => ({
        do: 'Add a platform > Web > Redirect URI (leave it where it stands there already)',
        value: uri,
      })),
      ...(app.frontChannelLogoutUrl === null
        ? []
        : [{ do: 'Front-channel logout URL', value: app.frontChannelLogoutUrl }]),
      {
        do: app.idTokenIssuance
          ? 'Implicit grant and hybrid flows: tick ID tokens, leave Access tokens unticked'
          : 'Implicit grant and hybrid flows: leave Access tokens and ID tokens unticked',
        value: null,
      },
      { do: 'Allow public client flows', value: 'No' },
      ...(app.madeFrom === 'non-gallery application'
        ? [{ do: 'Supported account types', value: accountTypeWords[app.signInAudience] }]
        : []),
      { do: 'Save', value: null },
    ],
    why: 'Microsoft Entra sends people only to addresses that stand here, compared letter by letter; by the logout URL it tells Portico that somebody signed out elsewhere.',
  };
};
