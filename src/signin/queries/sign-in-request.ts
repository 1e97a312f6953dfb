import { statement } from '#store';

export const insertSignInRequest = statement(
  'signin.insertSignInRequest',
  (
    db,
    p: {
      organizationId: string;
      id: string;
      connectionId: string;
      browser: string;
      nonce: string;
      codeVerifier: string;
      settings: string;
      returnTo: string;
      testId: string | null;
      asked: string;
      at: number;
      expiresAt: number;
    },
  ) =>
    db.insertInto('sign_in_request').values({
      organization_id: p.organizationId,
      id: p.id,
      connection_id: p.connectionId,
      browser: p.browser,
      nonce: p.nonce,
      code_verifier: p.codeVerifier,
      settings: p.settings,
      return_to: p.returnTo,
      test_id: p.testId,
      asked: p.asked,
      created_at: p.at,
      expires_at: p.expiresAt,
    }),
);

export const findSignInRequest = statement(
  'signin.findSignInRequest',
  (db, p: { organizationId: string; connectionId: string; id: string }) =>
    db
      .selectFrom('sign_in_request')
      .select(['browser', 'nonce', 'code_verifier', 'settings', 'return_to', 'test_id'])
      .select(['asked', 'answer', 'created_at', 'expires_at', 'consumed_at'])
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

/** Keeps the answer to a sign-in that waits for one. */
export const keepAnswer = statement(
  'signin.keepAnswer',
  (db, p: { organizationId: string; connectionId: string; id: string; answer: string; now: number }) =>
    db
      .updateTable('sign_in_request')
      .set({ answer: p.answer })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .where('answer', 'is', null)
      .where('consumed_at', 'is', null)
      .where('expires_at', '>', p.now),
);

/** Uses a sign-in up, its answer with it; says whether it was us who did. */
export const consumeSignInRequest = statement(
  'signin.consumeSignInRequest',
  (db, p: { organizationId: string; connectionId: string; id: string; at: number }) =>
    db
      .updateTable('sign_in_request')
      .set({ consumed_at: p.at, answer: null })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id)
      .where('consumed_at', 'is', null)
      .returning('id'),
);

/** Writes down how a sign-in ended. */
export const updateSignInOutcome = statement(
  'signin.updateSignInOutcome',
  (db, p: { organizationId: string; connectionId: string; id: string; outcome: string }) =>
    db
      .updateTable('sign_in_request')
      .set({ outcome: p.outcome })
      .where('organization_id', '=', p.organizationId)
      .where('connection_id', '=', p.connectionId)
      .where('id', '=', p.id),
);

export const removeExpiredSignInRequests = statement(
  'signin.removeExpiredSignInRequests',
  (db, p: { organizationId: string; now: number; limit: number }) =>
    db
      .deleteFrom('sign_in_request')
      .where('organization_id', '=', p.organizationId)
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('sign_in_request as old')
          .select('old.id')
          .where('old.organization_id', '=', p.organizationId)
          .where('old.expires_at', '<', p.now)
          .orderBy('old.expires_at')
          .limit(p.limit),
      )
      .returning('id'),
);

/** Whether any sign-in is written down. */
export const findAnySignInRequest = statement('signin.findAnySignInRequest', (db, p: { organizationId: string }) =>
  db.selectFrom('sign_in_request').select('id').where('organization_id', '=', p.organizationId).limit(1),
);
