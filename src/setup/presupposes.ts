import type { ConnectionSettings, Plan } from '#contract';

/**
 * What has to be there before the first step: roles of the admin, licences, reachability (entra-docs
 * grant-admin-consent.md, use-scim-to-provision-users-and-groups.md).
 */
export function presuppositionsOf(settings: ConnectionSettings, plan: Plan, publicUrl: string): string[] {
  const { signIn, provisioning, mailOut, mailIn } = settings;
  const several = settings.accountType !== 'oneTenant';
  const secure = publicUrl.startsWith('https://');
  if (settings.provider === 'openid') return ['An admin of the provider, who may register applications there.'];
  const says: (string | false)[] = [
    'An admin with the role Application Administrator or Cloud Application Administrator, for everything but what follows.',
    (mailOut || mailIn) &&
      'For consent to application permissions of Microsoft Graph: Privileged Role Administrator or Global Administrator. Not needed where Exchange roles are given instead.',
    (mailOut || mailIn) &&
      'For Exchange roles: Exchange Administrator who is a member of Organization Management, with Exchange Online PowerShell.',
    (mailOut || mailIn) && 'Mailboxes in Exchange Online, with a licence each.',
    plan.assignment !== null &&
      'Microsoft Entra ID P1, where groups are assigned; single people can be assigned without. Members of nested groups are not counted.',
    several && signIn && 'An admin in each tenant, who consents once for its people.',
    settings.accountType.toLowerCase().includes('personal') &&
      'With personal accounts an app registration takes two client secrets and 100 redirect URIs at most.',
    (signIn || provisioning) &&
      !secure &&
      `Microsoft Entra takes https addresses only, localhost excepted: ${publicUrl} does for a trial on this machine; set PORTICO_URL to the public one.`,
    provisioning &&
      'The Tenant URL reachable from the internet by https, with a certificate of a public authority; or the on-premises provisioning agent in between.',
  ];
  return says.filter((it) => it !== false);
}
