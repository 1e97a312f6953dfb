import { accountTypes, type ConnectionSettings, openidPresets } from '#contract';

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

/** How Portico proves itself, in words. */
export const proofs: Record<ConnectionSettings['clientAuthentication'], string> = {
  secret: 'By a client secret',
  secretBasic: 'By a client secret in the header of the request (client_secret_basic)',
  certificate: 'By a certificate that Portico makes; its key never leaves it',
  federatedCredential: 'By what Portico signs, trusted as a federated credential: no secret at all',
};

/** The settings one by one, in words; the same names in the form and in the comparison. */
export function settingsWords(settings: ConnectionSettings): [name: string, value: string][] {
  return [
    ['Name', settings.name],
    ...whose(settings),
    ['Proves itself', proofs[settings.clientAuthentication]],
    ['Answer', `${settings.responseType}, ${settings.responseMode}`],
    [
      'E-mail addresses',
      settings.trustEmail ? 'taken for verified at proven domains' : 'verified where a claim proves it',
    ],
    ['Role mappings', settings.roleMappings.map(({ value, role }) => `${value} = ${role}`).join(', ') || 'none'],
    ['E-mail domains', listOr(settings.domains, 'none')],
    ['Does', listOr(features(settings), 'nothing yet')],
    ['New accounts', registrations[settings.registration]],
    ['Added by people', settings.linkable ? 'to an account that they have already' : 'no'],
    ['Issuer', settings.issuer],
  ];
}

/** Whose people sign in, by what. */
const whose = (settings: ConnectionSettings): [name: string, value: string][] =>
  settings.provider === 'openid'
    ? [
        ['Provider', openidPresets[settings.preset ?? 'generic'].title],
        ['Client id', settings.clientId ?? 'not entered yet'],
      ]
    : [
        ['Who may sign in', accountTypes[settings.accountType]],
        ['Tenant', settings.tenantId ?? listOr(settings.tenantIds, 'any')],
        ['Cloud', clouds[settings.cloud]],
        ['Application (client) ID', settings.clientId ?? 'not entered yet'],
        ['Authentication context', settings.authenticationContext ?? 'none'],
      ];

const listOr = (values: readonly string[], otherwise: string): string =>
  values.length === 0 ? otherwise : values.join(', ');

const features = ({ signIn, provisioning, mailOut, mailIn }: ConnectionSettings): string[] =>
  [signIn && 'sign-in', provisioning && 'provisioning', mailOut && 'mail out', mailIn && 'mail in'].filter(
    (feature) => feature !== false,
  );
