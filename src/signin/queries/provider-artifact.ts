import { statement } from '#store';

const columns = ['payload', 'created_at', 'consumed_at', 'organization_id', 'session_id'] as const;

/** Keeps an artifact, or its new state. */
export const putArtifact = statement(
  'signin.putArtifact',
  (
    db,
    p: {
      id: string;
      kind: string;
      payload: string;
      grantId: string | null;
      uid: string | null;
      organizationId: string | null;
      sessionId: string | null;
      at: number;
      expiresAt: number;
    },
  ) =>
    db
      .insertInto('provider_artifact')
      .values({
        id: p.id,
        kind: p.kind,
        payload: p.payload,
        grant_id: p.grantId,
        uid: p.uid,
        organization_id: p.organizationId,
        session_id: p.sessionId,
        created_at: p.at,
        expires_at: p.expiresAt,
      })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          payload: eb.ref('excluded.payload'),
          organization_id: eb.ref('excluded.organization_id'),
          session_id: eb.ref('excluded.session_id'),
          expires_at: eb.ref('excluded.expires_at'),
        })),
      ),
);

export const findArtifact = statement('signin.findArtifact', (db, p: { id: string }) =>
  db.selectFrom('provider_artifact').select(columns).where('id', '=', p.id),
);

export const findArtifactByUid = statement('signin.findArtifactByUid', (db, p: { kind: string; uid: string }) =>
  db.selectFrom('provider_artifact').select(columns).select('id').where('uid', '=', p.uid).where('kind', '=', p.kind),
);

/** Uses an artifact up; says whether it was us who did. */
export const consumeArtifact = statement('signin.consumeArtifact', (db, p: { id: string; at: number }) =>
  db
    .updateTable('provider_artifact')
    .set({ consumed_at: p.at })
    .where('id', '=', p.id)
    .where('consumed_at', 'is', null)
    .returning('id'),
);

export const removeArtifact = statement('signin.removeArtifact', (db, p: { id: string }) =>
  db.deleteFrom('provider_artifact').where('id', '=', p.id),
);

/** Removes the tokens and codes of a grant that are of one kind. */
export const removeArtifactsOfGrant = statement(
  'signin.removeArtifactsOfGrant',
  (db, p: { kind: string; grantId: string }) =>
    db.deleteFrom('provider_artifact').where('grant_id', '=', p.grantId).where('kind', '=', p.kind),
);

/** Removes what expired, so many at most; gives what it removed. */
export const removeExpiredArtifacts = statement(
  'signin.removeExpiredArtifacts',
  (db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('provider_artifact')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('provider_artifact as old')
          .select('old.id')
          .where('old.expires_at', '<', p.before)
          .orderBy('old.expires_at')
          .limit(p.limit),
      )
      .returning('id'),
);
