import type { ConnectionSettings } from '#contract';
import { issuerRuleOf, personalTenantId } from '#entra';
import type { Transaction } from '#store';
import { insertAuthority, removeAuthorities } from './queries/authority.ts';
import { listedTenants } from './settings.ts';

/** Whose people settings sign in, as `connection_authority` has it. */
function authoritiesOf(settings: ConnectionSettings | null): string[] {
  if (settings?.signIn !== true) return [];
  if (settings.provider === 'openid') return [settings.issuer];
  const { tenants, personal } = issuerRuleOf(settings.accountType, listedTenants(settings));
  return [...(tenants === 'any' ? ['*'] : tenants), ...(personal ? [personalTenantId] : [])];
}

/**
 * Writes down whose people a connection signs in by its live settings: sessions of all others are not valid any more from then
 * on. Says whether somebody is left out who was in before.
 */
export async function writeAuthorities(
  tx: Transaction,
  of: { organizationId: string; connectionId: string },
  live: ConnectionSettings | null,
): Promise<boolean> {
  const before = await tx.run(removeAuthorities, of);
  const now = authoritiesOf(live);
  for (const authority of now) await tx.run(insertAuthority, { ...of, authority });
  return before.some(({ authority }) => !now.includes(authority));
}
