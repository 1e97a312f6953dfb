import type { Account } from '#contract';
import { notFound } from '#http';
import { only, type World } from '#store';
import { findAccount } from '../queries/account.ts';

/** An account as it is stored. */
export interface AccountRow {
  organization_id: string;
  id: string;
  user_name: string;
  name: string | null;
  email: string | null;
  email_verified: number;
  told_by: string | null;
  disabled: number;
  role: string | null;
  /** Whether a link is that of a provisioned user. */
  provisioned: number;
  created_at: number;
  last_sign_in_at: number | null;
}

/** An account as REST tells it. */
export const toAccount = (row: AccountRow): Account => ({
  id: row.id,
  organization: row.organization_id,
  userName: row.user_name,
  name: row.name,
  email: row.email,
  emailVerified: row.email_verified === 1,
  disabled: row.disabled === 1,
  role: row.role,
  toldBy: row.told_by,
  origin: row.provisioned === 1 ? 'directory' : 'sign-in',
  createdAt: new Date(row.created_at).toISOString(),
  lastSignInAt: row.last_sign_in_at === null ? null : new Date(row.last_sign_in_at).toISOString(),
});

/** An account. Throws `not-found`. */
export async function getAccount(world: World, organizationId: string, id: string): Promise<Account> {
  const row = only(await world.store.read(findAccount, { organizationId, id }));
  if (row === undefined) throw notFound('account', id);
  return toAccount(row);
}
