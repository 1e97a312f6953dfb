import type { Tenant, User } from '../directory/tenant.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { ensureCredential, findCredential } from './credential.ts';

/**
 * Checks a password where the person lives. Throws AADSTS50053 while he is locked out, 50056 where there is none, 50126 for a
 * wrong one; enough of those in a row lock him out (smart lockout).
 */
export function checkPassword(tenant: Tenant, user: User, password: string, now: number): void {
  const { lockoutThreshold, lockoutSeconds } = tenant.signIn.settings;
  const credential = findCredential(tenant, user.id);
  if (now < credential.lockedUntil) throw locked();
  if (credential.password === null)
    throw new AadstsError(50056, 'Invalid or null password: password does not exist in the directory for this user');
  if (credential.password === password) {
    if (credential.failures > 0) ensureCredential(tenant, user.id).failures = 0;
    return;
  }
  const own = ensureCredential(tenant, user.id);
  own.failures += 1;
  if (own.failures >= lockoutThreshold) {
    own.failures = 0;
    own.lockedUntil = now + lockoutSeconds * 1000;
    throw locked();
  }
  throw new AadstsError(50126, 'Error validating credentials due to invalid username or password');
}

/** Throws AADSTS50055 where a right password has to be changed first; only a page can do that. */
export function checkPasswordIsCurrent(tenant: Tenant, user: User): void {
  const { passwordExpired, mustChangePassword } = findCredential(tenant, user.id);
  if (passwordExpired || mustChangePassword) throw new AadstsError(50055, 'The password is expired');
}

/** Why a new password is refused: the code of the refusal in Entra's log, and what the person reads. */
export type PasswordFault = { readonly code: number; readonly message: string };

const usual: readonly string[] = ['password', 'passw0rd', 'qwerty', 'letmein', 'welcome', '123456'];

/** Judges a password somebody chose (Microsoft Entra password policies): 8 to 256 characters, three kinds of them, no name, not banned. */
export function newPasswordFault(user: User, current: string | null, wanted: string): PasswordFault | undefined {
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(wanted)).length;
  const name = user.userPrincipalName.split('@', 1)[0]?.toLowerCase() ?? '';
  const plain = wanted.toLowerCase();
  if (wanted.length < 8 || wanted.length > 256 || kinds < 3 || wanted === current) {
    return {
      code: 120002,
      message:
        'Choose another password: at least 8 characters, of three kinds (small, capital, number, symbol), and not the old one',
    };
  }
  if (plain.includes(name)) return { code: 120003, message: 'The password must not contain your user name' };
  if (usual.some((word) => plain.includes(word)))
    return { code: 120018, message: 'Too many people use this password; choose something that is harder to guess' };
  return undefined;
}

/** Sets the password somebody chose for himself. */
export function changePassword(tenant: Tenant, user: User, password: string): void {
  Object.assign(ensureCredential(tenant, user.id), {
    password,
    passwordExpired: false,
    mustChangePassword: false,
    failures: 0,
    lockedUntil: 0,
  });
}

const locked = (): AadstsError =>
  new AadstsError(
    50053,
    "The account is locked, you've tried to sign in too many times with an incorrect user ID or password",
  );
