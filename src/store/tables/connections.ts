import { table } from '../table.ts';

/** Organizations, connections, secrets, and the credentials of provisioning clients: written by the connections room. */
export const connectionTables = {
  organization: table({
    columns: {
      id: 'text',
      name: 'text',
      /** Whether its people may have passwords and passkeys here. */
      local_sign_in: 'integer',
      version: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['id'],
    index: { local: ['local_sign_in', 'id'] },
    unscoped: 'the list of organizations itself',
  }),
  connection_scope: table({
    columns: { connection_id: 'text', organization_id: 'text', deleted_at: 'integer?' },
    key: ['connection_id'],
    index: { organization: ['organization_id', 'connection_id'] },
    unscoped: 'finds the organization of a connection id; ids are unique in the deployment and never used again',
  }),
  domain_scope: table({
    columns: { domain: 'text', organization_id: 'text', connection_id: 'text' },
    key: ['domain', 'organization_id'],
    index: { connection: ['connection_id'] },
    unscoped: 'finds the connection of an e-mail domain; it counts only for the organization whose the domain is',
  }),
  domain_owner: table({
    columns: { domain: 'text', organization_id: 'text' },
    key: ['domain'],
    unscoped: 'a domain is of one organization in the deployment: that which proved it, or is trusted with it',
  }),
  /** The e-mail domains that an organization's connections name, and whether they are proven to be its own. */
  domain: table({
    columns: {
      organization_id: 'text',
      domain: 'text',
      /** What the TXT record has to hold. */
      token: 'text',
      /** pending, verified, failing (it was verified, and the record is gone) or lost. */
      state: 'text',
      /** 1: an operator of the deployment takes it on trust. */
      trusted: 'integer',
      verified_at: 'integer?',
      checked_at: 'integer?',
      failing_at: 'integer?',
      /** What the last check saw. */
      saw: 'text?',
      created_at: 'integer',
    },
    key: ['organization_id', 'domain'],
  }),
  connection: table({
    columns: {
      organization_id: 'text',
      id: 'text',
      state: 'text',
      live: 'text?',
      draft: 'text?',
      previous: 'text?',
      draft_tested_at: 'integer?',
      version: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['organization_id', 'id'],
  }),
  /** Whose people a connection signs in, as its live settings say; no row where it signs nobody in. */
  connection_authority: table({
    columns: {
      organization_id: 'text',
      connection_id: 'text',
      /** A tenant id, the issuer of another provider, or `*`: any tenant but that of personal accounts. */
      authority: 'text',
    },
    key: ['organization_id', 'connection_id', 'authority'],
  }),
  secret: table({
    columns: {
      organization_id: 'text',
      connection_id: 'text',
      id: 'text',
      /** `secret` or `certificate`. */
      kind: 'text',
      /** To whom alone it is presented: a cloud of Microsoft Entra, or the metadata document of another provider. */
      recipient: 'text',
      name: 'text',
      hint: 'text',
      /** Sealed: the secret, or the private key of the certificate. */
      value: 'text',
      /** PEM. */
      certificate: 'text?',
      state: 'text',
      expires_at: 'integer?',
      warned_days: 'integer?',
      created_at: 'integer',
      proven_at: 'integer?',
    },
    key: ['organization_id', 'connection_id', 'id'],
  }),
  /** What a provisioning client was given: Secret Tokens and client secrets. */
  credential: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      /** `token` or `clientSecret`. */
      kind: 'text',
      id: 'text',
      name: 'text',
      hash: 'text',
      expires_at: 'integer',
      warned_days: 'integer?',
      created_at: 'integer',
      last_used_at: 'integer?',
      revoked_at: 'integer?',
    },
    key: ['organization_id', 'directory_id', 'kind', 'id'],
  }),
  assertion_trust: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      id: 'text',
      name: 'text',
      tenant_id: 'text',
      subject: 'text',
      /** Without `/.default`. */
      audience: 'text',
      created_at: 'integer',
      last_used_at: 'integer?',
    },
    key: ['organization_id', 'directory_id', 'id'],
  }),
  /** Assertions that were taken, until they end: each is good once. */
  assertion_use: table({
    columns: { organization_id: 'text', directory_id: 'text', hash: 'text', expires_at: 'integer' },
    key: ['organization_id', 'directory_id', 'hash'],
    index: { expires: ['organization_id', 'directory_id', 'expires_at'] },
  }),
  access_token: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      id: 'text',
      hash: 'text',
      /** The client secret or the trust of assertions that it came of, and its name. */
      source_id: 'text',
      source_name: 'text',
      expires_at: 'integer',
      created_at: 'integer',
    },
    key: ['organization_id', 'directory_id', 'id'],
    index: {
      source: ['organization_id', 'directory_id', 'source_id'],
      expires: ['organization_id', 'directory_id', 'expires_at'],
    },
  }),
};
