import { randomBytes } from 'node:crypto';
import { cookieOf, setCookie } from '#http';
import type { World } from '#store';
import { hashOfName } from './sign-in-name.ts';

/** The cookie of a browser in which people have signed in here by a password or a passkey. */
const deviceCookie = '__Host-portico_device';

const mostPeople = 5;
const keptSeconds = 365 * 86_400;
const place = { table: 'local_attempts', organizationId: '', id: '', column: 'device' };

interface Known {
  organizationId: string;
  nameHash: string;
  device: string;
}

/**
 * The browser's own name where it is known to belong to whoever has this sign-in name (OWASP's device cookies): attempts from
 * it are counted apart, so that strangers cannot lock its owner out. It proves nothing else.
 */
export function knownDevice(
  world: World,
  headers: Headers,
  organizationId: string,
  signInName: string,
): string | undefined {
  const nameHash = hashOfName(signInName);
  return readKnown(world, headers).find((it) => it.organizationId === organizationId && it.nameHash === nameHash)
    ?.device;
}

/** The `Set-Cookie` after a sign-in: this browser is known for this name from now on, beside the last few others. */
export function rememberDevice(world: World, headers: Headers, organizationId: string, signInName: string): string {
  const nameHash = hashOfName(signInName);
  const known = readKnown(world, headers);
  const isSame = (it: Known) => it.organizationId === organizationId && it.nameHash === nameHash;
  const own = known.find(isSame) ?? { organizationId, nameHash, device: randomBytes(12).toString('base64url') };
  const all = [own, ...known.filter((it) => !isSame(it))].slice(0, mostPeople);
  return setCookie(deviceCookie, world.sealer.seal(JSON.stringify(all), place), keptSeconds, 'Lax');
}

function readKnown(world: World, headers: Headers): Known[] {
  const cookie = cookieOf({ headers }, deviceCookie);
  if (cookie === undefined || cookie.length > 4000) return [];
  try {
    return JSON.parse(world.sealer.open(cookie, place));
  } catch {
    return [];
  }
}
