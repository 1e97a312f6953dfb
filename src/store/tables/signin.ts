import { table } from '../table.ts';

/** Sign-ins under way and tested, accounts, links and sessions: written by the signin room. */
export const signinTables = {
  sign_in_request: table({
    columns: {
      organization_id: 'text',
      /** SHA-256 of the `state` that went to the provider. */
      id: 'text',
      connection_id: 'text',
      /** SHA-256 of the cookie of the browser that started it. */
      browser: 'text',
      nonce: 'text',
      code_verifier: 'text',
      /** The settings it was started with: it ends with the same, whatever is activated meanwhile. */
      settings: 'text',
      return_to: 'text',
      test_id: 'text?',
      /** JSON: what was asked beyond the settings: prompt, max_age, authentication contexts, a claims challenge. */
      asked: 'text',
      /** Sealed: the answer that came by form_post, until the browser comes for it. */
      answer: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
      consumed_at: 'integer?',
      outcome: 'text?',
    },
    key: ['organization_id', 'id'],
    index: { expires_at: ['organization_id', 'expires_at'] },
  }),
  sign_in_test: table({
    columns: {
      organization_id: 'text',
      connection_id: 'text',
      id: 'text',
      state: 'text',
      claims: 'text?',
      would_do: 'text',
      refusal: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
    },
    key: ['organization_id', 'connection_id', 'id'],
    index: { expires_at: ['organization_id', 'expires_at'] },
  }),
  account: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      user_name: 'text',
      user_name_folded: 'text',
      name: 'text?',
      name_folded: 'text?',
      email: 'text?',
      email_folded: 'text?',
      email_verified: 'integer',
      /** Who vouched for name and e-mail as they are now; null: they are the account's own. */
      told_by: 'text?',
      disabled: 'integer',
      /** The role given to the account itself; those of claims and groups are the session's. */
      role: 'text?',
      created_at: 'integer',
      last_sign_in_at: 'integer?',
    },
    key: ['organization_id', 'id'],
    unique: { user_name: ['organization_id', 'user_name_folded'] },
    index: {
      name: ['organization_id', 'name_folded', 'id'],
      email: ['organization_id', 'email_folded', 'id'],
      disabled: ['organization_id', 'disabled', 'id'],
    },
  }),
  /** Every user name that an account has or had: none is given out again before its row is gone. */
  user_name: table({
    columns: {
      organization_id: 'text',
      folded: 'text',
      user_name: 'text',
      account_id: 'text',
      /** 1: the account is deleted. */
      past: 'integer',
      left_at: 'integer?',
      kept_until: 'integer?',
    },
    key: ['organization_id', 'folded'],
    index: { past: ['organization_id', 'past', 'folded'], kept_until: ['organization_id', 'kept_until'] },
  }),
  /** S7: people whom a sign-in proved and who wait for an operator to let them in. */
  access_request: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      connection_id: 'text',
      authority: 'text',
      object_id: 'text',
      name: 'text?',
      email: 'text?',
      preferred_username: 'text?',
      /** JSON of what the claims said. */
      claims: 'text',
      /** waiting, approved or declined. */
      state: 'text',
      role: 'text?',
      /** What a declined person is told. */
      words: 'text?',
      decided_by: 'text?',
      created_at: 'integer',
      decided_at: 'integer?',
    },
    key: ['organization_id', 'id'],
    unique: { person: ['organization_id', 'authority', 'object_id'] },
    index: { state: ['organization_id', 'state', 'id'] },
  }),
  /** S7: who was invited to sign in, by a link; the hash proves it, and neither name nor address recognizes anybody. */
  account_invitation: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      connection_id: 'text',
      hash: 'text',
      name: 'text',
      email: 'text?',
      role: 'text?',
      invited_by: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
      used_at: 'integer?',
      /** The account that was made with it. */
      account_id: 'text?',
    },
    key: ['organization_id', 'id'],
    index: { expires_at: ['organization_id', 'expires_at'] },
  }),
  account_link: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      account_id: 'text',
      /** The connection by which the person was linked, whose directory `user_id` belongs to; empty where there is none. */
      connection_id: 'text',
      /** Who vouches: the tenant id, the issuer of another provider, or `local` for Portico itself. */
      authority: 'text',
      /** Null where the authority is no tenant. */
      tenant_id: 'text?',
      /** Who it is there: the object id in a tenant, the subject at another provider. */
      object_id: 'text',
      issuer: 'text',
      subject: 'text',
      preferred_username: 'text?',
      /** Stays when the directory deletes the user, so that "no such user" never reads as "was never provisioned". */
      user_id: 'text?',
      created_at: 'integer',
      last_sign_in_at: 'integer?',
    },
    key: ['organization_id', 'id'],
    unique: { object: ['organization_id', 'authority', 'object_id'] },
    index: {
      account: ['organization_id', 'account_id', 'id'],
      user: ['organization_id', 'user_id'],
      object_id: ['organization_id', 'object_id'],
    },
  }),
  /** Which events are of an account: its sign-ins, and those refused where it was known whose they were. */
  account_event: table({
    columns: { organization_id: 'text', account_id: 'text', event_id: 'text' },
    key: ['organization_id', 'account_id', 'event_id'],
  }),
  session: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      hash: 'text',
      account_id: 'text',
      link_id: 'text',
      /** Empty where no connection was needed: a local sign-in. */
      connection_id: 'text',
      /** The directory's user by which it came. */
      user_id: 'text?',
      created_at: 'integer',
      /** When the person proved who it is, as the provider says; 0 where it does not. */
      authenticated_at: 'integer',
      /** When the last sign-in ended here that the session came by, or goes on by. */
      signed_in_at: 'integer',
      last_seen_at: 'integer',
      expires_at: 'integer',
      /** It is over after so many milliseconds without use. */
      idle_ms: 'integer',
      /** JSON: the roles and, where the directory has no such user, the groups that the proof of the sign-in gave. */
      roles: 'text',
      groups: 'text?',
      /** The authentication contexts that the sign-in satisfied, between blanks. */
      acr: 'text?',
      /** How the person authenticated (RFC 8176), between blanks. */
      amr: 'text?',
      issuer: 'text',
      /** The session at the provider, which front-channel logout names. */
      sid: 'text?',
      logout_hint: 'text?',
      address: 'text?',
      user_agent: 'text?',
    },
    key: ['organization_id', 'id'],
    index: {
      account: ['organization_id', 'account_id', 'id'],
      sid: ['organization_id', 'connection_id', 'sid'],
      expires_at: ['organization_id', 'expires_at'],
    },
  }),
};
