import type { PrintStep } from './portal-steps.ts';

/** The consent of each customer's tenant, where the application lives in another one. */
export const consentStep: PrintStep = ({ plan, settings, cloud, publicUrl }) => {
  const { clientId, accountType, signIn } = settings;
  const shared = accountType === 'selectedTenants' || accountType.startsWith('anyOrganization');
  if (!signIn || !shared) return undefined;
  const address = (tenant: string) =>
    clientId === null || cloud.portalOrigin === undefined
      ? null
      : `${cloud.loginOrigin}/${tenant}/adminconsent?client_id=${clientId}`;
  const tenants = plan.consentIn.length === 0 ? ['organizations'] : plan.consentIn;
  return {
    title: 'Have each tenant consent once',
    where: 'Sent to an admin of each tenant, who opens it and accepts',
    link: null,
    actions: tenants.map((tenant) => ({
      do:
        tenant === 'organizations'
          ? 'Address for the admin of any tenant'
          : `Address for the admin of tenant ${tenant}`,
      value: address(tenant),
    })),
    why: `The consent makes the enterprise application in that tenant. Its people then sign in at ${publicUrl}/login without being asked.`,
  };
};
