import { table } from '../table.ts';

const unscoped = 'operators and their keys belong to the deployment, not to an organization';

/** Operators, their one-time links and sessions, API keys: written by the access room. */
export const accessTables = {
  operator: table({
    columns: {
      id: 'text',
      name: 'text',
      email: 'text?',
      role: 'text',
      /** 1: for the day when nobody else gets in; it signs in by a credential of its own. */
      break_glass: 'integer',
      version: 'integer',
      created_at: 'integer',
      last_sign_in_at: 'integer?',
    },
    key: ['id'],
    unscoped,
  }),
  operator_link: table({
    columns: { id: 'text', operator_id: 'text', hash: 'text', expires_at: 'integer' },
    key: ['id'],
    index: { operator: ['operator_id'] },
    unscoped,
  }),
  console_session: table({
    columns: {
      id: 'text',
      operator_id: 'text',
      hash: 'text',
      created_at: 'integer',
      last_seen_at: 'integer',
      expires_at: 'integer',
    },
    key: ['id'],
    index: { operator: ['operator_id'] },
    unscoped,
  }),
  break_glass_credential: table({
    columns: { id: 'text', operator_id: 'text', hash: 'text', created_at: 'integer', last_used_at: 'integer?' },
    key: ['id'],
    unique: { operator: ['operator_id'] },
    unscoped,
  }),
  break_glass_use: table({
    columns: {
      id: 'text',
      operator_id: 'text',
      operator_name: 'text',
      at: 'integer',
      succeeded: 'integer',
      address: 'text',
      user_agent: 'text?',
      acknowledged_at: 'integer?',
      acknowledged_by: 'text?',
    },
    key: ['id'],
    unscoped,
  }),
  api_key: table({
    columns: {
      id: 'text',
      name: 'text',
      rights: 'text',
      organization_id: 'text?',
      hash: 'text',
      created_at: 'integer',
      expires_at: 'integer',
      last_used_at: 'integer?',
    },
    key: ['id'],
    index: { organization: ['organization_id'] },
    unscoped,
  }),
};
