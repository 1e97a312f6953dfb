import { createHash } from 'node:crypto';
import type { Tenant } from '../directory/tenant.ts';

/** How a person proves who he is, beside what Microsoft Graph shows of him. */
export type Credential = {
  /** Null: there is none in the cloud, as where passwords are kept on premises only (AADSTS50056). */
  password: string | null;
  /** Past its time (AADSTS50055). */
  passwordExpired: boolean;
  /** The admin's password, to be changed at the first sign-in. */
  mustChangePassword: boolean;
  /** The Authenticator app, or nothing registered yet. */
  secondFactor: 'authenticator' | 'none';
  /** Demanded of this person whatever he signs in to (per-user multifactor authentication). */
  secondFactorRequired: boolean;
  /** Whether his device fulfils the company's rules; policies can demand it. */
  compliantDevice: boolean;
  /** Wrong passwords in a row, and until when he is locked out for them; epoch milliseconds. */
  failures: number;
  lockedUntil: number;
};

/** The credential of a user; the initial one until something of it was changed. */
export function findCredential(tenant: Tenant, userId: string): Credential {
  return tenant.signIn.credentials.get(userId) ?? initialCredential(userId);
}

/** The credential of a user to be changed. */
export function ensureCredential(tenant: Tenant, userId: string): Credential {
  const present = tenant.signIn.credentials.get(userId);
  if (present !== undefined) return present;
  const credential = initialCredential(userId);
  tenant.signIn.credentials.set(userId, credential);
  return credential;
}

/** Everybody has a password of his own from the start, the same one for the same user id; the control API tells it. */
function initialCredential(userId: string): Credential {
  return {
    password: `Pw-${createHash('sha256').update(`password of ${userId}`).digest('base64url').slice(0, 12)}`,
    passwordExpired: false,
    mustChangePassword: false,
    secondFactor: 'authenticator',
    secondFactorRequired: false,
    compliantDevice: false,
    failures: 0,
    lockedUntil: 0,
  };
}
