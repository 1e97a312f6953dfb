/** What an id token says about a person, in our words. */
export interface PersonClaims {
  /** With `objectId` the key of an account: the tenant id, or the issuer of another provider. */
  readonly authority: string;
  /** Undefined where the authority is no tenant. */
  readonly tenantId: string | undefined;
  /** The object id, stable and the same in all apps of the tenant; at another provider the subject. */
  readonly objectId: string;
  readonly issuer: string;
  /** At Microsoft Entra pairwise: changes when the customer replaces the app registration. */
  readonly subject: string;
  readonly name: string | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  /** For display and for making a user name; it may change and be reused, so never a key. */
  readonly preferredUsername: string | undefined;
  readonly email: string | undefined;
  readonly emailVerified: boolean;
  /** Which claim decided about the e-mail, and how. */
  readonly emailReason: string;
  /** Group ids or names; undefined where the token carries no group claim. */
  readonly groups: readonly string[] | undefined;
  /** True where Entra left the groups out because there are too many. */
  readonly groupsOverage: boolean;
  readonly roles: readonly string[];
  /** Ids of built-in directory role templates of Entra. */
  readonly directoryRoles: readonly string[];
  /** Session id at the provider, which front-channel logout names. */
  readonly sid: string | undefined;
  /** Opaque; to be sent as `login_hint` and `logout_hint`. */
  readonly loginHint: string | undefined;
  /** Undefined where the token does not tell. */
  readonly guest: boolean | undefined;
  /** A guest's home issuer. Never used to link people across tenants. */
  readonly homeIssuer: string | undefined;
  /** Authentication contexts satisfied: `acrs` of Microsoft Entra, `acr` of others. */
  readonly authenticationContexts: readonly string[];
  /** How the person authenticated (RFC 8176), in the provider's words; Entra's v2 id tokens carry no `amr`. */
  readonly authenticationMethods: readonly string[];
  /** Epoch milliseconds of the person's last authentication; undefined where the token does not tell. */
  readonly authenticatedAt: number | undefined;
  /** Epoch milliseconds at which the provider wants sessions to end; undefined where it does not say. */
  readonly sessionExpiresAt: number | undefined;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * What proves an e-mail address: `verified_primary_email` lists it (the directory's authoritative addresses), or a claim of
 * `proofs` says so, the first that is there; each in any form it comes in (true, 1, "1", "true"; one address or a list).
 */
export function readEmail(
  claims: Claims,
  proofs: readonly string[],
  advice: string,
): Pick<PersonClaims, 'email' | 'emailVerified' | 'emailReason'> {
  const authoritative = texts(claims['verified_primary_email']);
  const email = text(claims['email']) ?? authoritative[0];
  if (email === undefined) return { email, emailVerified: false, emailReason: 'the token carries no e-mail address' };
  const isOwn = (address: string) => address.toLowerCase() === email.toLowerCase();
  if (authoritative.some(isOwn)) {
    return { email, emailVerified: true, emailReason: 'verified_primary_email lists it' };
  }
  for (const name of proofs) {
    const value = claims[name];
    const listed = Array.isArray(value) && value.some((it) => typeof it === 'string' && it.includes('@'));
    const said = listed ? texts(value).some(isOwn) : truth(value);
    if (said !== undefined) {
      return { email, emailVerified: said, emailReason: `${name} says ${said ? 'verified' : 'not verified'}` };
    }
  }
  return { email, emailVerified: false, emailReason: `no claim proves it; ${advice}` };
}

/** Yes or no in any form that providers write it; undefined for anything else. A list says yes where all of it does. */
export function truth(value: unknown): boolean | undefined {
  if (Array.isArray(value) && value.length > 0) {
    const all = value.map((one) => (Array.isArray(one) ? undefined : truth(one)));
    return all.includes(undefined) ? undefined : all.every((one) => one === true);
  }
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
}

/** A text with something in it, without blanks around. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The texts of a list, or the one that stands alone. */
export function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(text).filter((one) => one !== undefined);
}

/** A NumericDate (RFC 7519 §2), also as text, in epoch milliseconds. */
export function timeOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' && /^\d{1,12}(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
