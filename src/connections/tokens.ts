import type { Page, Token } from '#contract';
import { type Cause, record } from '#events';
import { isSecretOf, mintCredential, notFound, Problem, parseCredential } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { daysUntil, watchExpiry } from './expiry.ts';
import { findConnection } from './queries/connection.ts';
import { findToken, insertToken, listTokens, revokeToken, touchToken } from './queries/token.ts';

const year = 365 * 86_400_000;
/** "Last used" is written at most this often. */
const touchMs = 60_000;

interface Row {
  id: string;
  name: string;
  expires_at: number;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

const toToken =
  (now: number) =>
  (row: Row): Token => ({
    id: row.id,
    name: row.name,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
    daysLeft: daysUntil(row.expires_at, now),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at).toISOString(),
  });

/** A page of a directory's SCIM tokens, without their values. */
export async function pageOfTokens(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery,
): Promise<Page<Token>> {
  const rows = await world.store.read(listTokens, {
    organizationId,
    directoryId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toToken(world.now()), (row) => row.id);
}

/** P1: issues a SCIM token; its value is in this answer only. Several may be valid at once, so that one can be replaced. */
export function issueToken(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  input: { name: string; expiresAt?: string | undefined },
): Promise<Token & { value: string }> {
  const at = world.now();
  const expiresAt = input.expiresAt === undefined ? at + year : Date.parse(input.expiresAt);
  if (expiresAt <= at || expiresAt > at + 10 * year + 3 * 86_400_000) {
    throw new Problem('invalid-request', {
      detail: 'the end of the token is not possible',
      errors: [{ field: 'expiresAt', detail: 'must lie ahead, 10 years at most' }],
    });
  }
  const { id, value, hash } = mintCredential('scim');
  return world.store.write(async (tx) => {
    if ((await tx.run(findConnection, { organizationId, id: directoryId })).length === 0)
      throw notFound('directory', directoryId);
    const row = only(
      await tx.run(insertToken, { organizationId, directoryId, id, name: input.name, hash, expiresAt, at }),
    );
    if (row === undefined) throw new Error('the token was not inserted');
    await watchExpiry(tx, organizationId, directoryId);
    await record(world, tx, cause, {
      organizationId,
      type: 'token.issued',
      subject: { type: 'token', id, name: input.name },
      data: { directory: directoryId, expiresAt: new Date(expiresAt).toISOString() },
    });
    return { ...toToken(at)(row), value };
  });
}

/** Revokes a SCIM token at once. */
export function withdrawToken(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<void> {
  return world.store.write(async (tx) => {
    const revoked = only(await tx.run(revokeToken, { organizationId, directoryId, id, at: world.now() }));
    if (revoked === undefined) throw notFound('valid token', id);
    await record(world, tx, cause, {
      organizationId,
      type: 'token.revoked',
      subject: { type: 'token', id, name: revoked.name },
      data: { directory: directoryId },
    });
  });
}

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
  const token = only(await world.store.read(findToken, { organizationId, directoryId, id: credential.id }));
  if (token === undefined || !isSecretOf(credential.secret, token.hash))
    return { ok: false, why: 'it is not a token of this directory' };
  if (token.revoked_at !== null)
    return { ok: false, why: `the token ${token.name} was revoked on ${new Date(token.revoked_at).toISOString()}` };
  if (token.expires_at <= now)
    return { ok: false, why: `the token ${token.name} ended on ${new Date(token.expires_at).toISOString()}` };
  if (now - (token.last_used_at ?? 0) > touchMs)
    await world.store.write((tx) => tx.run(touchToken, { organizationId, directoryId, id: token.id, at: now }));
  return { ok: true, id: token.id, name: token.name };
}
