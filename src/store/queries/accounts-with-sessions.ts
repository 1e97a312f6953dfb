import { isAmong } from '../sql.ts';
import { statement } from '../statement.ts';

/**
 * The accounts, 1,000 at most, of these users of a directory that have a session, by whichever of their links: users given as JSON by their ids, and
 * by the externalIds that the object ids of links are compared with. Whether a session is over is for the room that keeps it.
 */
export const listAccountsWithSessions = statement(
  'store.listAccountsWithSessions',
  (db, p: { organizationId: string; directoryId: string; userIds: string; externalIds: string }, dialect) => {
    const byUser = db
      .selectFrom('account_link as link')
      .innerJoin('session', (join) =>
        join.on('session.organization_id', '=', p.organizationId).onRef('session.account_id', '=', 'link.account_id'),
      )
      .select('link.account_id as accountId')
      .where('link.organization_id', '=', p.organizationId)
      .where('link.connection_id', '=', p.directoryId)
      .where(isAmong(dialect, 'link.user_id', p.userIds));
    const byExternalId = db
      .selectFrom('account_link as link')
      .innerJoin('session', (join) =>
        join.on('session.organization_id', '=', p.organizationId).onRef('session.account_id', '=', 'link.account_id'),
      )
      .select('link.account_id as accountId')
      .where('link.organization_id', '=', p.organizationId)
      .where(({ and, eb, or, ref }) =>
        or([
          eb('link.connection_id', '=', p.directoryId),
          and([eb('session.link_id', '=', ref('link.id')), eb('session.connection_id', '=', p.directoryId)]),
        ]),
      )
      .where(isAmong(dialect, 'link.object_id', p.externalIds));
    return byUser.union(byExternalId).limit(1000);
  },
);
