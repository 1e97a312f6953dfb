import { isSecretOf, parseCredential } from '#http';
import { only, type World } from '#store';
import { type Grant, issueAccessToken } from './access-tokens.ts';
import { findCredential, touchCredential } from './queries/credential.ts';

const kind = 'clientSecret';

/** RFC 6749 §4.4: an access token for a client secret of this directory, or why there is none. */
export async function grantBySecret(
  world: World,
  scope: { organizationId: string; directoryId: string },
  text: string,
  lifetime: number,
): Promise<Grant> {
  const credential = parseCredential('scimclient', text);
  if (credential === undefined)
    return { ok: false, why: 'what was sent does not have the form of a client secret issued here' };
  const found = only(await world.store.read(findCredential, { ...scope, kind, id: credential.id }));
  if (found === undefined || !isSecretOf(credential.secret, found.hash))
    return { ok: false, why: 'what was sent is not a client secret of this directory' };
  const { id, name } = found;
  const now = world.now();
  if (found.expires_at <= now) {
    const end = new Date(found.expires_at).toISOString();
    return { ok: false, proven: true, why: `the client secret ${name} ended on ${end}; issue another in Portico` };
  }
  return world.store.write(async (tx) => {
    if ((await tx.run(touchCredential, { ...scope, kind, id, at: now })).length === 0)
      return { ok: false, proven: true, why: `the client secret ${name} was revoked; issue another in Portico` };
    return { ok: true, ...(await issueAccessToken(world, tx, scope, { id, name }, lifetime)) };
  });
}
