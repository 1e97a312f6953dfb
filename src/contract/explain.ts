import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { id, time } from './shape.ts';

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

const refusedSignIn = z
  .strictObject({
    request: id.describe('the id that the person was shown'),
    time,
    organization: id,
    connection: z.string(),
    reason: z.string(),
    title: z.string().describe('what the person was told'),
    what: z.string().describe('what happened'),
    facts: z
      .array(z.strictObject({ name: z.string(), value: z.string() }))
      .describe('code, meaning, what to do, and the settings of the connection that matter'),
    link: z.string().nullable().describe('the page of the Microsoft Entra admin center where the remedy is'),
  })
  .meta({ id: 'RefusedSignIn', description: 'A sign-in that was refused, as its administrator has to know it.' });
export type RefusedSignIn = z.output<typeof refusedSignIn>;

export const explainEntries = entriesOf({
  'aadsts.explain': {
    method: 'GET',
    path: '/aadsts/{code}',
    right: 'signed-in',
    summary: 'Explain an AADSTS code of Microsoft Entra in plain words',
    answer: explanation,
    status: 200,
  },
  'refusedSignIns.explain': {
    method: 'GET',
    path: '/refused-sign-ins/{request}',
    right: 'events:read',
    summary: 'Explain a refused sign-in by the id that the person quotes',
    answer: refusedSignIn,
    status: 200,
  },
});
