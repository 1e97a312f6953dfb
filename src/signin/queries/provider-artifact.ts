import { statement, type Values } from '#store';

const columns = ['payload', 'created_at', 'consumed_at', 'organization_id', 'session_id'] as const;

interface Written extends Values {
  id: string;
  kind: string;
  payload: string;
  grantId: string | null;
  uid: string | null;
  organizationId: string | null;
  sessionId: string | null;
  at: number;
  expiresAt: number;
}

const valuesOf = (p: Written) => ({
  id: p.id,
  kind: p.kind,
  payload: p.payload,
  grant_id: p.grantId,
  uid: p.uid,
  organization_id: p.organizationId,
  session_id: p.sessionId,
  created_at: p.at,
  expires_at: p.expiresAt,
});

/** Keeps an artifact, or its new state. */
export const putArtifact = statement('signin.putArtifact', (db, p: Written) =>
  db
    .insertInto('provider_artifact')
    .values(valuesOf(p))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        payload: eb.ref('excluded.payload'),
        organization_id: eb.ref('excluded.organization_id'),
        session_id: eb.ref('excluded.session_id'),
        expires_at: eb.ref('excluded.expires_at'),
      })),
    )
    .returning('id'),
);

/** Keeps an artifact unless it is there; says whether it was us who did. */
export const insertArtifact = statement('signin.insertArtifact', (db, p: Written) =>
  db
    .insertInto('provider_artifact')
    .values(valuesOf(p))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id'),
);

export const findArtifact = statement('signin.findArtifact', (db, p: { id: string }) =>
  db.selectFrom('provider_artifact').select(columns).where('id', '=', p.id),
);

export const findArtifactByUid = statement('signin.findArtifactByUid', (db, p: { kind: string; uid: string }) =>
  db.selectFrom('provider_artifact').select(columns).select('id').where('uid', '=', p.uid).where('kind', '=', p.kind),
);

/** An artifact with the session that its grant belongs to, while the grant is there and not over. */
export const findTokenOfGrant = statement('signin.findTokenOfGrant', (db, p: { id: string; now: number }) =>
  db
    .selectFrom('provider_artifact')
    .innerJoin('provider_artifact as its_grant', 'its_grant.id', 'provider_artifact.grant_id')
    .select([
      'provider_artifact.payload as payload',
      'provider_artifact.created_at as created_at',
      'provider_artifact.consumed_at as consumed_at',
      'its_grant.organization_id as organization_id',
      'its_grant.session_id as session_id',
    ])
    .where('provider_artifact.id', '=', p.id)
    .where('its_grant.expires_at', '>', p.now),
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

/** Lets the tokens and codes of a grant, and the grant itself, go with what expired: its session is over. */
export const expireGrant = statement('signin.expireGrant', (db, p: { grantId: string; at: number }) =>
  db
    .updateTable('provider_artifact')
    .set({ expires_at: p.at })
    .where((eb) => eb.or([eb('grant_id', '=', p.grantId), eb('id', '=', p.grantId)]))
    .where('expires_at', '>', p.at),
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
