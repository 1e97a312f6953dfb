import { table } from '../table.ts';

/** What people without another provider sign in by: written by the signin room. */
export const localTables = {
  local_password: table({
    columns: {
      organization_id: 'text',
      account_id: 'text',
      /** argon2id in PHC form, with the parameters it was made by. */
      hash: 'text',
      set_at: 'integer',
    },
    key: ['organization_id', 'account_id'],
  }),
  passkey: table({
    columns: {
      organization_id: 'text',
      /** The credential id, base64url. */
      id: 'text',
      account_id: 'text',
      name: 'text',
      /** COSE key, base64url. */
      public_key: 'text',
      counter: 'integer',
      /** JSON: how the authenticator is reached. */
      transports: 'text',
      /** Whether it is kept by a service that copies it to other devices. */
      backed_up: 'integer',
      created_at: 'integer',
      last_used_at: 'integer?',
    },
    key: ['organization_id', 'id'],
    index: { account: ['organization_id', 'account_id', 'id'] },
  }),
  /** Challenges that were answered, until they end: each is good once. */
  passkey_use: table({
    columns: { organization_id: 'text', hash: 'text', expires_at: 'integer' },
    key: ['organization_id', 'hash'],
    index: { expires_at: ['organization_id', 'expires_at'] },
  }),
  /** One-time links by which a person sets a password or adds a passkey. */
  local_link: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      account_id: 'text',
      hash: 'text',
      created_at: 'integer',
      expires_at: 'integer',
    },
    key: ['organization_id', 'id'],
    index: { account: ['organization_id', 'account_id'], expires_at: ['organization_id', 'expires_at'] },
  }),
  /** Attempts by a sign-in name since the last that succeeded, whether or not anybody has that name. */
  local_attempts: table({
    columns: {
      organization_id: 'text',
      /** SHA-256 of the folded name: what is typed there may be a password. */
      name_hash: 'text',
      /** The browser that is known to have signed in by that name; empty: all others. */
      device: 'text',
      attempts: 'integer',
      /** How often it was locked. */
      locks: 'integer',
      last_at: 'integer',
      locked_until: 'integer',
    },
    key: ['organization_id', 'name_hash', 'device'],
    index: { last_at: ['organization_id', 'last_at'] },
  }),
};
