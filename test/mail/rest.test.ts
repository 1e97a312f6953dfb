import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Caller, issueKey } from '#access';
import { createApi } from '#api';
import { activateConnection, pauseConnection } from '#connections';
import { allRights, type Entry, entries, type ProblemDocument } from '#contract';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
  problem: ProblemDocument;
}

for (const dialect of dialects) {
  describe(`mail over REST (${dialect})`, () => {
    let office: PostOffice;
    let key: string;
    let door: ReturnType<typeof createApi>;
    let asked = 0;

    const ask = async (
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
    ): Promise<Answer> => {
      const request = new Request(`${office.world.config.url}/api/v1/connections/${office.connectionId}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      asked += 1;
      const answer = await door(request, { requestId: `request-${asked}`, address: '192.0.2.1', userAgent: 'test' });
      const text = await answer.text();
      const read = text === '' ? {} : JSON.parse(text);
      return { status: answer.status, headers: answer.headers, body: read, problem: read };
    };
    const message = (more: Record<string, unknown> = {}) => ({
      mailbox: office.mailbox.address,
      to: [office.recipient],
      subject: 'Hello',
      text: 'How are you?',
      ...more,
    });
    const hasShape = (entry: Entry, answer: Answer) => {
      assert.equal(answer.status, entry.status, JSON.stringify(answer.body));
      const parsed = entry.answer?.safeParse(answer.body);
      assert.ok(parsed?.success, parsed?.error?.message);
    };

    before(async () => {
      office = await openPostOffice(dialect, { receive: true });
      door = createApi(office.world);
      const owner: Caller = {
        type: 'operator',
        id: 'owner',
        name: 'Owner',
        rights: new Set(allRights),
        organization: null,
        expiresAt: office.world.now() + 1000,
        sessionId: null,
        source: { requestId: 'issue', address: '192.0.2.1', userAgent: null },
      };
      const input = { name: 'test', rights: [...allRights], organization: null };
      key = (await issueKey(office.world, owner, input)).value;
    });
    after(() => office.close());

    test('a message is taken, sent, read back with its attempt, and listed newest first', async () => {
      const queued = await ask('POST', '/messages', message({ subject: 'first', html: '<p>x</p>' }));
      hasShape(entries['messages.send'], queued);
      office.world.clock.now += 10;
      await ask('POST', '/messages', message({ subject: 'second' }));
      await office.work('mail.send');
      const detail = await ask('GET', `/messages/${queued.body['id']}`);
      hasShape(entries['messages.get'], detail);
      assert.equal(detail.body['state'], 'sent');
      assert.equal(detail.body['html'], '<p>x</p>');
      const list = await ask('GET', '/messages?direction=out&limit=1');
      hasShape(entries['messages.list'], list);
      assert.deepEqual(
        (list.body['items'] as { subject: string }[]).map(({ subject }) => subject),
        ['second'],
      );
      const next = await ask('GET', `/messages?direction=out&limit=1&cursor=${list.body['nextCursor']}`);
      assert.deepEqual(
        (next.body['items'] as { subject: string }[]).map(({ subject }) => subject),
        ['first'],
      );
    });

    for (const [query, found] of [
      ['state=sent', true],
      ['direction=out&state=sent', true],
      ['direction=in&state=sent', false],
      ['direction=in', false],
      ['state=received', false],
      ['state=failed', false],
    ] as const) {
      test(`messages by ${query}`, async () => {
        const { body } = await ask('GET', `/messages?${query}`);
        assert.equal((body['items'] as unknown[]).length > 0, found);
      });
    }

    test('E6: twenty posts with one Idempotency-Key make one message, and the key is kept beyond the day', async () => {
      const headers = { 'idempotency-key': 'order-17' };
      const all = await Promise.all(
        Array.from({ length: 20 }, () => ask('POST', '/messages', message({ subject: 'k' }), headers)),
      );
      const taken = all.filter(({ status }) => status === 202);
      assert.ok(taken.length > 0);
      assert.equal(new Set(taken.map(({ body }) => body['id'])).size, 1);
      for (const { status, problem } of all) {
        if (status !== 202) assert.equal(problem.type, 'urn:portico:problem:conflict');
      }
      office.world.clock.now += 3 * 86_400_000;
      const repeated = await ask('POST', '/messages', message({ subject: 'k' }), headers);
      assert.equal(repeated.status, 202);
      assert.equal(repeated.body['id'], taken[0]?.body['id']);
      office.world.clock.now += 3 * 86_400_000;
      const other = await ask('POST', '/messages', message({ subject: 'something else' }), headers);
      assert.equal(other.status, 422);
      assert.equal(other.problem.type, 'urn:portico:problem:key-reused');
      await office.work('mail.send');
      assert.equal((await office.held(office.recipient, 'k')).length, 1);
    });

    const bad: readonly (readonly [name: string, more: Record<string, unknown>, field: string])[] = [
      ['a line break in the subject', { subject: 'a\r\nBcc: x@contoso.example' }, 'subject'],
      ['a line feed in the subject', { subject: 'a\nb' }, 'subject'],
      ['a NUL in the subject', { subject: 'a\0b' }, 'subject'],
      ['a subject of 999 characters', { subject: 'x'.repeat(999) }, 'subject'],
      ['no recipient', { to: [] }, 'to'],
      ['a recipient that is none', { to: ['nobody'] }, 'to.0'],
      ['a recipient with a line break', { to: ['a@b.example\r\nBcc: c@d.example'] }, 'to.0'],
      ['a recipient with a name', { to: ['Bo <bo@contoso.example>'] }, 'to.0'],
      ['two recipients in one', { to: ['a@b.example,c@d.example'] }, 'to.0'],
      ['a recipient of 300 characters', { to: [`${'a'.repeat(288)}@b.example`] }, 'to.0'],
      ['501 recipients', { to: Array.from({ length: 501 }, (_, index) => `r${index}@b.example`) }, 'to'],
      [
        '501 recipients in to and cc',
        { to: ['a@b.example'], cc: Array.from({ length: 500 }, (_, index) => `r${index}@b.example`) },
        'cc',
      ],
      ['a wrong copy', { cc: ['x'] }, 'cc.0'],
      ['neither text nor html', { text: undefined }, 'text'],
      ['a text beyond a million characters', { text: 'x'.repeat(1_000_001) }, 'text'],
      ['two million bytes and one', { text: 'x'.repeat(999_999), html: `${'ü'.repeat(500_001)}` }, 'html'],
      ['a NUL in the text', { text: 'a\0b' }, 'text'],
      ['a mailbox that is no address', { mailbox: 'support' }, 'mailbox'],
      ['a field that is not known', { bcc: ['a@b.example'] }, 'bcc'],
      ['a text that is a number', { text: 5 }, 'text'],
    ];
    for (const [name, more, field] of bad) {
      test(`${name} is refused, names ${field}, and takes nothing`, async () => {
        const before = (await office.events('message.queued')).length;
        const answer = await ask('POST', '/messages', message(more));
        assert.equal(answer.status, 400, JSON.stringify(answer.body).slice(0, 500));
        assert.ok(
          answer.problem.errors?.some((error) => error.field === field),
          JSON.stringify(answer.problem.errors),
        );
        assert.equal((await office.events('message.queued')).length, before);
      });
    }

    test('a mailbox of no connection is 409 wrong-state and names the field', async () => {
      const answer = await ask('POST', '/messages', message({ mailbox: 'nobody@contoso.example' }));
      assert.equal(answer.status, 409);
      assert.equal(answer.problem.type, 'urn:portico:problem:wrong-state');
      assert.deepEqual(answer.problem.errors, [{ field: 'mailbox', detail: 'is not a mailbox of this connection' }]);
    });

    test('a paused connection is 409 wrong-state; a repeated key still finds its message', async () => {
      const headers = { 'idempotency-key': 'before-pause' };
      const first = await ask('POST', '/messages', message(), headers);
      await pauseConnection(office.world, byItself, office.organizationId, office.connectionId);
      office.world.clock.now += 2 * 86_400_000;
      const refused = await ask('POST', '/messages', message());
      const repeated = await ask('POST', '/messages', message(), headers);
      await activateConnection(office.world, byItself, office.organizationId, office.connectionId);
      assert.equal(refused.problem.type, 'urn:portico:problem:wrong-state');
      assert.equal(repeated.status, 202);
      assert.equal(repeated.body['id'], first.body['id']);
    });

    test('E4: a mailbox is added, changed with If-Match, listed and removed; its address is taken but once', async () => {
      const created = await ask('POST', '/mailboxes', { address: 'Sales@contoso.example', types: ['sales', 'sales'] });
      hasShape(entries['mailboxes.create'], created);
      assert.deepEqual(created.body['types'], ['sales']);
      assert.equal(created.body['receive'], true);
      assert.equal(created.body['pollSeconds'], 60);
      const path = `/mailboxes/${created.body['id']}`;
      const again = await ask('POST', '/mailboxes', { address: 'sales@CONTOSO.example' });
      assert.equal(again.status, 409);
      assert.equal(again.problem.errors?.[0]?.field, 'address');
      const etag = created.headers.get('etag') ?? '';
      const changed = await ask('PATCH', path, { types: ['sales', 'orders'], receive: false }, { 'if-match': etag });
      hasShape(entries['mailboxes.update'], changed);
      assert.deepEqual(changed.body['types'], ['sales', 'orders']);
      assert.equal((await ask('PATCH', path, { name: 'x' }, { 'if-match': etag })).status, 412);
      assert.equal((await ask('DELETE', path, undefined, { 'if-match': etag })).status, 412);
      hasShape(entries['mailboxes.get'], await ask('GET', path));
      const list = await ask('GET', '/mailboxes?limit=1');
      hasShape(entries['mailboxes.list'], list);
      assert.equal((list.body['items'] as unknown[]).length, 1);
      assert.ok(list.body['nextCursor']);
      assert.equal((await ask('DELETE', path)).status, 204);
      assert.equal((await ask('GET', path)).status, 404);
      assert.deepEqual(
        (await office.events('mailbox.updated')).map(({ change }) => change),
        [{ types: ['sales', 'orders'], receive: false }],
      );
      assert.equal((await office.events('mailbox.deleted')).length, 1);
    });

    for (const [name, body, field] of [
      ['no address', {}, 'address'],
      ['a type with capitals', { address: 'a@contoso.example', types: ['Sales'] }, 'types.0'],
      ['a poll interval of nothing', { address: 'a@contoso.example', pollSeconds: 0 }, 'pollSeconds'],
      ['a poll interval beyond a day', { address: 'a@contoso.example', pollSeconds: 86_401 }, 'pollSeconds'],
    ] as const) {
      test(`a mailbox with ${name} is refused and names ${field}`, async () => {
        const answer = await ask('POST', '/mailboxes', body);
        assert.equal(answer.status, 400);
        assert.ok(answer.problem.errors?.some((error) => error.field === field));
      });
    }
  });
}
