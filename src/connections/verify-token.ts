import { isSecretOf, parseCredential } from '#http';
import { only, type World } from '#store';
import { findCredential, touchCredential } from './queries/credential.ts';

/** "Last used" is written at most this often. */
const touchMs = 60_000;

/** Whether a bearer token opens a directory; gives the token's id and name, or why it does not. */
export async function verifyToken(
  world: World,
  organizationId: string,
  directoryId: string,
  text: string,
): Promise<{ ok: true; id: string; name: string } | { ok: false; why: string }> {
  const credential = parseCredential('scim', text);
  if (credential === undefined) return { ok: false, why: 'it does not have the form of a Secret Token issued here' };
  const now = world.now();
  const scope = { organizationId, directoryId, kind: 'token' };
  const token = only(await world.store.read(findCredential, { ...scope, id: credential.id }));
  if (token === undefined || !isSecretOf(credential.secret, token.hash))
    return { ok: false, why: 'it is not a token of this directory' };
  if (token.revoked_at !== null)
    return { ok: false, why: `the token ${token.name} was revoked on ${new Date(token.revoked_at).toISOString()}` };
  if (token.expires_at <= now)
    return { ok: false, why: `the token ${token.name} ended on ${new Date(token.expires_at).toISOString()}` };
  if (now - (token.last_used_at ?? 0) > touchMs)
    await world.store.write((tx) => tx.run(touchCredential, { ...scope, id: token.id, at: now }));
  return { ok: true, id: token.id, name: token.name };
}
