import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Application, PasswordCredential } from './application.ts';

const twoYears = 2 * 365 * 24 * 3_600_000;

/** Adds a client secret; without an end it lives two years, as `addPassword` of Microsoft Graph has it. */
export function addSecret(
  application: Pick<Application, 'passwordCredentials'>,
  wanted: {
    displayName?: string | null | undefined;
    startDateTime?: number | undefined;
    endDateTime?: number | undefined;
    secretText?: string | undefined;
  },
  now: number,
): PasswordCredential {
  const secretText =
    wanted.secretText ?? `${randomBytes(2).toString('hex').slice(0, 3)}8Q~${randomBytes(24).toString('base64url')}`;
  const startDateTime = wanted.startDateTime ?? now;
  const credential: PasswordCredential = {
    keyId: randomUUID(),
    displayName: wanted.displayName ?? null,
    secretText,
    hint: secretText.slice(0, 3),
    startDateTime,
    endDateTime: wanted.endDateTime ?? startDateTime + twoYears,
  };
  application.passwordCredentials.push(credential);
  return credential;
}

/** Removes a client secret; false when there is none with that id. */
export function removeSecret(application: Pick<Application, 'passwordCredentials'>, keyId: string): boolean {
  const position = application.passwordCredentials.findIndex((credential) => credential.keyId === keyId);
  if (position < 0) return false;
  application.passwordCredentials.splice(position, 1);
  return true;
}

/** What comes of a presented secret: good, known but past its end, the id instead of the value, or not (yet) known. */
export function judgeSecret(
  application: Pick<Application, 'passwordCredentials'>,
  presented: string,
  now: number,
  delaySeconds: number,
): 'valid' | 'expired' | 'keyId' | 'wrong' {
  if (application.passwordCredentials.some(({ keyId }) => keyId === presented.toLowerCase())) return 'keyId';
  const known = application.passwordCredentials.filter(({ secretText }) => sameText(secretText, presented));
  if (known.length === 0) return 'wrong';
  if (known.some(({ startDateTime, endDateTime }) => startDateTime + delaySeconds * 1000 <= now && now < endDateTime))
    return 'valid';
  return known.some(({ endDateTime }) => endDateTime <= now) ? 'expired' : 'wrong';
}

function sameText(left: string, right: string): boolean {
  const [one, two] = [Buffer.from(left), Buffer.from(right)];
  return one.length === two.length && timingSafeEqual(one, two);
}
