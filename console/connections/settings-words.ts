import { accountTypes, type ConnectionSettings } from '#contract';

/** The clouds of Microsoft Entra, as people know them. */
export const clouds: Record<ConnectionSettings['cloud'], string> = {
  global: 'Global',
  usgov: 'US government',
  china: 'China (21Vianet)',
  simulated: 'Simulated tenant',
};

/** S7, in words. */
export const registrations: Record<ConnectionSettings['registration'], string> = {
  off: 'Nobody new: only people who have an account',
  provisioned: 'People whom provisioning has brought',
  invitation: 'People who were invited',
  approval: 'Everybody whom an operator approves',
  on: 'Everybody whom the tenant lets in',
};

/** The settings one by one, in words; the same names in the form and in the comparison. */
export function settingsWords(settings: ConnectionSettings): [name: string, value: string][] {
  return [
    ['Name', settings.name],
    ['Who may sign in', accountTypes[settings.accountType]],
    ['Tenant', settings.tenantId ?? listOr(settings.tenantIds, 'any')],
    ['Application (client) ID', settings.clientId ?? 'not entered yet'],
    ['E-mail domains', listOr(settings.domains, 'none')],
    ['Does', listOr(features(settings), 'nothing yet')],
    ['New accounts', registrations[settings.registration]],
    ['Cloud', clouds[settings.cloud]],
    ['Issuer', settings.issuer],
  ];
}

const listOr = (values: readonly string[], otherwise: string): string =>
  values.length === 0 ? otherwise : values.join(', ');

const features = ({ signIn, provisioning, mailOut, mailIn }: ConnectionSettings): string[] =>
  [signIn && 'sign-in', provisioning && 'provisioning', mailOut && 'mail out', mailIn && 'mail in'].filter(
    (feature) => feature !== false,
  );
