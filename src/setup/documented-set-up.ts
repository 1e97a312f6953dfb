import type { ConnectionSettings } from '#contract';

/** The set-ups that products document for Microsoft Entra ID, by the field's names for them. */
const documentedSetUps = {
  webSignIn: 'Web application sign-in',
  openid: 'Sign-in by an OpenID provider',
  federated: 'Federated sign-in for several tenants',
  singleSignOn: 'Single sign-on with groups and roles',
  provisioning: 'User profiles and SCIM provisioning',
  provisioningAndSignIn: 'User profiles and SCIM provisioning with sign-in',
  mail: 'Exchange Online mail, app-only',
} as const;

/** Which of them these settings come to; mail beside another one is named after it. */
export function setUpOf(settings: ConnectionSettings): string {
  const { mailOut, mailIn } = settings;
  const names = [identityOf(settings), mailOut || mailIn ? documentedSetUps.mail : undefined];
  return names.filter((name) => name !== undefined).join('; ') || 'Nothing is switched on yet';
}

function identityOf(settings: ConnectionSettings): string | undefined {
  const { signIn, provisioning, accountType, registration } = settings;
  if (provisioning) return signIn ? documentedSetUps.provisioningAndSignIn : documentedSetUps.provisioning;
  if (!signIn) return undefined;
  if (settings.provider === 'openid') return documentedSetUps.openid;
  if (accountType !== 'oneTenant') return documentedSetUps.federated;
  // Whoever gets an account by signing in gets rights by groups and roles too.
  return registration === 'off' ? documentedSetUps.webSignIn : documentedSetUps.singleSignOn;
}
