import type { ClientSecret, Page } from '#contract';
import { type Cause, record } from '#events';
import { isSecretOf, mintCredential, notFound, Problem, parseCredential } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { type Grant, issueAccessToken } from './access-tokens.ts';
import { daysUntil, watchExpiry } from './expiry.ts';
import { removeAccessTokensOf } from './queries/access-token.ts';
import {
  findClientSecret,
  insertClientSecret,
  listClientSecrets,
  revokeClientSecret,
  touchClientSecret,
} from './queries/client-secret.ts';
import { findConnection } from './queries/connection.ts';

const day = 86_400_000;
const year = 365 * day;

interface Row {
  id: string;
  name: string;
  expires_at: number;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

const toClientSecret =
  (now: number) =>
  (row: Row): ClientSecret => ({
    id: row.id,
    name: row.name,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
    daysLeft: daysUntil(row.expires_at, now),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at).toISOString(),
  });

/** A page of a directory's client secrets, without their values. */
export async function pageOfClientSecrets(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery,
): Promise<Page<ClientSecret>> {
  const rows = await world.store.read(listClientSecrets, {
    organizationId,
    directoryId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toClientSecret(world.now()), (row) => row.id);
}

/**
 * Issues a client secret by which a provisioning client gets access tokens; its value is in this answer only. Several may
 * be valid at once. It lasts 1 to 3 years (app-gallery-user-provisioning-requirements), a day more or less.
 */
export function issueClientSecret(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  input: { name: string; expiresAt?: string | undefined },
): Promise<ClientSecret & { value: string }> {
  const at = world.now();
  const expiresAt = input.expiresAt === undefined ? at + 2 * year : Date.parse(input.expiresAt);
  if (expiresAt < at + year - day || expiresAt > at + 3 * year + 2 * day) {
    throw new Problem('invalid-request', {
      detail: 'the end of the client secret is not possible',
      errors: [{ field: 'expiresAt', detail: 'must lie 1 to 3 years ahead' }],
    });
  }
  const { id, value, hash } = mintCredential('scimclient');
  return world.store.write(async (tx) => {
    if ((await tx.run(findConnection, { organizationId, id: directoryId })).length === 0)
      throw notFound('directory', directoryId);
    const row = only(
      await tx.run(insertClientSecret, { organizationId, directoryId, id, name: input.name, hash, expiresAt, at }),
    );
    if (row === undefined) throw new Error('the client secret was not inserted');
    await watchExpiry(tx, organizationId, directoryId);
    await record(world, tx, cause, {
      organizationId,
      type: 'client_secret.issued',
      subject: { type: 'client_secret', id, name: input.name },
      data: { directory: directoryId, expiresAt: new Date(expiresAt).toISOString() },
    });
    return { ...toClientSecret(at)(row), value };
  });
}

/** Revokes a client secret at once, and ends the access tokens that were got with it. */
export function withdrawClientSecret(
  world: World,
  cause: Cause,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<void> {
  return world.store.write(async (tx) => {
    const revoked = only(await tx.run(revokeClientSecret, { organizationId, directoryId, id, at: world.now() }));
    if (revoked === undefined) throw notFound('valid client secret', id);
    await tx.run(removeAccessTokensOf, { organizationId, directoryId, sourceId: id });
    await record(world, tx, cause, {
      organizationId,
      type: 'client_secret.revoked',
      subject: { type: 'client_secret', id, name: revoked.name },
      data: { directory: directoryId },
    });
  });
}

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
  const found = only(await world.store.read(findClientSecret, { ...scope, id: credential.id }));
  if (found === undefined || !isSecretOf(credential.secret, found.hash))
    return { ok: false, why: 'what was sent is not a client secret of this directory' };
  const { id, name } = found;
  const now = world.now();
  if (found.expires_at <= now) {
    const end = new Date(found.expires_at).toISOString();
    return { ok: false, proven: true, why: `the client secret ${name} ended on ${end}; issue another in Portico` };
  }
  return world.store.write(async (tx) => {
    if ((await tx.run(touchClientSecret, { ...scope, id, at: now })).length === 0)
      return { ok: false, proven: true, why: `the client secret ${name} was revoked; issue another in Portico` };
    return { ok: true, ...(await issueAccessToken(world, tx, scope, { id, name }, lifetime)) };
  });
}
