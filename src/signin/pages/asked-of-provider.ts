import type { LiveConnection } from '#connections';
import type { ConnectionSettings } from '#contract';
import type { Interaction } from '../provider/interaction.ts';
import type { AskedOfProvider } from '../relying-party/sign-in-request.ts';
import { domainOf } from './where-to-sign-in.ts';

/**
 * What the provider of a connection is asked for: with what is known of the person, the address that was typed or that the
 * product hinted at, and where Microsoft is to look for it; and with what the product demands.
 */
export function askedOfProvider(
  { settings }: LiveConnection,
  interaction: Interaction | undefined,
  email: string | undefined,
): AskedOfProvider {
  const { anew = false, chosenAfter = 0, asked, uid } = interaction ?? {};
  const isEntra = settings.provider === 'entra';
  // Microsoft documents no max_age: who may be asked too late is asked anew.
  const proves = anew || (isEntra && asked?.maxAge !== undefined);
  const prompt = proves ? 'login' : chosenAfter > 0 ? 'select_account' : undefined;
  return {
    returnTo: uid === undefined ? '/login' : `/login/${uid}`,
    // Microsoft takes no login_hint where the person is to choose (AADSTS90005).
    loginHint: prompt === 'select_account' || email === '' ? undefined : email,
    domainHint: domainHintFor(settings, email, asked?.domainHint),
    prompt,
    maxAge: isEntra ? undefined : asked?.maxAge,
    contexts: asked?.contexts,
  };
}

/**
 * What Microsoft takes as `domain_hint` (a domain of the customer's, `organizations`, `consumers`): the domain of the address
 * where it is one of the connection's, the product's own hint, or what the account type says. Other providers get none.
 */
function domainHintFor(
  { provider, accountType, domains }: ConnectionSettings,
  email: string | undefined,
  hinted: string | undefined,
): string | undefined {
  if (provider !== 'entra') return undefined;
  const domain = domainOf(email ?? '')?.toLowerCase();
  if (domain !== undefined && domains.includes(domain)) return domain;
  const isKnown = hinted !== undefined && [...domains, 'organizations', 'consumers'].includes(hinted.toLowerCase());
  if (isKnown) return hinted.toLowerCase();
  if (accountType === 'personalOnly') return 'consumers';
  return accountType === 'anyOrganization' ? 'organizations' : undefined;
}
