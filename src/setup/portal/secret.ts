import type { PrintStep } from './portal-steps.ts';
import { registrationPage } from './registration-page.ts';

/** The client secret. */
export const secretStep: PrintStep = (basis) => {
  const { id, plan } = basis;
  const { clientSecret, appRegistration } = plan;
  if (clientSecret === null) return undefined;
  return {
    title: 'Make a client secret',
    where: `App registrations > ${appRegistration.displayName} > Certificates & secrets > Client secrets > New client secret`,
    link: registrationPage(basis, 'secrets'),
    actions: [
      { do: 'Description', value: clientSecret.description },
      { do: 'Expires', value: `${clientSecret.lifetimeDays} days` },
      { do: 'Add, then copy the Value (not the Secret ID) before leaving the page', value: null },
      {
        do: 'Paste it under Secrets of this connection, with the date of the column Expires; or type',
        value: `portico secrets rotate ${id}`,
      },
    ],
    why: 'The Value is shown this once. Portico keeps it sealed, announces its end in time, and takes a second one beside it when it is due.',
  };
};
