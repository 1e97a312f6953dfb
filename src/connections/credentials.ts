import type { Page, Token } from '#contract';
import { type Cause, record } from '#events';
import { mintCredential, notFound, Problem } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { daysUntil, watchExpiry } from './expiry.ts';
import { removeAccessTokensOf } from './queries/access-token.ts';
import { findConnection } from './queries/connection.ts';
import { insertCredential, listCredentials, revokeCredential } from './queries/credential.ts';

const day = 86_400_000;
const year = 365 * day;

/**
 * What is issued to a provisioning client, by the name of its kind: P1, a Secret Token, of up to 10 years; P2, a client secret,
 * of 1 to 3 years (app-gallery-user-provisioning-requirements), a day more or less.
 */
export const credentialKinds = {
  token: { what: 'token', event: 'token', prefix: 'scim', usual: year, least: 1, most: 10 * year + 3 * day },
  clientSecret: {
    what: 'client secret',
    event: 'client_secret',
    prefix: 'scimclient',
    usual: 2 * year,
    least: year - day,
    most: 3 * year + 2 * day,
  },
} as const;

/** `token` or `clientSecret`. */
export type CredentialKind = keyof typeof credentialKinds;

const possible: Readonly<Record<CredentialKind, string>> = {
  token: 'must lie ahead, 10 years at most',
  clientSecret: 'must lie 1 to 3 years ahead',
};

interface Row {
  id: string;
  name: string;
  expires_at: number;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

const toCredential =
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

/** A page of a directory's credentials of one kind, without their values. */
export async function pageOfCredentials(
  world: World,
  kind: CredentialKind,
  organizationId: string,
  directoryId: string,
  query: PageQuery,
): Promise<Page<Token>> {
  const rows = await world.store.read(listCredentials, {
    organizationId,
    directoryId,
    kind,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toCredential(world.now()), (row) => row.id);
}

/** Issues a credential; its value is in this answer only. Several may be valid at once, so that one can be replaced. */
export function issueCredential(
  world: World,
  cause: Cause,
  kind: CredentialKind,
  organizationId: string,
  directoryId: string,
  input: { name: string; expiresAt?: string | undefined },
): Promise<Token & { value: string }> {
  const { what, event, prefix, usual, least, most } = credentialKinds[kind];
  const at = world.now();
  const expiresAt = input.expiresAt === undefined ? at + usual : Date.parse(input.expiresAt);
  if (expiresAt < at + least || expiresAt > at + most) {
    throw new Problem('invalid-request', {
      detail: `the end of the ${what} is not possible`,
      errors: [{ field: 'expiresAt', detail: possible[kind] }],
    });
  }
  const { id, value, hash } = mintCredential(prefix);
  return world.store.write(async (tx) => {
    if ((await tx.run(findConnection, { organizationId, id: directoryId })).length === 0)
      throw notFound('directory', directoryId);
    const row = only(
      await tx.run(insertCredential, { organizationId, directoryId, kind, id, name: input.name, hash, expiresAt, at }),
    );
    if (row === undefined) throw new Error(`the ${what} was not inserted`);
    await watchExpiry(tx, organizationId, directoryId);
    await record(world, tx, cause, {
      organizationId,
      type: `${event}.issued`,
      subject: { type: event, id, name: input.name },
      data: { directory: directoryId, expiresAt: new Date(expiresAt).toISOString() },
    });
    return { ...toCredential(at)(row), value };
  });
}

/** Revokes a credential at once, and ends the access tokens that were got with it. */
export function withdrawCredential(
  world: World,
  cause: Cause,
  kind: CredentialKind,
  organizationId: string,
  directoryId: string,
  id: string,
): Promise<void> {
  const { what, event } = credentialKinds[kind];
  return world.store.write(async (tx) => {
    const revoked = only(await tx.run(revokeCredential, { organizationId, directoryId, kind, id, at: world.now() }));
    if (revoked === undefined) throw notFound(`valid ${what}`, id);
    await tx.run(removeAccessTokensOf, { organizationId, directoryId, sourceId: id });
    await record(world, tx, cause, {
      organizationId,
      type: `${event}.revoked`,
      subject: { type: event, id, name: revoked.name },
      data: { directory: directoryId },
    });
  });
}
