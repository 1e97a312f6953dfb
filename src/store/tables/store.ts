import { table } from '../table.ts';

/** What the store itself keeps: due work, and counters of limits. */
export const storeTables = {
  due: table({
    columns: {
      kind: 'text',
      organization_id: 'text',
      subject: 'text',
      at: 'integer',
      attempts: 'integer',
      generation: 'integer',
      lease: 'text?',
      leased_until: 'integer?',
    },
    key: ['kind', 'organization_id', 'subject'],
    index: { at: ['at'], lease: ['lease'] },
    unscoped: 'any machine polls for due work of all organizations at once',
  }),
  limit_window: table({
    columns: { bucket: 'text', started_at: 'integer', count: 'integer' },
    key: ['bucket'],
    unscoped: 'failures are counted by address, before anybody knows whose they are',
  }),
};
