import { type Kysely, sql } from 'kysely';
import { personalTenantId } from '#entra';
import { activeSubject, isAmong, statement, type Tables } from '#store';
import { isShutOut } from './shut-out.ts';

/** What stands for the tenant of a link where a connection takes any; null where it is none, or that of personal accounts. */
const anyTenant = sql<string>`case when account_link.tenant_id <> ${sql.lit(personalTenantId)} then '*' end`;

/** The sessions of an organization, at a time. */
export type Valid = { organizationId: string; now: number };

/**
 * The sessions that are valid now: neither ended nor too old nor idle for too long, their connection there, not paused and still
 * for people of their authority (a local sign-in has none: the organization allows it), their account enabled, their link still
 * that of the user they came by, and that user active in the directory; nor has a directory shut out another link of the account.
 */
export const validSessions = (db: Kysely<Tables>, p: Valid) =>
  db
    .selectFrom('session')
    .innerJoin('account', (join) =>
      join.onRef('account.id', '=', 'session.account_id').on('account.organization_id', '=', p.organizationId),
    )
    .innerJoin('account_link', (join) =>
      join.onRef('account_link.id', '=', 'session.link_id').on('account_link.organization_id', '=', p.organizationId),
    )
    .where('session.organization_id', '=', p.organizationId)
    .where('session.expires_at', '>', p.now)
    .where((eb) => eb(eb('session.last_seen_at', '+', eb.ref('session.idle_ms')), '>', p.now))
    .where((eb) =>
      eb.or([
        eb.and([
          eb('session.connection_id', '=', ''),
          eb.exists(
            eb
              .selectFrom('organization')
              .select('organization.id')
              .where('organization.id', '=', p.organizationId)
              .where('organization.local_sign_in', '=', 1),
          ),
        ]),
        eb.exists(
          eb
            .selectFrom('connection')
            .innerJoin('connection_authority as taken', (join) =>
              join
                .on('taken.organization_id', '=', p.organizationId)
                .onRef('taken.connection_id', '=', 'connection.id')
                .on('taken.authority', 'in', [eb.ref('account_link.authority'), anyTenant]),
            )
            .select('connection.id')
            .where('connection.organization_id', '=', p.organizationId)
            .whereRef('connection.id', '=', 'session.connection_id')
            .where('connection.state', '<>', 'paused'),
        ),
      ]),
    )
    .where('account.disabled', '=', 0)
    .where((eb) =>
      eb.or([eb('session.user_id', 'is', null), eb('session.user_id', '=', eb.ref('account_link.user_id'))]),
    )
    .where(
      activeSubject(p, {
        directory: 'account_link.connection_id',
        user: 'account_link.user_id',
        mayBeIn: 'session.connection_id',
        externalId: 'account_link.object_id',
      }),
    )
    .where(({ not }) => not(isShutOut(p, { account: 'session.account_id', exceptLink: 'session.link_id' })));

/** What a session tells of the person who is in it. */
const told = (sessions: ReturnType<typeof validSessions>) =>
  sessions.select([
    'session.id as id',
    'session.hash as hash',
    'session.account_id as accountId',
    'session.link_id as linkId',
    'session.connection_id as connectionId',
    'session.authenticated_at as authenticatedAt',
    'session.signed_in_at as signedInAt',
    'session.last_seen_at as lastSeenAt',
    'session.expires_at as expiresAt',
    'session.issuer as issuer',
    'session.logout_hint as logoutHint',
    'session.roles as roles',
    'session.groups as groups',
    'session.acr as acr',
    'session.amr as amr',
    'account.role as role',
    'account.user_name as userName',
    'account.name as name',
    'account.email as email',
    'account.email_verified as emailVerified',
    'account_link.tenant_id as tenantId',
    'account_link.object_id as objectId',
    'account_link.connection_id as directoryId',
    'account_link.user_id as userId',
    'account_link.preferred_username as preferredUsername',
  ]);

export const findSession = statement('signin.findSession', (db, p: Valid & { id: string }) =>
  told(validSessions(db, p)).where('session.id', '=', p.id),
);

export const listSessions = statement(
  'signin.listSessions',
  (db, p: Valid & { accountId: string; after: string; limit: number }) =>
    told(validSessions(db, p))
      .select(['session.created_at as createdAt', 'session.address as address', 'session.user_agent as userAgent'])
      .where('session.account_id', '=', p.accountId)
      .where('session.id', '>', p.after)
      .orderBy('session.id')
      .limit(p.limit),
);

type Written = {
  organizationId: string;
  id: string;
  hash: string;
  userId: string | null;
  at: number;
  expiresAt: number;
  idleMs: number;
  roles: string;
  groups: string | null;
  acr: string | null;
  amr: string | null;
  authenticatedAt: number;
  issuer: string;
  sid: string | null;
  logoutHint: string | null;
  address: string | null;
  userAgent: string | null;
};

/** What each sign-in writes anew, be it in a new session or in the one that goes on. */
const writtenOf = (p: Written) => ({
  hash: p.hash,
  user_id: p.userId,
  authenticated_at: p.authenticatedAt,
  signed_in_at: p.at,
  last_seen_at: p.at,
  expires_at: p.expiresAt,
  idle_ms: p.idleMs,
  roles: p.roles,
  groups: p.groups,
  acr: p.acr,
  amr: p.amr,
  issuer: p.issuer,
  sid: p.sid,
  logout_hint: p.logoutHint,
  address: p.address,
  user_agent: p.userAgent,
});

export const insertSession = statement(
  'signin.insertSession',
  (db, p: Written & { accountId: string; linkId: string; connectionId: string }) =>
    db.insertInto('session').values({
      organization_id: p.organizationId,
      id: p.id,
      account_id: p.accountId,
      link_id: p.linkId,
      connection_id: p.connectionId,
      created_at: p.at,
      ...writtenOf(p),
    }),
);

/** A session whose person authenticated anew in the same browser: it goes on under another secret. */
export const renewSession = statement('signin.renewSession', (db, p: Written) =>
  db
    .updateTable('session')
    .set(writtenOf(p))
    .where('organization_id', '=', p.organizationId)
    .where('id', '=', p.id)
    .returning('id'),
);

/** Writes down that sessions of an organization were in use. */
export const touchSessions = statement(
  'signin.touchSessions',
  (db, p: { organizationId: string; ids: string; at: number }, dialect) =>
    db
      .updateTable('session')
      .set({ last_seen_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where(isAmong(dialect, 'session.id', p.ids)),
);

/** Whether any session is written down, valid or not. */
export const findAnySession = statement('signin.findAnySession', (db, p: { organizationId: string }) =>
  db.selectFrom('session').select('id').where('organization_id', '=', p.organizationId).limit(1),
);
