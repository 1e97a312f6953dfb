import { isDomainOfAnother, isDomainProven, isFreeMail } from '#connections';
import type { PersonClaims } from '#openid';
import type { Transaction } from '#store';
import type { PersonAtConnection } from './sign-in-person.ts';

/**
 * S5, S6: the person with the address taken for verified, where no claim proves it but the connection's addresses are trusted:
 * only those of a domain that is on the connection's list and that the organization has proven by DNS. An address of a domain that
 * belongs to another organization is never verified, whatever the claims say: whose provider it is, says what it likes. Nor is one of
 * free mail by a provider that is not Microsoft: it vouches for addresses that are everybody's, and no domain of its customer's.
 */
export async function withTrustedEmail(
  reader: Pick<Transaction, 'run'>,
  { organizationId, settings, person }: Pick<PersonAtConnection, 'organizationId' | 'settings' | 'person'>,
): Promise<PersonClaims> {
  const { email, emailVerified } = person;
  if (email === undefined) return person;
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (emailVerified && (await isDomainOfAnother(reader, organizationId, domain)))
    return { ...person, emailVerified: false, emailReason: `the domain ${domain} belongs to another organization` };
  if (emailVerified && settings.provider === 'openid' && isFreeMail(domain))
    return { ...person, emailVerified: false, emailReason: `${domain} gives e-mail addresses to everybody` };
  if (emailVerified || !settings.trustEmail) return person;
  if (!settings.domains.includes(domain))
    return { ...person, emailReason: `${person.emailReason}; trusted are only addresses of the connection’s domains` };
  return (await isDomainProven(reader, organizationId, domain))
    ? { ...person, emailVerified: true, emailReason: `the connection is trusted with addresses of ${domain}` }
    : { ...person, emailReason: `${person.emailReason}; the domain ${domain} is not proven` };
}
