import { statement } from '#store';

const columns = ['id', 'state', 'claims', 'would_do', 'refusal', 'expires_at'] as const;

export const insertSignInTest = statement(
  'signin.insertSignInTest',
  (db, p: { organizationId: string; connectionId: string; id: string; at: number; expiresAt: number }) =>
    db
      .insertInto('sign_in_test')
      .values({
        organization_id: p.organizationId,
        connection_id: p.connectionId,
        id: p.id,
        state: 'waiting',
        would_do: '[]',
        created_at: p.at,
        expires_at: p.expiresAt,
      })
      .returning(columns),
);

export const findSignInTest = statement(
  'signin.findSignInTest',
  (db, p: { organizationId: string; connectionId: string; id: string }) =>
    db
      .selectFrom('sign_in_test')
      .select(columns)
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

/** Writes down what a test showed, unless it showed something before. */
export const updateSignInTest = statement(
  'signin.updateSignInTest',
  (
    db,
    p: {
      organizationId: string;
      connectionId: string;
      id: string;
      state: string;
      claims: string | null;
      wouldDo: string;
      refusal: string | null;
    },
  ) =>
    db
      .updateTable('sign_in_test')
      .set({ state: p.state, claims: p.claims, would_do: p.wouldDo, refusal: p.refusal })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .where('state', '=', 'waiting')
      .returning(columns),
);

export const removeExpiredSignInTests = statement(
  'signin.removeExpiredSignInTests',
  (db, p: { organizationId: string; now: number }) =>
    db.deleteFrom('sign_in_test').where('organization_id', '=', p.organizationId).where('expires_at', '<', p.now),
);
