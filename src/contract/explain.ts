import { z } from 'zod';
import { entriesOf } from './entry.ts';

const explanation = z
  .strictObject({
    code: z.string(),
    name: z.string(),
    cause: z.string(),
    remedy: z.string(),
    source: z.string(),
    link: z.string(),
  })
  .meta({ id: 'AadstsExplanation' });
export type AadstsExplanation = z.output<typeof explanation>;

export const explainEntries = entriesOf({
  'aadsts.explain': {
    method: 'GET',
    path: '/aadsts/{code}',
    right: 'signed-in',
    summary: 'Explain an AADSTS code of Microsoft Entra in plain words',
    answer: explanation,
    status: 200,
  },
});
