import { type Cause, record } from '#events';
import { notFound } from '#http';
import { only, type Transaction, type World } from '#store';
import { hashOfName, localAuthority } from '../local/sign-in-name.ts';
import { removeAccount } from '../queries/account.ts';
import { removeEventsOfAccount } from '../queries/account-event.ts';
import { removeLinksOfAccount } from '../queries/account-link.ts';
import { removeSessionsOfAccount } from '../queries/end-sessions.ts';
import { removeAllAttempts } from '../queries/local-attempts.ts';
import { removeLocalLinks } from '../queries/local-link.ts';
import { removePassword } from '../queries/local-password.ts';
import { removePasskeysOfAccount } from '../queries/passkey.ts';
import { leaveUserName } from '../queries/user-name.ts';
import { recordEnds } from '../sessions/end-sessions.ts';

/** So long the name of a deleted account is nobody's, unless an operator gives it free: five years. */
const keptMs = 5 * 365 * 86_400_000;

/** Deletes an account with its links; its sessions end, and its user name is kept so that nobody else gets it. Throws `not-found`. */
export function deleteAccount(world: World, cause: Cause, organizationId: string, id: string): Promise<void> {
  return world.store.write((tx) => removeWithAll(world, tx, cause, organizationId, id));
}

async function removeWithAll(
  world: World,
  tx: Transaction,
  cause: Cause,
  organizationId: string,
  id: string,
): Promise<void> {
  const removed = only(await tx.run(removeAccount, { organizationId, id }));
  if (removed === undefined) throw notFound('account', id);
  const at = world.now();
  await tx.run(leaveUserName, { organizationId, folded: removed.user_name_folded, at, keptUntil: at + keptMs });
  await tx.run(removePassword, { organizationId, accountId: id });
  await tx.run(removePasskeysOfAccount, { organizationId, accountId: id });
  await tx.run(removeLocalLinks, { organizationId, accountId: id });
  await tx.run(removeEventsOfAccount, { organizationId, accountId: id });
  const links = await tx.run(removeLinksOfAccount, { organizationId, accountId: id });
  for (const { authority, object_id: signInName } of links)
    if (authority === localAuthority)
      await tx.run(removeAllAttempts, { organizationId, nameHash: hashOfName(signInName) });
  const ended = await tx.run(removeSessionsOfAccount, { organizationId, accountId: id });
  await recordEnds(world, tx, cause, organizationId, ended, 'account deleted');
  await record(world, tx, cause, {
    organizationId,
    type: 'account.deleted',
    subject: { type: 'account', id, name: removed.name ?? removed.user_name },
    data: {
      userName: removed.user_name,
      links: links.map(({ authority, object_id }) => ({ authority, object: object_id })),
    },
  });
}
