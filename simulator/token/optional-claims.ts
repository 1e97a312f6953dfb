import type { OptionalClaim } from '../applications/application.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { stsIssuerOf } from '../sign-in/authority.ts';
import { makeLoginHint } from '../sign-in/login-hint.ts';
import type { Claims } from './claims.ts';

/** What the optional claims speak of. */
export type Subject = {
  readonly tenant: Tenant;
  readonly user: User;
  readonly sid: string;
  /** Epoch milliseconds. */
  readonly authenticatedAt: number;
};

/** Values of optional claims (optional claims reference); null leaves one out. E-mail and groups have their own rules. */
const values: Readonly<Record<string, (subject: Subject) => unknown>> = {
  acct: ({ user }) => (user.userType === 'Guest' ? 1 : 0),
  auth_time: ({ authenticatedAt }) => Math.floor(authenticatedAt / 1000),
  ctry: ({ user }) => user.country,
  family_name: ({ user }) => user.surname,
  given_name: ({ user }) => user.givenName,
  login_hint: ({ user }) => makeLoginHint(user.userPrincipalName),
  sid: ({ sid }) => sid,
  tenant_region_scope: ({ tenant }) => tenant.regionScope,
  upn: ({ user }) => user.userPrincipalName,
  verified_primary_email: ({ tenant, user }) =>
    user.mail !== null && user.hasMailbox && ownsDomain(tenant, user.mail) ? [user.mail] : [],
  verified_secondary_email: ({ tenant, user }) => (user.hasMailbox ? secondaryAddresses(tenant, user) : []),
  xms_pl: ({ user }) => user.preferredLanguage,
};

/** The optional claims that a registration asks for in one kind of token. */
export function optionalClaims(wanted: readonly OptionalClaim[], subject: Subject): Claims {
  const claims = wanted.flatMap(({ name }): [string, unknown][] => {
    const value = values[name]?.(subject) ?? null;
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries(claims);
}

/** What stands in `idp`: where a guest lives, never in another cloud; nothing for members. */
export function identityProvider({ tenant: { cloud }, user }: Pick<Subject, 'tenant' | 'user'>): Claims {
  if (user.userType !== 'Guest') return {};
  return { idp: user.homeTenantId === null ? 'live.com' : stsIssuerOf({ id: user.homeTenantId, cloud }) };
}

/** Whether an address is in a domain that the tenant has proven to own. */
export function ownsDomain(tenant: Tenant, address: string): boolean {
  return tenant.domains.includes(address.slice(address.lastIndexOf('@') + 1).toLowerCase());
}

/** Proxy addresses beside the primary one: those that begin with a small `smtp:`. */
function secondaryAddresses(tenant: Tenant, { proxyAddresses }: User): string[] {
  const secondary = proxyAddresses.filter((address) => address.startsWith('smtp:')).map((address) => address.slice(5));
  return secondary.filter((address) => ownsDomain(tenant, address));
}
