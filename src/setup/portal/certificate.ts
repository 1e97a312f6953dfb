import type { PrintStep } from './portal-steps.ts';
import { registrationPage } from './registration-page.ts';

/** The certificate that Portico made, in place of a client secret. */
export const certificateStep: PrintStep = (basis) => {
  const { id, plan } = basis;
  if (plan.clientCertificate === null) return undefined;
  return {
    title: 'Upload the certificate',
    where: `App registrations > ${plan.appRegistration.displayName} > Certificates & secrets > Certificates > Upload certificate`,
    link: registrationPage(basis, 'secrets'),
    actions: [
      {
        do: 'Make one under Secrets of this connection and download it (.pem), or type this and save its certificate',
        value: `portico secrets certify ${id} --json`,
      },
      { do: 'Upload the file, then Add, and compare the Thumbprint with the one shown here', value: null },
      {
        do: 'Then Prove and switch under Secrets, or type this with the id of the certificate',
        value: `portico secrets rotate ${id} --secret ID`,
      },
    ],
    why: 'Its key was made here, is kept sealed, and never leaves Portico: nothing that could be copied on the way. Its end is announced in time, and a second one takes over beside it.',
  };
};
