import type { CreateKey, Key, Page, Right } from '#contract';
import { type Cause, deployment, record } from '#events';
import { mintCredential, notFound, Problem } from '#http';
import { only, type PageQuery, type Transaction, toPage, type World } from '#store';
import { type Caller, causeOf } from './caller.ts';
import { insertKey, listKeys, removeKey, removeKeysOf } from './queries/api-key.ts';

const year = 365 * 86_400_000;

type Row = {
  id: string;
  name: string;
  rights: string;
  organization_id: string | null;
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
};

const toKey = (row: Row): Key => ({
  id: row.id,
  name: row.name,
  rights: JSON.parse(row.rights),
  organization: row.organization_id,
  createdAt: new Date(row.created_at).toISOString(),
  expiresAt: new Date(row.expires_at).toISOString(),
  lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
});

/** A page of API keys, without their values. */
export async function pageOfKeys(world: World, query: PageQuery): Promise<Page<Key>> {
  const rows = await world.store.read(listKeys, { after: query.cursor ?? '', limit: query.limit + 1 });
  return toPage(rows, query.limit, toKey, (row) => row.id);
}

/** Issues an API key with no more rights, and no wider scope, than the caller has. Its value is in this answer only. */
export function issueKey(world: World, caller: Caller, input: CreateKey): Promise<Key & { value: string }> {
  const missing = input.rights.filter((right) => !caller.rights.has(right));
  if (missing.length > 0) {
    throw new Problem('missing-right', {
      detail: `one can't give rights that one does not have: ${missing.join(', ')}`,
      remedy: 'leave them out',
      more: { right: missing[0] },
    });
  }
  if (caller.organization !== null && input.organization !== caller.organization) {
    throw new Problem('invalid-request', {
      detail: 'the key would see more than its issuer',
      errors: [{ field: 'organization', detail: "must be that of the issuer's own key" }],
    });
  }
  return mintKey(world, causeOf(caller), { ...input, expiresAt: expiryOf(world.now(), input.expiresAt) });
}

/** Writes a new key. */
async function mintKey(
  world: World,
  cause: Cause,
  input: { name: string; rights: readonly Right[]; organization: string | null; expiresAt: number },
): Promise<Key & { value: string }> {
  const { id, value, hash } = mintCredential('key');
  const row = await world.store.write(async (tx) => {
    const inserted = only(
      await tx.run(insertKey, {
        id,
        name: input.name,
        rights: JSON.stringify(input.rights),
        organizationId: input.organization,
        hash,
        at: world.now(),
        expiresAt: input.expiresAt,
      }),
    );
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'key.issued',
      subject: { type: 'key', id, name: input.name },
      data: {
        rights: input.rights,
        organization: input.organization,
        expiresAt: new Date(input.expiresAt).toISOString(),
      },
    });
    return inserted;
  });
  if (row === undefined) throw new Error('the key was not inserted');
  return { ...toKey(row), value };
}

/** Revokes an API key at once. */
export function revokeKey(world: World, caller: Caller, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removeKey, { id }));
    if (removed === undefined) throw notFound('API key', id);
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'key.revoked',
      subject: { type: 'key', id, name: removed.name },
    });
  });
}

/** Revokes the keys that are narrowed to an organization that goes, in the transaction given. */
export async function revokeKeysOf(world: World, tx: Transaction, cause: Cause, organizationId: string): Promise<void> {
  for (const { id, name } of await tx.run(removeKeysOf, { organizationId }))
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'key.revoked',
      subject: { type: 'key', id, name },
    });
}

function expiryOf(now: number, given: string | undefined): number {
  const at = given === undefined ? now + year : Date.parse(given);
  if (at > now && at <= now + 10 * year + 3 * 86_400_000) return at;
  throw new Problem('invalid-request', {
    detail: 'the end of the key is not possible',
    errors: [{ field: 'expiresAt', detail: 'must lie ahead, 10 years at most' }],
  });
}
