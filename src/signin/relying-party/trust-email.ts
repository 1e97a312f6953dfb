import type { ConnectionSettings } from '#contract';
import type { PersonClaims } from '#openid';

/** S5: the switch that takes a provider's e-mail addresses for verified, whatever its claims say. */
export const trustEmail = (person: PersonClaims, settings: Pick<ConnectionSettings, 'trustEmail'>): PersonClaims =>
  settings.trustEmail && person.email !== undefined && !person.emailVerified
    ? {
        ...person,
        emailVerified: true,
        emailReason: `this connection trusts its provider’s addresses (trustEmail); ${person.emailReason}`,
      }
    : person;
