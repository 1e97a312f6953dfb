import type { ConnectionSettings } from '#contract';
import { Problem } from '#http';

/** Settings that do not go together: the field to name, what is wrong with it, and when. */
const misfits: readonly {
  field: keyof ConnectionSettings;
  detail: string;
  when: (settings: ConnectionSettings) => boolean;
}[] = [
  {
    field: 'responseMode',
    detail: 'must be form_post with "code id_token": a token in an address would be kept in logs and histories',
    when: ({ responseType, responseMode }) => responseType === 'code id_token' && responseMode !== 'form_post',
  },
  {
    field: 'trustEmail',
    detail: 'cannot be on where any organization may sign in: its admins write whatever address they like',
    when: ({ provider, trustEmail, accountType }) =>
      provider === 'entra' && trustEmail && !['oneTenant', 'selectedTenants'].includes(accountType),
  },
  {
    field: 'preset',
    detail: 'is for other OpenID providers',
    when: ({ provider, preset }) => provider === 'entra' && preset !== null,
  },
  {
    field: 'accountType',
    detail: 'is for Microsoft Entra ID; leave it at oneTenant',
    when: ({ provider, accountType }) => provider === 'openid' && accountType !== 'oneTenant',
  },
  {
    field: 'tenantIds',
    detail: 'are for Microsoft Entra ID',
    when: ({ provider, tenantIds }) => provider === 'openid' && tenantIds.length > 0,
  },
  {
    field: 'authenticationContext',
    detail: 'is for Microsoft Entra ID',
    when: ({ provider, authenticationContext }) => provider === 'openid' && authenticationContext !== null,
  },
  {
    field: 'clientAuthentication',
    detail: 'federatedCredential is for Microsoft Entra ID',
    when: ({ provider, clientAuthentication }) =>
      provider === 'openid' && clientAuthentication === 'federatedCredential',
  },
  {
    field: 'mailOut',
    detail: 'is for Microsoft Entra ID: mail moves by Microsoft Graph',
    when: ({ provider, mailOut }) => provider === 'openid' && mailOut,
  },
  {
    field: 'mailIn',
    detail: 'is for Microsoft Entra ID: mail moves by Microsoft Graph',
    when: ({ provider, mailIn }) => provider === 'openid' && mailIn,
  },
];

/** Refuses settings that do not go together: names every such field. */
export function assertFits(settings: ConnectionSettings): void {
  const errors = misfits.flatMap(({ field, detail, when }) => (when(settings) ? [{ field, detail }] : []));
  const [first] = errors;
  if (first === undefined) return;
  throw new Problem('invalid-request', { detail: `${first.field} ${first.detail}`, errors });
}
