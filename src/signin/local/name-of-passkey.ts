import { deviceOf, unknownDevice } from '../sessions/device-of.ts';

/** So long a passkey's name may be, in characters. */
export const longestPasskeyName = 50;

/** What a passkey is called that was made on a device, until its owner says otherwise: the device in words. */
export function usualPasskeyName(userAgent: string | null): string {
  const device = deviceOf(userAgent);
  return device === unknownDevice ? 'Passkey' : trimPasskeyName(device);
}

/** A name as it is kept; empty where nothing is left of it. */
export const trimPasskeyName = (name: string): string =>
  [...name.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()].slice(0, longestPasskeyName).join('').trim();
