import { table } from '../table.ts';

/** The clients of the provider, and what it keeps and signs with: written by the signin room. */
export const providerTables = {
  client: table({
    columns: {
      id: 'text',
      name: 'text',
      kind: 'text',
      /** JSON: what it is set to, as the contract names it. */
      settings: 'text',
      /** JSON: its secrets, each a hash with its end; read with it at every request that it authenticates by one. */
      secrets: 'text',
      /** The identifier of an API as a resource (RFC 8707); null for other kinds. */
      identifier: 'text?',
      version: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['id'],
    unique: { identifier: ['identifier'] },
    unscoped: 'the products of the deployment, which serve all organizations',
  }),
  product_session: table({
    columns: {
      organization_id: 'text',
      session_id: 'text',
      client_id: 'text',
      /** `sid` of the product's id tokens, which back-channel logout names. */
      sid: 'text',
      /** The artifact of the grant, by its hash. */
      grant_id: 'text?',
    },
    // A second window may bring the same product a second `sid`, with a grant of its own.
    key: ['organization_id', 'session_id', 'client_id', 'sid'],
  }),
  consent: table({
    columns: {
      organization_id: 'text',
      account_id: 'text',
      client_id: 'text',
      /** JSON: the scopes by resource; those of OpenID Connect under the empty one. */
      scopes: 'text',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['organization_id', 'account_id', 'client_id'],
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
