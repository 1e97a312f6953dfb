import { table } from '../table.ts';

/**
 * Users, groups and memberships of directories, what filters look into, and what provisioning clients asked: written by
 * the directory room. Deleting a user deletes its row for good; `scim_deleted_user` keeps that it was there.
 */
export const directoryTables = {
  directory_settings: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      /** JSON of what differs from the defaults. */
      settings: 'text',
      version: 'integer',
      updated_at: 'integer',
    },
    key: ['organization_id', 'directory_id'],
  }),
  /** The setting `onlyMembersOf`, a row for each group, so that a session can ask for it. */
  directory_admission: table({
    columns: { organization_id: 'text', directory_id: 'text', display_name_folded: 'text' },
    key: ['organization_id', 'directory_id', 'display_name_folded'],
  }),
  scim_user: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      id: 'text',
      user_name: 'text',
      user_name_folded: 'text',
      external_id: 'text?',
      display_name: 'text?',
      display_name_folded: 'text?',
      /** The primary address, else the work one, else the first; for showing, never for finding an account. */
      email: 'text?',
      /** 0: switched off. Who was never said to be either is on. */
      active: 'integer',
      /** What the document says of `active`; null where it says nothing. */
      active_said: 'integer?',
      /** The SCIM answer without `meta` and `groups`. */
      document: 'text',
      version: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['organization_id', 'directory_id', 'id'],
    unique: { user_name: ['organization_id', 'directory_id', 'user_name_folded'] },
    index: {
      external_id: ['organization_id', 'directory_id', 'external_id'],
      display_name: ['organization_id', 'directory_id', 'display_name_folded'],
      updated_at: ['organization_id', 'directory_id', 'updated_at'],
      active: ['organization_id', 'directory_id', 'active'],
    },
  }),
  scim_deleted_user: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      id: 'text',
      external_id: 'text?',
      user_name: 'text',
      deleted_at: 'integer',
    },
    key: ['organization_id', 'directory_id', 'id'],
    index: {
      external_id: ['organization_id', 'directory_id', 'external_id'],
      deleted_at: ['organization_id', 'directory_id', 'deleted_at'],
    },
  }),
  scim_group: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      id: 'text',
      display_name: 'text',
      display_name_folded: 'text',
      external_id: 'text?',
      /** The SCIM answer without `meta` and `members`. */
      document: 'text',
      member_count: 'integer',
      version: 'integer',
      created_at: 'integer',
      updated_at: 'integer',
    },
    key: ['organization_id', 'directory_id', 'id'],
    unique: { display_name: ['organization_id', 'directory_id', 'display_name_folded'] },
    index: {
      external_id: ['organization_id', 'directory_id', 'external_id'],
      updated_at: ['organization_id', 'directory_id', 'updated_at'],
    },
  }),
  scim_membership: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      group_id: 'text',
      /** Whatever id the client sent: of a user, of a group, or of nobody yet. */
      member_value: 'text',
      member_type: 'text?',
    },
    key: ['organization_id', 'directory_id', 'group_id', 'member_value'],
    index: { member: ['organization_id', 'directory_id', 'member_value', 'group_id'] },
  }),
  scim_index: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      resource_type: 'text',
      resource_id: 'text',
      /** Numbers the entries of a resource. */
      number: 'integer',
      path: 'text',
      element: 'integer',
      folded: 'text',
      exact: 'text',
    },
    key: ['organization_id', 'directory_id', 'resource_id', 'number'],
    index: { value: ['organization_id', 'directory_id', 'resource_type', 'path', 'folded', 'resource_id'] },
    distinct: { folded: 0.2, exact: 0.2 },
  }),
  /** Summed over the shards; several, so that concurrent changes do not queue on one row. */
  directory_count: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      shard: 'integer',
      users: 'integer',
      active_users: 'integer',
      groups: 'integer',
      /** The last anchor of users and of groups, '' where there is none: the same in all shards. */
      users_anchored: 'text',
      groups_anchored: 'text',
    },
    key: ['organization_id', 'directory_id', 'shard'],
  }),
  /** How many resources lie between one id and the next: deep pages begin at an anchor instead of at the first row. */
  directory_anchor: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      resource_type: 'text',
      /** The last id of the range; the range begins behind the anchor before it. */
      id: 'text',
      size: 'integer',
    },
    key: ['organization_id', 'directory_id', 'resource_type', 'id'],
  }),
  /** One row for each directory, locked by whatever takes access away, so that the brake counts exactly. */
  directory_brake: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      /** How many changes wait for an operator. */
      held: 'integer',
      /** Since when there has been one; null while there is none. */
      held_since: 'integer?',
    },
    key: ['organization_id', 'directory_id'],
  }),
  /** How many users were switched off or removed in a minute of the clock. */
  directory_departure: table({
    columns: { organization_id: 'text', directory_id: 'text', minute: 'integer', users: 'integer' },
    key: ['organization_id', 'directory_id', 'minute'],
  }),
  /** What the brake did not let through: one wish for each user, the newest. */
  scim_held_change: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      user_id: 'text',
      /** Of the user when the wish was held: tells whether another change came in between. */
      user_version: 'integer',
      /** `held`, `released` (Portico is about to make the change) or `dropped` (refused until `refused_until`). */
      state: 'text',
      method: 'text',
      path: 'text',
      /** The body as it came, without passwords. */
      body: 'text?',
      token_id: 'text',
      token_name: 'text',
      user_agent: 'text?',
      /** The recorded request that asked last. */
      request_id: 'text',
      held_at: 'integer',
      last_at: 'integer',
      times: 'integer',
      /** JSON: who released it, and by which request. */
      decided_by: 'text?',
      refused_until: 'integer?',
    },
    key: ['organization_id', 'directory_id', 'user_id'],
    index: { state: ['organization_id', 'directory_id', 'state', 'user_id'] },
  }),
  /** How many requests a second each machine is asked for, where there are several: they share the directory's limit by it. */
  directory_demand: table({
    columns: { organization_id: 'text', directory_id: 'text', machine: 'text', at: 'integer', demand: 'integer' },
    key: ['organization_id', 'directory_id', 'machine'],
  }),
  directory_contact: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      first_at: 'integer?',
      last_at: 'integer?',
      refused_at: 'integer?',
      /** 401 without a valid token, 403 while the directory was closed. */
      refused_status: 'integer?',
      refusal: 'text?',
    },
    key: ['organization_id', 'directory_id'],
  }),
  /** What a provisioning client did in one go, as numbers: found in the traffic, written behind the answers. */
  directory_cycle: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      /** Time-ordered by the start, so that it is the order of the list too. */
      id: 'text',
      /** Its user agent. */
      client: 'text',
      started_at: 'integer',
      last_at: 'integer',
      requests: 'integer',
      lookups: 'integer',
      created: 'integer',
      updated: 'integer',
      disabled: 'integer',
      deleted: 'integer',
      unchanged: 'integer',
      failed: 'integer',
      references_failed: 'integer',
      throttled: 'integer',
      /** The one user or group that it was about; empty where there were several. */
      subject: 'text?',
      /** How many users and groups there were when it began. */
      resources: 'integer',
    },
    key: ['organization_id', 'directory_id', 'id'],
    index: { client: ['organization_id', 'directory_id', 'client', 'id'] },
  }),
  scim_request: table({
    columns: {
      organization_id: 'text',
      directory_id: 'text',
      /** Time-ordered, so that it is the order of the list too. */
      id: 'text',
      at: 'integer',
      method: 'text',
      path: 'text',
      status: 'integer',
      microseconds: 'integer',
      token_id: 'text?',
      token_name: 'text?',
      user_agent: 'text?',
      resource_id: 'text?',
      /** The folded name of whom it was about, as the client wrote it: of a body, or what a filter looked for. */
      about: 'text?',
      /** `read`, `changed`, `unchanged` or `refused`. */
      kind: 'text',
      /** Kind, method and status in one, such as `refused POST 409`: few in a directory, so one index serves them all. */
      facet: 'text',
      outcome: 'text',
      request: 'text?',
      /** Why `request` is not what was sent: `cut` or `redacted`. */
      request_loss: 'text?',
      answer: 'text?',
      changes: 'text?',
    },
    key: ['organization_id', 'directory_id', 'id'],
    index: {
      facet: ['organization_id', 'directory_id', 'facet', 'id'],
      resource: ['organization_id', 'directory_id', 'resource_id', 'id'],
      about: ['organization_id', 'directory_id', 'about', 'id'],
    },
  }),
};
