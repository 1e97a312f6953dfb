import { statement } from '#store';
import { type Valid, validSessions } from './session.ts';

const ended = ['id', 'account_id as accountId', 'connection_id as connectionId'] as const;

export const removeSession = statement('signin.removeSession', (db, p: { organizationId: string; id: string }) =>
  db.deleteFrom('session').where('organization_id', '=', p.organizationId).where('id', '=', p.id).returning(ended),
);

export const removeSessionOfAccount = statement(
  'signin.removeSessionOfAccount',
  (db, p: { organizationId: string; accountId: string; id: string }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '=', p.id)
      .returning(ended),
);

/** The sessions of an account, all but one. */
export const removeOtherSessions = statement(
  'signin.removeOtherSessions',
  (db, p: { organizationId: string; accountId: string; exceptId: string }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('id', '<>', p.exceptId)
      .returning(ended),
);

/** The sessions of an account that are over for another reason than their time. */
export const removeInvalidOfAccount = statement(
  'signin.removeInvalidOfAccount',
  (db, p: Valid & { accountId: string }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('expires_at', '>', p.now)
      .where((eb) => eb(eb('last_seen_at', '+', eb.ref('idle_ms')), '>', p.now))
      .where('id', 'not in', validSessions(db, p).select('session.id').where('session.account_id', '=', p.accountId))
      .returning(ended),
);

/** The last of some sessions of an organization in the order of their ids, beginning after one. */
export const findLastOfSome = statement(
  'signin.findLastOfSome',
  (db, p: { organizationId: string; after: string; limit: number }) =>
    db
      .selectFrom(
        db
          .selectFrom('session')
          .select('id')
          .where('organization_id', '=', p.organizationId)
          .where('id', '>', p.after)
          .orderBy('id')
          .limit(p.limit)
          .as('some'),
      )
      .select((eb) => eb.fn.max('some.id').as('id')),
);

type Between = { organizationId: string; after: string; upTo: string };

/** Some sessions of an organization in the order of their ids. */
export const removeSessionsBetween = statement('signin.removeSessionsBetween', (db, p: Between) =>
  db
    .deleteFrom('session')
    .where('organization_id', '=', p.organizationId)
    .where('id', '>', p.after)
    .where('id', '<=', p.upTo)
    .returning(ended),
);

/** Of some sessions those that are over for another reason than their time, and whether local sign-in was allowed when they went. */
export const removeInvalidBetween = statement('signin.removeInvalidBetween', (db, p: Between & Valid) =>
  db
    .deleteFrom('session')
    .where('organization_id', '=', p.organizationId)
    .where('id', '>', p.after)
    .where('id', '<=', p.upTo)
    .where('expires_at', '>', p.now)
    .where((eb) => eb(eb('last_seen_at', '+', eb.ref('idle_ms')), '>', p.now))
    .where(
      'id',
      'not in',
      validSessions(db, p).select('session.id').where('session.id', '>', p.after).where('session.id', '<=', p.upTo),
    )
    .returning(ended)
    .returning((eb) =>
      eb.selectFrom('organization').select('local_sign_in').where('id', '=', p.organizationId).as('localSignIn'),
    ),
);

/** The sessions that came by a link. */
export const removeSessionsOfLink = statement(
  'signin.removeSessionsOfLink',
  (db, p: { organizationId: string; accountId: string; linkId: string }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('link_id', '=', p.linkId)
      .returning(ended),
);

/** The sessions of an account whose last sign-in ended until a time. */
export const removeSessionsOfAccountUntil = statement(
  'signin.removeSessionsOfAccountUntil',
  (db, p: { organizationId: string; accountId: string; until: number }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .where('signed_in_at', '<=', p.until)
      .returning(ended),
);

/** The sessions of an account, valid or not. */
export const removeSessionsOfAccount = statement(
  'signin.removeSessionsOfAccount',
  (db, p: { organizationId: string; accountId: string }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('account_id', '=', p.accountId)
      .returning(ended),
);

/** The sessions that came of one session at the provider. */
export const removeSessionsBySid = statement(
  'signin.removeSessionsBySid',
  (db, p: { organizationId: string; connectionId: string; issuer: string; sid: string }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('sid', '=', p.sid)
      .where('issuer', '=', p.issuer)
      .returning(ended),
);

/** Removes sessions that are past their end, so many at most; gives what it removed. */
export const removeExpiredSessions = statement(
  'signin.removeExpiredSessions',
  (db, p: { organizationId: string; now: number; limit: number }) =>
    db
      .deleteFrom('session')
      .where('organization_id', '=', p.organizationId)
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('session as old')
          .select('old.id')
          .where('old.organization_id', '=', p.organizationId)
          .where('old.expires_at', '<', p.now)
          .orderBy('old.expires_at')
          .limit(p.limit),
      )
      .returning('id'),
);
