import { type EntraWorld, type LiveConnection, someSignInConnections } from '#connections';
import type { Check } from '#contract';

/** Whether anybody new can get in, by what the settings say together. */
export async function checkRegistration(_: EntraWorld, { settings }: LiveConnection): Promise<readonly Check[]> {
  if (!settings.signIn) return [];
  const about = {
    name: 'signin.registration',
    title: 'Who gets an account',
    matters: 'A person without an account gets in only where the registration rule allows it.',
    link: null,
  };
  if (settings.registration === 'provisioned' && !settings.provisioning) {
    return [
      {
        ...about,
        outcome: 'failed',
        saw: 'Accounts are for provisioned users only, and provisioning is off: nobody new can sign in.',
        next: 'Turn on provisioning, or set registration to "on".',
      },
    ];
  }
  const saw = {
    off: 'Registration is off: only people who have an account can sign in.',
    on: 'Everybody whom the tenant lets in gets an account at the first sign-in.',
    approval: 'Everybody whom the tenant lets in may ask for an account at the first sign-in; an operator decides.',
    invitation: 'Who was invited gets an account at the first sign-in.',
    provisioned: 'Users of the directory get an account at their first sign-in.',
  }[settings.registration];
  return [{ ...about, outcome: 'passed', saw, next: null }];
}

/** Whether people find this connection by their e-mail address. */
export async function checkRouting(world: EntraWorld, { id, settings }: LiveConnection): Promise<readonly Check[]> {
  if (!settings.signIn) return [];
  const { domains } = settings;
  const about = {
    name: 'signin.domains',
    title: 'How people get here',
    matters: 'The sign-in page asks for the e-mail address and sends people on by its domain.',
    link: null,
  };
  if (domains.length > 0)
    return [{ ...about, outcome: 'passed', saw: `People of ${domains.join(', ')} are sent here.`, next: null }];
  if (!(await someSignInConnections(world)).some((it) => it.id !== id))
    return [{ ...about, outcome: 'passed', saw: 'It is the only connection: everybody is sent here.', next: null }];
  return [
    {
      ...about,
      outcome: 'warning',
      saw: 'The connection has no e-mail domains: people find it only while it is the only one, or if the product names it.',
      next: 'Add the e-mail domains of the organization, or have the product send the parameter `connection`.',
    },
  ];
}
