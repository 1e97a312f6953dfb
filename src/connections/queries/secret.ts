import { statement } from '#store';

const columns = [
  'id',
  'kind',
  'recipient',
  'name',
  'hint',
  'certificate',
  'state',
  'expires_at',
  'warned_days',
  'created_at',
  'proven_at',
] as const;

export const insertSecret = statement(
  'connections.insertSecret',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      kind: string;
      recipient: string;
      name: string;
      hint: string;
      value: string;
      certificate: string | null;
      state: string;
      expiresAt: number | null;
      at: number;
    },
  ) =>
    db
      .insertInto('secret')
      .values({
        organization_id: p.organizationId,
        connection_id: p.connectionId,
        id: p.id,
        kind: p.kind,
        recipient: p.recipient,
        name: p.name,
        hint: p.hint,
        value: p.value,
        certificate: p.certificate,
        state: p.state,
        expires_at: p.expiresAt,
        created_at: p.at,
      })
      .returning(columns),
);

export const findSecret = statement(
  'connections.findSecret',
  (db, p: { organizationId: string; connectionId: string; id: string }) =>
    db
      .selectFrom('secret')
      .select(columns)
      .select('value')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

export const listSecrets = statement(
  'connections.listSecrets',
  (db, p: { organizationId: string; connectionId: string; after: string; limit: number }) =>
    db
      .selectFrom('secret')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '>', p.after)
      .orderBy('id')
      .limit(p.limit),
);

/** The secrets, or the certificates, that may be presented to somebody: the current one first, then the newest waiting, then those that were in use before. */
export const listUsableSecrets = statement(
  'connections.listUsableSecrets',
  (db, p: { organizationId: string; connectionId: string; kind: string; recipient: string }) =>
    db
      .selectFrom('secret')
      .select(['id', 'name', 'hint', 'state', 'value', 'certificate', 'expires_at', 'created_at'])
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('kind', '=', p.kind)
      .where('recipient', '=', p.recipient)
      .where('state', 'in', ['current', 'waiting', 'previous'])
      .orderBy((eb) =>
        eb
          .case()
          .when('state', '=', 'current')
          .then(eb.lit(0))
          .when('state', '=', 'waiting')
          .then(eb.lit(1))
          .else(eb.lit(2))
          .end(),
      )
      .orderBy('id', 'desc'),
);

/** The current secret or certificate becomes the previous one; an older previous one is set aside with it. */
export const retireSecrets = statement(
  'connections.retireSecrets',
  (db, p: { organizationId: string; connectionId: string; kind: string; except: string }) =>
    db
      .updateTable('secret')
      .set({ state: 'previous' })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('kind', '=', p.kind)
      .where('state', '=', 'current')
      .where('id', '!=', p.except),
);

export const activateSecret = statement(
  'connections.activateSecret',
  (db, p: { organizationId: string; connectionId: string; id: string; at: number }) =>
    db
      .updateTable('secret')
      .set({ state: 'current', proven_at: p.at })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .returning(columns),
);

export const markSecretWarned = statement(
  'connections.markSecretWarned',
  (db, p: { organizationId: string; connectionId: string; id: string; days: number }) =>
    db
      .updateTable('secret')
      .set({ warned_days: p.days })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

export const removeSecret = statement(
  'connections.removeSecret',
  (db, p: { organizationId: string; connectionId: string; id: string }) =>
    db
      .deleteFrom('secret')
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .returning('name'),
);

export const removeSecrets = statement(
  'connections.removeSecrets',
  (db, p: { organizationId: string; connectionId: string }) =>
    db.deleteFrom('secret').where('organization_id', '=', p.organizationId).where('connection_id', '=', p.connectionId),
);
