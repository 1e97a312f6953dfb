import { isSecretOf, mintCredential, parseCredential } from '#http';
import { becomesDue, type DueOutcome, type DueWork, only, type Transaction, type World } from '#store';
import {
  findAccessToken,
  findAnyAccessToken,
  insertAccessToken,
  removeExpiredAccessTokens,
} from './queries/access-token.ts';
import { findAnyAssertionUse, removeExpiredAssertionUses } from './queries/assertion.ts';

const purgeEveryMs = 3_600_000;

/** What a provisioning client gets at the token endpoint: opaque, kept as a hash, over at its end. */
export interface AccessToken {
  value: string;
  /** In milliseconds. */
  lifetime: number;
}

/** An access token, or why there is none; `proven` where the client showed what it was given here, and may be told. */
export type Grant = ({ ok: true } & AccessToken) | { ok: false; why: string; proven?: true };

/** Issues an access token in the transaction that found its source still good, and has the expired ones purged later. */
export async function issueAccessToken(
  world: Pick<World, 'now'>,
  tx: Transaction,
  scope: { organizationId: string; directoryId: string },
  source: { id: string; name: string },
  lifetime: number,
): Promise<AccessToken> {
  const at = world.now();
  const { id, value, hash } = mintCredential('scimaccess');
  await tx.run(insertAccessToken, {
    ...scope,
    id,
    hash,
    sourceId: source.id,
    sourceName: source.name,
    expiresAt: at + lifetime,
    at,
  });
  await becomesDue(tx, {
    kind: 'connections.purgeAccess',
    organizationId: scope.organizationId,
    subject: scope.directoryId,
    in: lifetime,
  });
  return { value, lifetime };
}

/** Whether an access token opens a directory; gives id and name of what it was got with, or why it does not. */
export async function verifyAccessToken(
  world: World,
  organizationId: string,
  directoryId: string,
  text: string,
): Promise<{ ok: true; id: string; name: string } | { ok: false; why: string }> {
  const credential = parseCredential('scimaccess', text);
  if (credential === undefined) return { ok: false, why: 'it does not have the form of an access token issued here' };
  const token = only(await world.store.read(findAccessToken, { organizationId, directoryId, id: credential.id }));
  if (token === undefined || !isSecretOf(credential.secret, token.hash)) {
    return { ok: false, why: 'it is not an access token of this directory, or what it was got with was revoked' };
  }
  if (token.expiresAt <= world.now())
    return { ok: false, why: `the access token ended on ${new Date(token.expiresAt).toISOString()}` };
  return { ok: true, id: token.sourceId, name: token.sourceName };
}

/** Removes a directory's expired access tokens, and the assertions that nobody could use again; comes again while any are left. */
export async function purgeAccessTokens(world: World, work: DueWork): Promise<DueOutcome> {
  const scope = { organizationId: work.organizationId, directoryId: work.subject };
  return world.store.write(async (tx) => {
    const now = world.now();
    await tx.run(removeExpiredAccessTokens, { ...scope, now });
    await tx.run(removeExpiredAssertionUses, { ...scope, now });
    const left = [await tx.run(findAnyAccessToken, scope), await tx.run(findAnyAssertionUse, scope)];
    return left.some((rows) => rows.length > 0) ? { again: purgeEveryMs } : undefined;
  });
}
