import type { Link, Page } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { findSubject, findSubjectById, only, type PageQuery, type Transaction, toPage, type World } from '#store';
import { hashOfName, localAuthority } from '../local/sign-in-name.ts';
import { listLinks, lockAccount, removeLink } from '../queries/account-link.ts';
import { removeSessionsOfLink } from '../queries/end-sessions.ts';
import { removeAllAttempts } from '../queries/local-attempts.ts';
import { removeLocalLinks } from '../queries/local-link.ts';
import { removePassword } from '../queries/local-password.ts';
import { removePasskeysOfAccount } from '../queries/passkey.ts';
import { recordEnds } from '../sessions/end-sessions.ts';
import { getAccount } from './account.ts';
import { mostLinks } from './most-links.ts';

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

/**
 * Removes a link; the sessions that came by it end with it. One by which somebody signed in stays while a directory has its user: the
 * account would be out of that directory's reach, and the person in by the other links after it was switched off there. Throws
 * `not-found`, `wrong-state`.
 */
export function deleteLink(
  world: World,
  cause: Cause,
  organizationId: string,
  accountId: string,
  id: string,
): Promise<void> {
  return world.store.write(async (tx) => {
    await tx.run(lockAccount, { organizationId, accountId });
    const links = await tx.run(listLinks, { organizationId, accountId, after: '', limit: mostLinks });
    const link = links.find((it) => it.id === id);
    if (link === undefined) throw notFound('link', id);
    if (link.last_sign_in_at !== null && (await hasUser(tx, organizationId, link)))
      throw new Problem('wrong-state', {
        detail: `the directory of ${link.connection_id} has this person: without the link, switching the user off there would end nobody’s access to the account`,
        remedy:
          'unassign the person in Microsoft Entra or delete the user of the directory, wait until it is deleted here, then remove the link; to end access now, disable the account',
      });
    await removeWithSessions(world, tx, cause, { organizationId, accountId, id });
  });
}

/** Whether the directory of a link has its user, active or not: the one that it remembers, or one with its object id. */
async function hasUser(tx: Transaction, organizationId: string, link: LinkRow): Promise<boolean> {
  const of = { organizationId, directoryId: link.connection_id };
  if ((await tx.run(findSubject, { ...of, externalId: link.object_id })).length > 0) return true;
  return link.user_id !== null && (await tx.run(findSubjectById, { ...of, userId: link.user_id })).length > 0;
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
