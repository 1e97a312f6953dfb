import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { setupPlan } from './setup-plan.ts';
import { id, time } from './shape.ts';

export const checkOutcomes = ['passed', 'warning', 'failed', 'waiting'] as const;
export const check = z
  .strictObject({
    name: z.string().describe('stable name, such as oidc.discovery'),
    title: z.string(),
    outcome: z.enum(checkOutcomes),
    saw: z.string().describe('what was seen'),
    matters: z.string().describe('why it matters'),
    next: z.string().nullable().describe('what to click or type next; null where nothing is to do'),
    link: z.string().nullable().describe('where to click, values filled in'),
  })
  .meta({ id: 'Check', description: 'One question about a connection that Portico answered by trying.' });
export type Check = z.output<typeof check>;

const checkReport = z.strictObject({ settings: z.enum(['draft', 'live']), at: time, checks: z.array(check) });
export type CheckReport = z.output<typeof checkReport>;

const signInTest = z
  .strictObject({
    id,
    url: z.string().describe('open this in a browser and sign in'),
    state: z.enum(['waiting', 'passed', 'failed']),
    claims: z.record(z.string(), z.json()).nullable().describe('the decoded id token'),
    wouldDo: z
      .array(z.strictObject({ question: z.string(), answer: z.string(), good: z.boolean() }))
      .describe('what Portico would make of it'),
    refusal: z.strictObject({ code: z.string().nullable(), meaning: z.string(), remedy: z.string() }).nullable(),
    expiresAt: time,
  })
  .meta({ id: 'SignInTest' });
export type SignInTest = z.output<typeof signInTest>;

/** What a connection is asked before and after it is live: tests, checks, the setup plan. */
export const checkEntries = entriesOf({
  'connections.test': {
    method: 'POST',
    path: '/connections/{connection}/test',
    right: 'connections:update',
    summary: 'Run the checks on the draft settings; without a failed one the connection is tested',
    answer: checkReport,
    status: 200,
    problems: ['wrong-state', 'version-changed'],
  },
  'connections.checks': {
    method: 'POST',
    path: '/connections/{connection}/checks',
    right: 'connections:read',
    summary: 'Run the checks on the live settings, or on the draft where nothing is live',
    answer: checkReport,
    status: 200,
  },
  'connections.plan': {
    method: 'GET',
    path: '/connections/{connection}/plan',
    right: 'connections:read',
    summary: 'The setup plan with the portal steps, values filled in',
    answer: setupPlan,
    status: 200,
  },
  'connections.testSignIn': {
    method: 'POST',
    path: '/connections/{connection}/sign-in-tests',
    right: 'connections:update',
    summary: 'Start a test sign-in: it shows the claims and what would happen, and creates nothing',
    answer: signInTest,
    status: 201,
    problems: ['wrong-state'],
  },
  'connections.signInTest': {
    method: 'GET',
    path: '/connections/{connection}/sign-in-tests/{test}',
    right: 'connections:read',
    summary: 'What a test sign-in showed',
    answer: signInTest,
    status: 200,
  },
});
