import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { givenTime, id, page, pageOf, time } from './shape.ts';

const count = z.int();

/** A cycle, which a directory tells of too. */
export const cycle = z
  .strictObject({
    id,
    kind: z
      .enum(['test', 'initial', 'incremental', 'single'])
      .describe(
        'as far as traffic tells. test: a connection test; initial: it brought or looked at most of what is there, at first or after a restart; single: about one user or group, such as on demand',
      ),
    client: z.string().nullable().describe('its user agent'),
    startedAt: time,
    lastAt: time.describe('its newest request'),
    endedAt: time.nullable().describe('null while under way: it ends when the client is silent for 10 minutes'),
    requests: count,
    lookups: count.describe('users and groups looked for or read'),
    created: count,
    updated: count,
    disabled: count,
    deleted: count,
    unchanged: count,
    failed: count.describe('requests that were refused'),
    referencesFailed: count.describe('managers and members that could not be set'),
    throttled: count.describe('answered 429'),
    resourceId: z.string().nullable().describe('the one user or group that it was about'),
  })
  .meta({ id: 'Cycle', description: 'What a provisioning client did in one go.' });
export type Cycle = z.output<typeof cycle>;

const recordedRequest = z
  .strictObject({
    id,
    at: time,
    method: z.string(),
    path: z.string(),
    status: z.int(),
    ms: z.number(),
    token: z.string().nullable(),
    resourceId: z.string().nullable(),
    kind: z.enum(['changed', 'unchanged', 'read', 'refused']),
    outcome: z.string().describe('what it changed, or why it was refused, in a sentence'),
  })
  .meta({ id: 'RecordedRequest' });
export type RecordedRequest = z.output<typeof recordedRequest>;

const recordedRequestDetail = recordedRequest
  .extend({
    request: z.string().nullable().describe('the body, redacted'),
    answer: z.string().nullable().describe('the body, redacted'),
    changes: z.array(z.strictObject({ path: z.string(), before: z.json(), after: z.json() })),
  })
  .meta({ id: 'RecordedRequestDetail' });
export type RecordedRequestDetail = z.output<typeof recordedRequestDetail>;

const heldChange = z
  .strictObject({
    user: z.strictObject({ id, userName: z.string().nullable(), displayName: z.string().nullable() }),
    wish: z.enum(['deactivate', 'delete']),
    state: z.enum(['held', 'released', 'dropped']),
    heldAt: time,
    lastAskedAt: time.describe('when the provisioning client asked for it last'),
    times: z.int().describe('how often it asked'),
    token: z.string(),
    request: id.describe('the recorded request that asked last'),
    method: z.string(),
    path: z.string(),
    body: z.string().nullable().describe('as it came, redacted'),
    refusedUntil: time.nullable().describe('until when a dropped change is refused'),
  })
  .meta({ id: 'HeldChange', description: 'A change that the brake holds: somebody would lose access.' });
export type HeldChange = z.output<typeof heldChange>;

const whichHeld = z.strictObject({
  users: z.array(id).min(1).max(200).optional().describe('those of these users'),
  all: z.boolean().default(false).describe('all that are held'),
});
const replay = z
  .strictObject({
    id,
    at: time.describe('when it came'),
    method: z.string(),
    path: z.string(),
    status: z.int(),
    kind: z.enum(['changed', 'unchanged', 'read', 'refused']),
    outcome: z.string().describe('what it would change, or why it would be refused, in a sentence'),
    answer: z.string().nullable(),
    changes: recordedRequestDetail.shape.changes,
    was: z.strictObject({ status: z.int(), outcome: z.string() }),
    differences: recordedRequestDetail.shape.changes
      .nullable()
      .describe('of the answer, then and now; null where that of then was not kept whole, or one of them is a refusal'),
    same: z.boolean().describe('whether it would be answered as it was'),
  })
  .meta({ id: 'Replay', description: 'What a recorded request would do now; nothing of it is written.' });
export type Replay = z.output<typeof replay>;

/** What provisioning clients asked, and what became of it: cycles, requests, what the brake holds. */
export const provisioningEntries = entriesOf({
  'cycles.list': {
    method: 'GET',
    path: '/directories/{directory}/cycles',
    right: 'requests:read',
    summary: 'List provisioning cycles, newest first, with what each created, updated, disabled and failed at',
    query: page,
    answer: pageOf(cycle),
    status: 200,
  },
  'requests.list': {
    method: 'GET',
    path: '/directories/{directory}/requests',
    right: 'requests:read',
    summary: 'List recorded provisioning requests, newest first: search by whom, outcome, status, method, time',
    query: page.extend({
      about: z
        .string()
        .min(1)
        .max(300)
        .optional()
        .describe("a user name or a group's name or the beginning of one, an externalId, or an id; no user need exist"),
      resource: id.optional().describe('only those about the user or group of this id'),
      outcome: z
        .enum(['all', 'changed', 'unchanged', 'refused', 'read'])
        .default('all')
        .describe('only those with this outcome'),
      status: z.coerce.number().int().min(100).max(599).optional().describe('only those answered so'),
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional().describe('only those of this method'),
      from: givenTime.optional().describe('only those from then on'),
      to: givenTime.optional().describe('only those before then'),
    }),
    answer: pageOf(recordedRequest),
    status: 200,
  },
  'requests.get': {
    method: 'GET',
    path: '/directories/{directory}/requests/{request}',
    right: 'requests:read',
    summary: 'Get a recorded request with both bodies and the change it made',
    answer: recordedRequestDetail,
    status: 200,
  },
  'held.list': {
    method: 'GET',
    path: '/directories/{directory}/held',
    right: 'users:read',
    summary: 'List the changes that the brake holds: who would lose access, since when, by which request',
    query: page.extend({
      state: z.enum(['held', 'released', 'dropped']).default('held').describe('only those in this state'),
    }),
    answer: pageOf(heldChange),
    status: 200,
  },
  'held.release': {
    method: 'POST',
    path: '/directories/{directory}/held/release',
    right: 'directories:update',
    summary: 'Release held changes: Portico makes them at once, as they were asked for',
    body: whichHeld,
    answer: z.strictObject({ released: z.int(), held: z.int().describe('still held') }),
    status: 200,
  },
  'held.drop': {
    method: 'POST',
    path: '/directories/{directory}/held/drop',
    right: 'directories:update',
    summary: 'Drop held changes: nothing is changed, and for a day they are refused when asked for again',
    body: whichHeld,
    answer: z.strictObject({ dropped: z.int(), held: z.int().describe('still held') }),
    status: 200,
  },
  'requests.replay': {
    method: 'POST',
    path: '/directories/{directory}/requests/{request}/replay',
    right: 'requests:read',
    summary: 'Try a recorded request again against the directory as it is now, and write nothing',
    answer: replay,
    status: 200,
    problems: ['wrong-state'],
  },
});
