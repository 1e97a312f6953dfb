import { statement } from '#store';

/** Remembers that a session of ours signed its person in to a product, and under which `sid`. */
export const putProductSession = statement(
  'signin.putProductSession',
  (db, p: { organizationId: string; sessionId: string; clientId: string; sid: string; grantId: string | null }) =>
    db
      .insertInto('product_session')
      .values({
        organization_id: p.organizationId,
        session_id: p.sessionId,
        client_id: p.clientId,
        sid: p.sid,
        grant_id: p.grantId,
      })
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'session_id', 'client_id'])
          .doUpdateSet((eb) => ({ sid: eb.ref('excluded.sid'), grant_id: eb.ref('excluded.grant_id') })),
      ),
);

/** The grants of a client that belong to sessions of an account. */
export const listGrantsOfAccount = statement(
  'signin.listGrantsOfAccount',
  (db, p: { organizationId: string; accountId: string; clientId: string }) =>
    db
      .selectFrom('session')
      .innerJoin('product_session', (join) =>
        join
          .onRef('product_session.session_id', '=', 'session.id')
          .on('product_session.organization_id', '=', p.organizationId),
      )
      .select('product_session.grant_id as grantId')
      .where('session.organization_id', '=', p.organizationId)
      .where('session.account_id', '=', p.accountId)
      .where('product_session.client_id', '=', p.clientId),
);
