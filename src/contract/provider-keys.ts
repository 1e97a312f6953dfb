import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { time } from './shape.ts';

const providerKey = z
  .strictObject({
    kid: z.string(),
    alg: z.enum(['RS256', 'ES256']),
    state: z.enum(['signs', 'next', 'over']).describe('over: published until what it signed is over'),
    createdAt: time.describe('from when on it is published'),
    signsAt: time,
  })
  .meta({ id: 'ProviderKey', description: 'A key that the provider for products signs with; never its private half.' });
export type ProviderKey = z.output<typeof providerKey>;

const keys = z.strictObject({ items: z.array(providerKey) });

/** What the provider for products signs with. */
export const providerKeyEntries = entriesOf({
  'providerKeys.list': {
    method: 'GET',
    path: '/provider-keys',
    right: 'clients:read',
    summary: 'List the keys that the provider signs with',
    answer: keys,
    status: 200,
  },
  'providerKeys.rotate': {
    method: 'POST',
    path: '/provider-keys/rotate',
    right: 'provider:rotate',
    summary: 'Make new keys, which sign five minutes later; by themselves keys change every 90 days',
    body: z.strictObject({
      forgetOld: z
        .boolean()
        .default(false)
        .describe(
          'somebody else may have the old keys: the new ones sign at once, and what the old ones signed is worth nothing',
        ),
    }),
    answer: keys,
    status: 201,
  },
});
