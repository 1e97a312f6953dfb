import type { Account, Link, Page } from '#contract';
import { type Cause, record } from '#events';
import { notFound } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { findAccount, listAccounts, updateAccountDisabled } from '../queries/account.ts';
import { listLinks, removeLink } from '../queries/account-link.ts';
import { removeSessionsOfLink } from '../queries/session.ts';
import { recordEnd } from '../sessions/session.ts';

interface Row {
  organization_id: string;
  id: string;
  user_name: string;
  name: string | null;
  email: string | null;
  email_verified: number;
  disabled: number;
  role: string | null;
  /** Whether a link is that of a provisioned user. */
  provisioned: number;
  created_at: number;
  last_sign_in_at: number | null;
}

const toAccount = (row: Row): Account => ({
  id: row.id,
  organization: row.organization_id,
  userName: row.user_name,
  name: row.name,
  email: row.email,
  emailVerified: row.email_verified === 1,
  disabled: row.disabled === 1,
  role: row.role,
  origin: row.provisioned === 1 ? 'directory' : 'sign-in',
  createdAt: new Date(row.created_at).toISOString(),
  lastSignInAt: row.last_sign_in_at === null ? null : new Date(row.last_sign_in_at).toISOString(),
});

/** A page of an organization's accounts. */
export async function pageOfAccounts(world: World, organizationId: string, query: PageQuery): Promise<Page<Account>> {
  const rows = await world.store.read(listAccounts, {
    organizationId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toAccount, (row) => row.id);
}

/** An account. Throws `not-found`. */
export async function getAccount(world: World, organizationId: string, id: string): Promise<Account> {
  const row = only(await world.store.read(findAccount, { organizationId, id }));
  if (row === undefined) throw notFound('account', id);
  return toAccount(row);
}

/** Disables or enables an account. Disabled, none of its sessions is valid from the commit on. */
export function changeAccount(
  world: World,
  cause: Cause,
  organizationId: string,
  id: string,
  change: { disabled?: boolean | undefined },
): Promise<Account> {
  return world.store.write(async (tx) => {
    const before = only(await tx.run(findAccount, { organizationId, id }));
    if (before === undefined) throw notFound('account', id);
    const disabled = change.disabled === undefined ? before.disabled : change.disabled ? 1 : 0;
    if (disabled === before.disabled) return toAccount(before);
    const row = only(await tx.run(updateAccountDisabled, { organizationId, id, disabled }));
    if (row === undefined) throw notFound('account', id);
    await record(world, tx, cause, {
      organizationId,
      type: 'account.updated',
      subject: { type: 'account', id, name: row.name ?? row.user_name },
      data: { changed: ['disabled'], disabled: row.disabled === 1 },
    });
    return toAccount({ ...before, ...row });
  });
}

interface LinkRow {
  id: string;
  connection_id: string;
  authority: string;
  object_id: string;
  user_id: string | null;
  created_at: number;
  last_sign_in_at: number | null;
}

const toLink = (row: LinkRow): Link => ({
  id: row.id,
  connection: row.connection_id === '' ? null : row.connection_id,
  authority: row.authority,
  objectId: row.object_id,
  userId: row.user_id,
  createdAt: new Date(row.created_at).toISOString(),
  lastSignInAt: row.last_sign_in_at === null ? null : new Date(row.last_sign_in_at).toISOString(),
});

/** A page of the links of an account. */
export async function pageOfLinks(
  world: World,
  organizationId: string,
  accountId: string,
  query: PageQuery,
): Promise<Page<Link>> {
  await getAccount(world, organizationId, accountId);
  const rows = await world.store.read(listLinks, {
    organizationId,
    accountId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(rows, query.limit, toLink, (row) => row.id);
}

/** Removes a link; the sessions that came by it end with it. Throws `not-found`. */
export function deleteLink(
  world: World,
  cause: Cause,
  organizationId: string,
  accountId: string,
  id: string,
): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removeLink, { organizationId, accountId, id }));
    if (removed === undefined) throw notFound('link', id);
    for (const session of await tx.run(removeSessionsOfLink, { organizationId, accountId, linkId: id })) {
      await recordEnd(world, tx, cause, organizationId, session, 'link removed');
    }
    await record(world, tx, cause, {
      organizationId,
      type: 'link.removed',
      subject: { type: 'link', id },
      data: { account: accountId, authority: removed.authority, object: removed.object_id },
    });
  });
}
