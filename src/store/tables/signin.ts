import { table } from '../table.ts';

/** Sign-ins under way and tested, accounts, links, sessions, and the provider's things: written by the signin room. */
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
      email: 'text?',
      email_verified: 'integer',
      disabled: 'integer',
      created_at: 'integer',
      last_sign_in_at: 'integer?',
    },
    key: ['organization_id', 'id'],
    unique: { user_name: ['organization_id', 'user_name_folded'] },
  }),
  account_link: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      account_id: 'text',
      /** The connection by which the person was linked; its directory is the one that `user_id` belongs to. */
      connection_id: 'text',
      tenant_id: 'text',
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
    unique: { object: ['organization_id', 'tenant_id', 'object_id'] },
    index: { account: ['organization_id', 'account_id', 'id'] },
  }),
  session: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      hash: 'text',
      account_id: 'text',
      link_id: 'text',
      connection_id: 'text',
      /** The directory's user by which it came. */
      user_id: 'text?',
      created_at: 'integer',
      authenticated_at: 'integer',
      last_seen_at: 'integer',
      expires_at: 'integer',
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
  client: table({
    columns: {
      id: 'text',
      name: 'text',
      kind: 'text',
      redirect_uris: 'text',
      post_logout_redirect_uris: 'text',
      hash: 'text',
      version: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['id'],
    unscoped: 'the products of the deployment, which serve all organizations',
  }),
  provider_artifact: table({
    columns: {
      /** SHA-256 of the kind and the artifact's own id, which for a token is the token. */
      id: 'text',
      kind: 'text',
      payload: 'text',
      grant_id: 'text?',
      uid: 'text?',
      /** The session that a grant, or the provider's session, belongs to. */
      organization_id: 'text?',
      session_id: 'text?',
      created_at: 'integer',
      expires_at: 'integer',
      consumed_at: 'integer?',
    },
    key: ['id'],
    index: { grant_id: ['grant_id'], uid: ['uid'], expires_at: ['expires_at'] },
    unscoped: 'found by the hash of a token or code, which tells nothing of an organization',
  }),
  provider_key: table({
    columns: {
      alg: 'text',
      /** Counts up within an algorithm, so that of several machines that make the next key one does. */
      number: 'integer',
      kid: 'text',
      key: 'text',
      /** From when on it signs; it is published from `created_at` on. */
      signs_at: 'integer',
      created_at: 'integer',
    },
    key: ['alg', 'number'],
    unscoped: 'signs for the one issuer of the deployment',
  }),
};
