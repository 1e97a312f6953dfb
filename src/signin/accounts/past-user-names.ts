import type { Page, PastUserName } from '#contract';
import { type Cause, record } from '#events';
import { notFound } from '#http';
import { only, type PageQuery, toPage, type World } from '#store';
import { listPastUserNames, removePastUserName } from '../queries/user-name.ts';
import { foldUserName } from './user-name.ts';

/** A page of the user names that deleted accounts left, in their order. */
export async function pageOfPastUserNames(
  world: World,
  organizationId: string,
  query: PageQuery,
): Promise<Page<PastUserName>> {
  const rows = await world.store.read(listPastUserNames, {
    organizationId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  const toName = (row: (typeof rows)[number]): PastUserName => ({
    userName: row.user_name,
    account: row.account_id,
    leftAt: new Date(row.left_at ?? 0).toISOString(),
    keptUntil: new Date(row.kept_until ?? 0).toISOString(),
  });
  return toPage(rows, query.limit, toName, (row) => row.folded);
}

/** Gives a past user name free, so that another account may get it. Throws `not-found`. */
export function purgeUserName(world: World, cause: Cause, organizationId: string, userName: string): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removePastUserName, { organizationId, folded: foldUserName(userName) }));
    if (removed === undefined) throw notFound('past user name', userName);
    await record(world, tx, cause, {
      organizationId,
      type: 'user_name.purged',
      subject: { type: 'account', id: removed.account_id, name: removed.user_name },
      data: { userName: removed.user_name },
    });
  });
}
