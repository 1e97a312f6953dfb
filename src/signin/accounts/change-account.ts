import type { Account } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { only, type World } from '#store';
import { findAccount, updateAccount } from '../queries/account.ts';
import { removeSessionsOfAccount } from '../queries/end-sessions.ts';
import { recordEnds } from '../sessions/end-sessions.ts';
import { toAccount } from './account.ts';

/** What can be asked to be changed; name and address only to be told where that is done. */
export interface AccountChange {
  disabled?: boolean | undefined;
  role?: string | null | undefined;
  name?: string | null | undefined;
  email?: string | null | undefined;
}

/**
 * Disables or enables an account, or changes its role. Disabled, its sessions end for good. Name and
 * address belong to whoever vouches for them (S9).
 */
export function changeAccount(
  world: World,
  cause: Cause,
  organizationId: string,
  id: string,
  change: AccountChange,
): Promise<Account> {
  return world.store.write(async (tx) => {
    const before = only(await tx.run(findAccount, { organizationId, id }));
    if (before === undefined) throw notFound('account', id);
    refuseWhatIsTold(change, before.told_by);
    const disabled = change.disabled === undefined ? before.disabled : change.disabled ? 1 : 0;
    const role = change.role === undefined ? before.role : change.role;
    const changed = [disabled === before.disabled ? '' : 'disabled', role === before.role ? '' : 'role'].filter(
      Boolean,
    );
    if (changed.length === 0) return toAccount(before);
    const row = only(await tx.run(updateAccount, { organizationId, id, disabled, role }));
    if (row === undefined) throw notFound('account', id);
    if (row.disabled === 1 && before.disabled === 0) {
      const ended = await tx.run(removeSessionsOfAccount, { organizationId, accountId: id });
      await recordEnds(world, tx, cause, organizationId, ended, 'account disabled');
    }
    await record(world, tx, cause, {
      organizationId,
      type: 'account.updated',
      subject: { type: 'account', id, name: row.name ?? row.user_name },
      data: { changed, disabled: row.disabled === 1, role: row.role },
    });
    return toAccount({ ...before, ...row });
  });
}

function refuseWhatIsTold(change: AccountChange, toldBy: string | null): void {
  const fields = (['name', 'email'] as const).filter((field) => change[field] !== undefined);
  if (fields.length === 0) return;
  const [where, remedy] =
    toldBy === null
      ? ['the operator who added it', 'add an account with the right ones, and delete this one']
      : [`the tenant or provider ${toldBy}`, 'change them there; the next sign-in brings them here'];
  throw new Problem('wrong-state', {
    detail: `name and e-mail address of this account are not changed here: they come from ${where}`,
    remedy,
    errors: fields.map((field) => ({ field, detail: `comes from ${where}` })),
  });
}
