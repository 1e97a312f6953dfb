import type { IdTokenClaims } from './validate-id-token.ts';

/** What an id token says about a person, in our words (entra-docs id-token-claims-reference.md, optional-claims-reference.md). */
export interface PersonClaims {
  /** With `objectId` the key of an account: the tenant id, or the issuer of another provider. */
  readonly authority: string;
  /** Undefined where the authority is no tenant. */
  readonly tenantId: string | undefined;
  /** The object id, stable and the same in all apps of the tenant; at another provider the subject. */
  readonly objectId: string;
  readonly issuer: string;
  /** Pairwise: changes when the customer replaces the app registration. */
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
  /** Group ids; undefined where the token carries no group claim. */
  readonly groups: readonly string[] | undefined;
  /** True where Entra left the groups out because there are too many. */
  readonly groupsOverage: boolean;
  readonly roles: readonly string[];
  /** Ids of built-in directory role templates. */
  readonly directoryRoles: readonly string[];
  /** Session id at Entra, which front-channel logout names. */
  readonly sid: string | undefined;
  /** Opaque; to be sent as `login_hint` and `logout_hint`. */
  readonly loginHint: string | undefined;
  /** Undefined where the token does not tell. */
  readonly guest: boolean | undefined;
  /** A guest's home issuer. Never used to link people across tenants. */
  readonly homeIssuer: string | undefined;
  /** Authentication contexts satisfied; v2 id tokens carry no `amr`. */
  readonly authenticationContexts: readonly string[];
}

/** Reads the claims of a validated id token; a claim of an unexpected type counts as absent. */
export function readClaims(claims: IdTokenClaims): PersonClaims {
  const guest = readGuest(claims);
  return {
    authority: claims.tid,
    tenantId: claims.tid,
    objectId: claims.oid,
    issuer: claims.iss,
    subject: claims.sub,
    name: text(claims['name']),
    givenName: text(claims['given_name']),
    familyName: text(claims['family_name']),
    preferredUsername: text(claims['preferred_username']),
    ...readEmail(claims),
    groups: Array.isArray(claims['groups']) ? texts(claims['groups']) : undefined,
    groupsOverage: hasOverage(claims),
    roles: texts(claims['roles']),
    directoryRoles: texts(claims['wids']),
    sid: text(claims['sid']),
    loginHint: text(claims['login_hint']),
    guest,
    homeIssuer: guest ? text(claims['idp']) : undefined,
    authenticationContexts: texts(claims['acrs']),
  };
}

/**
 * Entra's `email` proves nothing by itself. Proof is, in this order: the address is among `verified_primary_email` (the
 * directory's authoritative addresses), `xms_edov` (the domain's owner is verified), `email_verified`; each in any form
 * it comes in (true, 1, "1", "true"; one address or a list).
 */
function readEmail(claims: IdTokenClaims): Pick<PersonClaims, 'email' | 'emailVerified' | 'emailReason'> {
  const authoritative = texts(claims['verified_primary_email']);
  const email = text(claims['email']) ?? authoritative[0];
  if (email === undefined) return { email, emailVerified: false, emailReason: 'the token carries no e-mail address' };
  if (authoritative.some((address) => address.toLowerCase() === email.toLowerCase())) {
    return { email, emailVerified: true, emailReason: 'verified_primary_email lists it' };
  }
  for (const name of ['xms_edov', 'email_verified']) {
    const said = truth(claims[name]);
    if (said !== undefined) {
      return { email, emailVerified: said, emailReason: `${name} says ${said ? 'verified' : 'not verified'}` };
    }
  }
  const reason = 'no claim proves it; add the optional claims email and xms_edov to the app registration';
  return { email, emailVerified: false, emailReason: reason };
}

function hasOverage(claims: IdTokenClaims): boolean {
  const names = claims['_claim_names'];
  const isNamed = typeof names === 'object' && names !== null && 'groups' in names;
  return isNamed || truth(claims['hasgroups']) === true;
}

function readGuest(claims: IdTokenClaims): boolean | undefined {
  const account = claims['acct'];
  if (account === 1 || account === '1') return true;
  if (account === 0 || account === '0') return false;
  const idp = text(claims['idp']);
  return idp === undefined ? undefined : idp !== claims.iss && !idp.includes(claims.tid);
}

function truth(value: unknown): boolean | undefined {
  if (value === true || value === 1) return true;
  if (value === false || value === 0) return false;
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' ? false : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function texts(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(text).filter((one) => one !== undefined);
}
