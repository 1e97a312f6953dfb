import { isAmong, statement } from '#store';

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
          .columns(['organization_id', 'session_id', 'client_id', 'sid'])
          .doUpdateSet((eb) => ({ grant_id: eb.ref('excluded.grant_id') })),
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

/** The products that sessions signed in to, the sessions given as JSON. */
export const listProductSessions = statement(
  'signin.listProductSessions',
  (db, p: { organizationId: string; sessionIds: string }, dialect) =>
    db
      .selectFrom('product_session')
      .select(['session_id as sessionId', 'client_id as clientId', 'sid'])
      .where('organization_id', '=', p.organizationId)
      .where(isAmong(dialect, 'session_id', p.sessionIds)),
);

type Key = { organizationId: string; sessionId: string; clientId: string; sid: string };

export const findProductSession = statement('signin.findProductSession', (db, p: Key) =>
  db
    .selectFrom('product_session')
    .select(['grant_id as grantId'])
    .where('organization_id', '=', p.organizationId)
    .where('session_id', '=', p.sessionId)
    .where('client_id', '=', p.clientId)
    .where('sid', '=', p.sid),
);

export const removeProductSession = statement('signin.removeProductSession', (db, p: Key) =>
  db
    .deleteFrom('product_session')
    .where('organization_id', '=', p.organizationId)
    .where('session_id', '=', p.sessionId)
    .where('client_id', '=', p.clientId)
    .where('sid', '=', p.sid),
);

/** Forgets the products of sessions that are over by their time, given as JSON. */
export const removeProductsOfSessions = statement(
  'signin.removeProductsOfSessions',
  (db, p: { organizationId: string; sessionIds: string }, dialect) =>
    db
      .deleteFrom('product_session')
      .where('organization_id', '=', p.organizationId)
      .where(isAmong(dialect, 'session_id', p.sessionIds)),
);
