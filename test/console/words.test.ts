import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Client, type Connection, type Directory, firstSettings, type Message, ProblemAnswer } from '#contract';
import { type Known, listAttention } from '../../console/overview/attention-list.ts';
import { headline } from '../../console/overview/headline.ts';
import { fieldFaults, problemWords, sentence } from '../../console/server/problem-words.ts';
import { agoWords, daysLeftWords, endsWords, lengthWords } from '../../console/values/time-words.ts';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const minute = 60_000;
const time = (ms: number): string => new Date(ms).toISOString();

const settings: NonNullable<Connection['live']> = {
  ...firstSettings,
  name: 'Contoso',
  issuer: 'https://login.microsoftonline.com/x/v2.0',
  provisioning: true,
  mailOut: true,
  mailIn: true,
};
const connection: Connection = {
  id: 'contoso',
  organization: 'o',
  name: 'Contoso',
  state: 'active',
  live: settings,
  draft: null,
  draftTestedAt: null,
  canRollBack: false,
  redirectUris: [],
  tenantUrl: '',
  tokenEndpoint: '',
  nextExpiry: null,
  version: 1,
  createdAt: time(now),
  updatedAt: time(now),
};
const directory: Directory = {
  id: 'contoso',
  tenantUrl: '',
  users: 0,
  activeUsers: 0,
  groups: 0,
  lastContactAt: null,
  nextExpectedAt: null,
  lateSince: null,
  lastCycle: null,
  quarantine: { risk: 'none', why: null, recover: null },
  held: 0,
  heldSince: null,
  settings: {
    strict: false,
    schemaProfile: 'full',
    extensions: [],
    requestsPerSecond: 100,
    accessTokenMinutes: 60,
    brake: { percent: 20, minutes: 60 },
    onlyMembersOf: [],
  },
  version: 0,
};
const nothing: Known = {
  connections: [connection],
  directories: [],
  troubledMail: [],
  failedTests: [],
  waiting: [],
  clients: [],
  breakGlass: undefined,
  now,
};
const endsIn = (daysLeft: number): Connection => ({
  ...connection,
  nextExpiry: { kind: 'secret', id: 's', name: 'first', expiresAt: time(now), daysLeft },
});
const productEndsIn = (daysLeft: number): Client =>
  ({ name: 'Fabulous', nextExpiry: { id: 's', createdAt: time(now), expiresAt: time(now), daysLeft } }) as Client;
const silentFor = (ms: number): Known => ({
  ...nothing,
  directories: [{ ...directory, lastContactAt: time(now - ms) }],
});
const message = (state: Message['state']): Message => ({
  id: state,
  connection: 'contoso',
  mailbox: 'm',
  direction: 'out',
  state,
  from: 'a@contoso.example',
  to: ['b@contoso.example'],
  cc: [],
  subject: 'Hello',
  types: [],
  internetMessageId: null,
  at: time(now - 5 * minute),
  sentAt: null,
  attempts: 1,
});

describe('what needs attention', () => {
  test('nothing, where all is well', () => assert.deepEqual(listAttention(nothing), []));

  const days: [left: number, tone: string | undefined, what?: string][] = [
    [31, undefined],
    [30, 'warning', 'Contoso: client secret ends in 30 days'],
    [8, 'warning', 'Contoso: client secret ends in 8 days'],
    [7, 'bad', 'Contoso: client secret ends in 7 days'],
    [0, 'bad', 'Contoso: client secret ends today'],
    [-2, 'bad', 'Contoso: client secret ended 2 days ago'],
  ];
  for (const [left, tone, what] of days)
    test(`K3: a secret with ${left} days is ${tone ?? 'not told'}`, () => {
      const [found] = listAttention({ ...nothing, connections: [endsIn(left)] });
      assert.deepEqual([found?.tone, found?.what], [tone, what]);
    });

  for (const [left, tone] of days)
    test(`K3: a secret of a product with ${left} days is ${tone ?? 'not told'}`, () => {
      const [found] = listAttention({ ...nothing, clients: [productEndsIn(left)] });
      assert.deepEqual([found?.tone, found?.place], [tone, tone === undefined ? undefined : 'clients']);
    });

  const silences: [ms: number, tone: string | undefined][] = [
    [39 * minute, undefined],
    [41 * minute, 'warning'],
    [119 * minute, 'warning'],
    [121 * minute, 'bad'],
  ];
  for (const [ms, tone] of silences)
    test(`P10: a directory that was silent for ${ms / minute} minutes is ${tone ?? 'not told'}`, () =>
      assert.equal(listAttention(silentFor(ms))[0]?.tone, tone));

  test('a paused connection is expected to be silent', () =>
    assert.deepEqual(
      listAttention({ ...silentFor(500 * minute), connections: [{ ...connection, state: 'paused' }] }),
      [],
    ));

  test('a directory without its first contact waits, it is not late', () =>
    assert.deepEqual(listAttention({ ...nothing, directories: [directory] }), []));

  test('a failed message is worse than an uncertain one, and comes first', () =>
    assert.deepEqual(
      listAttention({ ...nothing, troubledMail: [message('uncertain'), message('failed')] }).map(({ tone, id }) => [
        id,
        tone,
      ]),
      [
        ['failed', 'bad'],
        ['uncertain', 'warning'],
      ],
    ));

  const tries: [lastUsedAt: string | null, what: string | undefined][] = [
    [null, 'Break-glass operator Safe was never tried'],
    [time(now - 365 * 1440 * minute), 'Break-glass operator Safe was not tried for a year'],
    [time(now - 364 * 1440 * minute), undefined],
  ];
  for (const [lastUsedAt, what] of tries)
    test(`S13: a break-glass operator last tried at ${lastUsedAt} is ${what === undefined ? 'not ' : ''}told`, () =>
      assert.equal(
        listAttention({ ...nothing, breakGlass: [{ id: 'b', name: 'Safe', createdAt: time(now), lastUsedAt }] })[0]
          ?.what,
        what,
      ));

  test('S13: that there is no break-glass operator is told to whom may see operators', () =>
    assert.deepEqual(
      [undefined, []].map((breakGlass) => listAttention({ ...nothing, breakGlass }).map(({ what }) => what)),
      [[], ['There is no break-glass operator']],
    ));

  const crowds: [count: number, more: boolean, what: string | undefined][] = [
    [0, false, undefined],
    [1, false, 'Contoso: one person asks to be let in'],
    [3, false, 'Contoso: 3 people ask to be let in'],
    [50, true, 'Contoso: more than 50 people ask to be let in'],
  ];
  for (const [count, more, what] of crowds)
    test(`S7: ${count}${more ? ' and more' : ''} requests that wait are ${what === undefined ? 'not ' : ''}told`, () =>
      assert.equal(
        listAttention({ ...nothing, waiting: [{ organization: 'o', name: 'Contoso', count, more }] })[0]?.what,
        what,
      ));

  test('a failed test is told until the draft was changed or has passed', () => {
    const failed = { subject: { type: 'connection', id: 'contoso', name: null }, time: time(now - minute) };
    const event = {
      ...failed,
      id: 'e',
      position: 1,
      type: 'connection.test_failed',
      version: 1,
      organization: 'o',
    } as const;
    const actor = { type: 'operator', id: null, name: null, address: null, userAgent: null } as const;
    const failedTests = [{ ...event, actor, requestId: null, data: {} }];
    const draft = { ...connection, draft: settings, updatedAt: time(now - 2 * minute) };
    const told = (changed: Partial<Connection>): number =>
      listAttention({ ...nothing, failedTests, connections: [{ ...draft, ...changed }] }).length;
    assert.deepEqual([told({}), told({ updatedAt: time(now) }), told({ draftTestedAt: time(now) })], [1, 0, 0]);
  });
});

test('the headline says how many in which state, and whether something is to do', () => {
  const paused: Connection = { ...connection, state: 'paused' };
  assert.equal(headline([connection], 0), 'One connection, active. All is well.');
  assert.equal(headline([connection, connection], 1), '2 connections, all active. One thing needs your attention.');
  assert.equal(headline([paused, connection], 3), '2 connections: 1 active, 1 paused. 3 things need your attention.');
});

describe('time in words', () => {
  const agos: [ms: number, words: string][] = [
    [-10_000, 'just now'],
    [10_000, 'in a moment'],
    [-3 * minute, '3 minutes ago'],
    [-59.9 * minute, '1 hour ago'],
    [40 * minute, 'in 40 minutes'],
    [-3 * 1440 * minute, '3 days ago'],
    [-90 * 1440 * minute, '23 Aug 2026'],
  ];
  for (const [distance, words] of agos) test(words, () => assert.equal(agoWords(now + distance, now), words));
  test('lengths', () =>
    assert.deepEqual(
      [40, 89, 91, 36 * 60].map((minutes) => lengthWords(minutes * minute)),
      ['40 minutes', '89 minutes', '2 hours', '2 days'],
    ));
  test('days left', () =>
    assert.deepEqual([-1, 0, 1, 1200].map(daysLeftWords), [
      'ended 1 day ago',
      'ends today',
      '1 day left',
      '1,200 days left',
    ]));
  test('ends', () => assert.deepEqual([0, 1, 4].map(endsWords), ['ends today', 'ends in 1 day', 'ends in 4 days']));
});

describe('problems in words', () => {
  const refused = new ProblemAnswer({
    type: 'urn:portico:problem:invalid-request',
    title: 'The request is not valid',
    status: 400,
    detail: 'the body is not valid',
    requestId: 'r-1',
    errors: [{ field: 'domains.0', detail: 'is not a domain name' }],
  });

  test('what the API says comes first: detail, remedy, request id, fields', () =>
    assert.deepEqual(problemWords(refused), {
      title: 'The request is not valid',
      why: 'the body is not valid',
      next: undefined,
      requestId: 'r-1',
      fields: [{ field: 'domains.0', detail: 'is not a domain name' }],
    }));
  test('faults by field, however deep', () =>
    assert.deepEqual(fieldFaults(refused), { 'domains.0': 'is not a domain name' }));
  test('a server that does not answer is told apart from one that refuses', () => {
    const { title, next } = problemWords(new TypeError('Failed to fetch'));
    assert.equal(title, 'Portico did not answer');
    assert.match(next ?? '', /Check the network/);
  });
  test('fragments become sentences', () =>
    assert.deepEqual(['see the log', 'Why?'].map(sentence), ['See the log.', 'Why?']));
});
