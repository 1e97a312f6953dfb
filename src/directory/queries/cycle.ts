import { statement } from '#store';

type Scope = { organizationId: string; directoryId: string };

type Numbers = {
  lastAt: number;
  requests: number;
  lookups: number;
  created: number;
  updated: number;
  disabled: number;
  deleted: number;
  unchanged: number;
  failed: number;
  referencesFailed: number;
  throttled: number;
  subject: string | null;
};

/** The newest cycle of a client. */
export const findLastCycle = statement('directory.findLastCycle', (db, p: Scope & { client: string }) =>
  db
    .selectFrom('directory_cycle')
    .select(['id', 'last_at as lastAt'])
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('client', '=', p.client)
    .orderBy('id', 'desc')
    .limit(1),
);

export const insertCycle = statement(
  'directory.insertCycle',
  (db, p: Scope & Numbers & { id: string; client: string; firstAt: number; resources: number }) =>
    db.insertInto('directory_cycle').values({
      organization_id: p.organizationId,
      directory_id: p.directoryId,
      id: p.id,
      client: p.client,
      started_at: p.firstAt,
      last_at: p.lastAt,
      requests: p.requests,
      lookups: p.lookups,
      created: p.created,
      updated: p.updated,
      disabled: p.disabled,
      deleted: p.deleted,
      unchanged: p.unchanged,
      failed: p.failed,
      references_failed: p.referencesFailed,
      throttled: p.throttled,
      subject: p.subject,
      resources: p.resources,
    }),
);

/** Adds to a cycle what came since. */
export const addToCycle = statement('directory.addToCycle', (db, p: Scope & Numbers & { id: string }) =>
  db
    .updateTable('directory_cycle')
    .set((eb) => {
      const subject = eb.cast<string | null>(eb.val(p.subject), 'text');
      return {
        last_at: p.lastAt,
        requests: eb('requests', '+', p.requests),
        lookups: eb('lookups', '+', p.lookups),
        created: eb('created', '+', p.created),
        updated: eb('updated', '+', p.updated),
        disabled: eb('disabled', '+', p.disabled),
        deleted: eb('deleted', '+', p.deleted),
        unchanged: eb('unchanged', '+', p.unchanged),
        failed: eb('failed', '+', p.failed),
        references_failed: eb('references_failed', '+', p.referencesFailed),
        throttled: eb('throttled', '+', p.throttled),
        subject: eb
          .case()
          .when(subject, 'is', null)
          .then(eb.ref('subject'))
          .when('subject', 'is', null)
          .then(subject)
          .when('subject', '=', subject)
          .then(subject)
          .else('')
          .end(),
      };
    })
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '=', p.id),
);

const listed = [
  'id',
  'client',
  'started_at',
  'last_at',
  'requests',
  'lookups',
  'created',
  'updated',
  'disabled',
  'deleted',
  'unchanged',
  'failed',
  'references_failed',
  'throttled',
  'subject',
  'resources',
] as const;

/** Cycles, newest first, before the one where the page before ended. */
export const listCycles = statement('directory.listCycles', (db, p: Scope & { before: string; limit: number }) =>
  db
    .selectFrom('directory_cycle')
    .select(listed)
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', '<', p.before)
    .orderBy('id', 'desc')
    .limit(p.limit),
);

/** Forgets some of the cycles that began before `before`, an id; gives those it forgot. */
export const forgetCycles = statement('directory.forgetCycles', (db, p: Scope & { before: string; limit: number }) =>
  db
    .deleteFrom('directory_cycle')
    .where('organization_id', '=', p.organizationId)
    .where('directory_id', '=', p.directoryId)
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('directory_cycle as c')
        .select('c.id')
        .where('c.organization_id', '=', p.organizationId)
        .where('c.directory_id', '=', p.directoryId)
        .where('c.id', '<', p.before)
        .orderBy('c.id')
        .limit(p.limit),
    )
    .returning('id'),
);
