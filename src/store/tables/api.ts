import { table } from '../table.ts';

/** Answers kept for a repeated `Idempotency-Key`: written by the api room. */
export const apiTables = {
  idempotency: table({
    columns: {
      caller_id: 'text',
      key: 'text',
      request_hash: 'text',
      at: 'integer',
      status: 'integer?',
      answer: 'text?',
    },
    key: ['caller_id', 'key'],
    index: { at: ['caller_id', 'at'] },
    unscoped: 'a key belongs to its caller, and may make things in no organization yet',
  }),
};
