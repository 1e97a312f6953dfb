import type { Link, Page } from '#contract';
import { type Cause, record } from '#events';
import { notFound } from '#http';
import { only, type PageQuery, type Transaction, toPage, type World } from '#store';
import { hashOfName, localAuthority } from '../local/sign-in-name.ts';
import { listLinks, removeLink } from '../queries/account-link.ts';
import { removeSessionsOfLink } from '../queries/end-sessions.ts';
import { removeAllAttempts } from '../queries/local-attempts.ts';
import { removeLocalLinks } from '../queries/local-link.ts';
import { removePassword } from '../queries/local-password.ts';
import { removePasskeysOfAccount } from '../queries/passkey.ts';
import { recordEnds } from '../sessions/end-sessions.ts';
import { getAccount } from './account.ts';

interface LinkRow {
  id: string;
  connection_id: string;
  authority: string;
  object_id: string;
  user_id: string | null;
  created_at: number;
  last_sign_in_at: number | null;
}

/** A link as it is told. */
export const toLink = (row: LinkRow): Link => ({
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
    if (!(await removeWithSessions(world, tx, cause, { organizationId, accountId, id }))) throw notFound('link', id);
  });
}

/** Removes a link with what hangs on it: sessions, and of a local one password and passkeys. Gives whether it was there. */
export async function removeWithSessions(
  world: World,
  tx: Transaction,
  cause: Cause,
  { organizationId, accountId, id }: { organizationId: string; accountId: string; id: string },
): Promise<boolean> {
  const removed = only(await tx.run(removeLink, { organizationId, accountId, id }));
  if (removed === undefined) return false;
  const { authority, object_id: object } = removed;
  if (authority === localAuthority) {
    await tx.run(removePassword, { organizationId, accountId });
    await tx.run(removePasskeysOfAccount, { organizationId, accountId });
    await tx.run(removeLocalLinks, { organizationId, accountId });
    await tx.run(removeAllAttempts, { organizationId, nameHash: hashOfName(object) });
  }
  const ended = await tx.run(removeSessionsOfLink, { organizationId, accountId, linkId: id });
  await recordEnds(world, tx, cause, organizationId, ended, 'link removed');
  await record(world, tx, cause, {
    organizationId,
    type: 'link.removed',
    subject: { type: 'link', id },
    data: { account: accountId, authority, object },
  });
  return true;
}
