import type { World } from '#store';
import { mostTrusts } from './assertion-trusts.ts';
import { listAssertionTrusts } from './queries/assertion.ts';
import { listCredentials } from './queries/credential.ts';

/** What by which a provisioning client can authenticate at a directory. */
export interface WaysIn {
  /** Secret Tokens and client secrets that are valid now, the one that lasts longest first. */
  credentials: { kind: 'token' | 'clientSecret'; name: string; expiresAt: number }[];
  /** How many of them there ever were. */
  issued: number;
  /** The assertions that are trusted. */
  assertions: { name: string; tenantId: string; subject: string; audience: string; lastUsedAt: number | null }[];
}

const lookedAt = 1000;

/** P1, P2: the three ways in, as far as they are set up and not over. */
export async function findWaysIn(world: World, organizationId: string, directoryId: string): Promise<WaysIn> {
  const scope = { organizationId, directoryId, after: '' };
  const now = world.now();
  const of = { ...scope, limit: lookedAt };
  const tokens = await world.store.read(listCredentials, { ...of, kind: 'token' });
  const clientSecrets = await world.store.read(listCredentials, { ...of, kind: 'clientSecret' });
  const trusts = await world.store.read(listAssertionTrusts, { ...scope, limit: mostTrusts });
  const issued = [
    ...tokens.map((row) => ({ kind: 'token' as const, row })),
    ...clientSecrets.map((row) => ({ kind: 'clientSecret' as const, row })),
  ];
  return {
    credentials: issued
      .filter(({ row }) => row.revoked_at === null && row.expires_at > now)
      .map(({ kind, row }) => ({ kind, name: row.name, expiresAt: row.expires_at }))
      .sort((a, b) => b.expiresAt - a.expiresAt),
    issued: issued.length,
    assertions: trusts.map(({ name, tenant_id, subject, audience, last_used_at }) => ({
      name,
      tenantId: tenant_id,
      subject,
      audience,
      lastUsedAt: last_used_at,
    })),
  };
}
