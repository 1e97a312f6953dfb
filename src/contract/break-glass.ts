import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { displayName, id, page, pageOf, time } from './shape.ts';

const breakGlass = z
  .strictObject({
    id: id.describe('the operator'),
    name: displayName,
    createdAt: time.describe('when its present credential was made'),
    lastUsedAt: time.nullable().describe('null: its present credential was never tried'),
  })
  .meta({ id: 'BreakGlass', description: 'An owner for the day when nobody else gets in.' });
export type BreakGlass = z.output<typeof breakGlass>;

const credential = z
  .string()
  .describe(
    'signs in at /operator/sign-in, until a new one is made; it does not come back: print it, and lock it away',
  );

const use = z
  .strictObject({
    id,
    operator: id,
    name: z.string(),
    at: time,
    succeeded: z.boolean(),
    address: z.string(),
    userAgent: z.string().nullable(),
    acknowledgedAt: time.nullable(),
    acknowledgedBy: z.string().nullable(),
  })
  .meta({ id: 'BreakGlassUse' });
export type BreakGlassUse = z.output<typeof use>;

export const breakGlassEntries = entriesOf({
  'breakGlass.list': {
    method: 'GET',
    path: '/break-glass',
    right: 'operators:read',
    summary: 'List break-glass operators',
    query: page,
    answer: pageOf(breakGlass),
    status: 200,
  },
  'breakGlass.create': {
    method: 'POST',
    path: '/break-glass',
    right: 'operators:update',
    summary: 'Add a break-glass operator, an owner; its credential is shown this once',
    body: z.strictObject({ name: displayName.describe('where its credential is kept, or by whom') }),
    answer: breakGlass.extend({ credential }),
    status: 201,
  },
  'breakGlass.renew': {
    method: 'POST',
    path: '/break-glass/{breakGlass}/credential',
    right: 'operators:update',
    summary:
      'Make a new credential for a break-glass operator; the one before opens nothing any more, and its sessions end',
    answer: breakGlass.extend({ credential }),
    status: 201,
  },
  'breakGlass.uses': {
    method: 'GET',
    path: '/break-glass-uses',
    right: 'operators:read',
    summary: 'List the uses of break-glass credentials, failed ones included, the newest first',
    query: page,
    answer: pageOf(use),
    status: 200,
  },
  'breakGlass.acknowledge': {
    method: 'POST',
    path: '/break-glass-uses/{use}/acknowledgement',
    right: 'operators:update',
    summary:
      'Acknowledge a use; the console announces it until then. Another owner does so in the console: neither who signed in by break-glass nor an API key can',
    status: 204,
    problems: ['wrong-state'],
  },
});
