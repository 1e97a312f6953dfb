import type { PrintStep } from './portal-steps.ts';
import { registrationPage } from './registration-page.ts';

/** The federated credential, in place of a client secret (entra-docs workload-identity-federation-create-trust.md). */
export const federatedCredentialStep: PrintStep = (basis) => {
  const { plan, publicUrl } = basis;
  const { federatedCredential: credential, appRegistration } = plan;
  if (credential === null) return undefined;
  return {
    title: 'Trust what Portico signs',
    where: `App registrations > ${appRegistration.displayName} > Certificates & secrets > Federated credentials > Add credential`,
    link: registrationPage(basis, 'secrets'),
    actions: [
      { do: 'Federated credential scenario', value: 'Other issuer' },
      { do: 'Issuer', value: credential.issuer },
      { do: 'Type: Explicit subject identifier; Value', value: credential.subject },
      { do: 'Name', value: credential.name },
      { do: 'Audience', value: credential.audience },
      { do: 'Add; it is known everywhere only after some minutes', value: null },
    ],
    why: `There is no secret, so none can be lost or end. Microsoft reads the keys at ${publicUrl}/oidc, which has to be reachable from the internet by https.`,
  };
};
