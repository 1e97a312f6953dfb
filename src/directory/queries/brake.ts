import { statement, textList } from '#store';

type Scope = { organizationId: string; directoryId: string };

/** Locks the brake of a directory until the transaction ends; whoever takes access away next waits here. */
export const lockBrake = statement('directory.lockBrake', (db, p: Scope) =>
  db
    .insertInto('directory_brake')
    .values({ organization_id: p.organizationId, directory_id: p.directoryId, held: 0 })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'directory_id'])
        .doUpdateSet((eb) => ({ held: eb.ref('directory_brake.held') })),
    )
    .returning(['held', 'held_since as heldSince']),
);

/** How many changes are held, and since when. */
export const findBrake = statement('directory.findBrake', (db, p: Scope) =>
  db
    .selectFrom('directory_brake')
    .select(['held', 'held_since as heldSince'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId),
);

export const updateBrake = statement(
  'directory.updateBrake',
  (db, p: Scope & { held: number; heldSince: number | null }) =>
    db
      .updateTable('directory_brake')
      .set({ held: p.held, held_since: p.heldSince })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId),
);

/** How many users lost access in the minutes after `minute`, and how many are active: both a handful of rows. */
export const findDepartures = statement('directory.findDepartures', (db, p: Scope & { minute: number }) =>
  db.selectNoFrom((eb) => [
    eb
      .selectFrom('directory_departure')
      .select((inner) =>
        inner.cast<number>(inner.fn.coalesce(inner.fn.sum('users'), inner.lit(0)), 'bigint').as('users'),
      )
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('minute', '>', p.minute)
      .as('departed'),
    eb
      .selectFrom('directory_count')
      .select((inner) =>
        inner.cast<number>(inner.fn.coalesce(inner.fn.sum('active_users'), inner.lit(0)), 'bigint').as('users'),
      )
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .as('active'),
  ]),
);

/** Counts one who lost access. */
export const countDeparture = statement('directory.countDeparture', (db, p: Scope & { minute: number }) =>
  db
    .insertInto('directory_departure')
    .values({ organization_id: p.organizationId, directory_id: p.directoryId, minute: p.minute, users: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'directory_id', 'minute'])
        .doUpdateSet((eb) => ({ users: eb('directory_departure.users', '+', 1) })),
    ),
);

/** Forgets who lost access before a minute. */
export const forgetDepartures = statement('directory.forgetDepartures', (db, p: Scope & { before: number }) =>
  db
    .deleteFrom('directory_departure')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('minute', '<', p.before),
);

type Asked = {
  userId: string;
  userVersion: number;
  method: string;
  path: string;
  body: string | null;
  tokenId: string;
  tokenName: string;
  userAgent: string | null;
  requestId: string;
  at: number;
};

/** Stores a wish that is held; one that is held already becomes the newest, and is counted. */
export const saveHeldChange = statement('directory.saveHeldChange', (db, p: Scope & Asked) =>
  db
    .insertInto('scim_held_change')
    .values({
      organization_id: p.organizationId,
      directory_id: p.directoryId,
      user_id: p.userId,
      user_version: p.userVersion,
      state: 'held',
      method: p.method,
      path: p.path,
      body: p.body,
      token_id: p.tokenId,
      token_name: p.tokenName,
      user_agent: p.userAgent,
      request_id: p.requestId,
      held_at: p.at,
      last_at: p.at,
      times: 1,
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'directory_id', 'user_id']).doUpdateSet((eb) => ({
        user_version: eb.ref('excluded.user_version'),
        method: eb.ref('excluded.method'),
        path: eb.ref('excluded.path'),
        body: eb.ref('excluded.body'),
        token_id: eb.ref('excluded.token_id'),
        token_name: eb.ref('excluded.token_name'),
        user_agent: eb.ref('excluded.user_agent'),
        request_id: eb.ref('excluded.request_id'),
        last_at: eb.ref('excluded.last_at'),
        times: eb('scim_held_change.times', '+', 1),
      })),
    ),
);

/** What the brake has of a user. */
export const findHeldChange = statement('directory.findHeldChange', (db, p: Scope & { userId: string }) =>
  db
    .selectFrom('scim_held_change')
    .select(['state', 'refused_until as refusedUntil'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('user_id', '=', p.userId),
);

/** Forgets what the brake has of a user, if that is in a state. */
export const removeHeldChange = statement(
  'directory.removeHeldChange',
  (db, p: Scope & { userId: string; state: string }) =>
    db
      .deleteFrom('scim_held_change')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('user_id', '=', p.userId)
      .where('state', '=', p.state)
      .returning('user_id'),
);

type Decided = { state: string; decidedBy: string; refusedUntil: number | null };

/** Decides on some of the changes that are held; gives those. */
export const decideSomeHeld = statement('directory.decideSomeHeld', (db, p: Scope & Decided & { limit: number }) =>
  db
    .updateTable('scim_held_change')
    .set({ state: p.state, decided_by: p.decidedBy, refused_until: p.refusedUntil })
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('user_id', 'in', (eb) =>
      eb
        .selectFrom('scim_held_change as q')
        .select('q.user_id')
        .where('q.organization_id', '=', p.organizationId)
        .where('q.directory_id', '=', p.directoryId)
        .where('q.state', '=', 'held')
        .limit(p.limit),
    )
    .returning('user_id'),
);

/** Decides on those of some users that are in a state; gives them. */
export const decideHeldOf = statement(
  'directory.decideHeldOf',
  (db, p: Scope & Decided & { from: string; userIds: string }, dialect) =>
    db
      .updateTable('scim_held_change')
      .set({ state: p.state, decided_by: p.decidedBy, refused_until: p.refusedUntil })
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('user_id', 'in', textList(dialect, p.userIds))
      .where('state', '=', p.from)
      .returning('user_id'),
);

/** Changes that are released and not made yet, as they came. */
export const listReleased = statement('directory.listReleased', (db, p: Scope & { state: string; limit: number }) =>
  db
    .selectFrom('scim_held_change')
    .select(['user_id', 'user_version', 'method', 'path', 'body', 'token_id', 'token_name', 'user_agent', 'decided_by'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('state', '=', p.state)
    .orderBy('user_id')
    .limit(p.limit),
);

/** What the brake has, in the order in which the users were created, with who they are. */
export const listHeldChanges = statement(
  'directory.listHeldChanges',
  (db, p: Scope & { state: string; after: string; limit: number }) =>
    db
      .selectFrom('scim_held_change as h')
      .leftJoin('scim_user as r', (join) =>
        join
          .on('r.organization_id', '=', p.organizationId)
          .on('r.directory_id', '=', p.directoryId)
          .onRef('r.id', '=', 'h.user_id'),
      )
      .select(['h.user_id', 'h.state', 'h.method', 'h.path', 'h.body', 'h.token_name', 'h.request_id'])
      .select(['h.held_at', 'h.last_at', 'h.times', 'h.refused_until', 'r.user_name', 'r.display_name'])
      .where('h.organization_id', '=', p.organizationId)
      .where('h.directory_id', '=', p.directoryId)
      .where('h.state', '=', p.state)
      .where('h.user_id', '>', p.after)
      .orderBy('h.user_id')
      .limit(p.limit),
);

/** Forgets some of the changes in a state that are refused no longer than up to `before`. */
export const forgetRefused = statement(
  'directory.forgetRefused',
  (db, p: Scope & { state: string; before: number; limit: number }) =>
    db
      .deleteFrom('scim_held_change')
      .where('organization_id', '=', p.organizationId)
      .where('directory_id', '=', p.directoryId)
      .where('user_id', 'in', (eb) =>
        eb
          .selectFrom('scim_held_change as q')
          .select('q.user_id')
          .where('q.organization_id', '=', p.organizationId)
          .where('q.directory_id', '=', p.directoryId)
          .where('q.state', '=', p.state)
          .where('q.refused_until', '<=', p.before)
          .limit(p.limit),
      )
      .returning('user_id'),
);
