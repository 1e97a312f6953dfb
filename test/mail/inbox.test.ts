import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { activateConnection, findLive, pauseConnection } from '#connections';
import { byItself } from '#events';
import { changeMailbox, getMailbox, mailChecks, pageOfMessages } from '#mail';
import { dialects } from '../world.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';
import { isDelta } from './wire.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

const received = async ({ world, organizationId, connectionId }: PostOffice) =>
  (await pageOfMessages(world, organizationId, connectionId, { direction: 'in', limit: 1000 })).items.reverse();

const subjects = async (office: PostOffice) => (await received(office)).map(({ subject }) => subject);

const placeOf = ({ organizationId, connectionId, mailbox }: PostOffice) => ({
  organizationId,
  connectionId,
  id: mailbox.id,
});

for (const dialect of dialects) {
  describe(`inbox (${dialect})`, () => {
    const opened: PostOffice[] = [];
    const open = async (of: Parameters<typeof openPostOffice>[1] = {}) => {
      const office = await openPostOffice(dialect, { receive: true, ...of });
      opened.push(office);
      return office;
    };
    test.afterEach(async () => {
      for (const office of opened.splice(0)) await office.close();
    });

    test('an arrived message is taken in with its bodies, addresses, header and what is attached, and told of', async () => {
      const office = await open();
      await office.deliver({
        to: [office.mailbox.address, office.recipient],
        subject: 'Rechnung für Ü',
        text: 'siehe Anhang',
        headers: { 'X-Order': '17' },
        attachments: [{ name: 'rechnung.pdf', contentType: 'application/pdf', contentBytes: 'aGVsbG8gd29ybGQ=' }],
      });
      assert.deepEqual(await office.work('mail.receive'), { again: 60_000 });
      const [message] = await received(office);
      assert.ok(message);
      assert.equal(message.state, 'received');
      assert.equal(message.from, 'ada@outside.example');
      assert.deepEqual(message.to, [office.mailbox.address, office.recipient]);
      assert.deepEqual(message.types, ['support']);
      const detail = await office.message(message.id);
      assert.equal(detail.text?.trim(), 'siehe Anhang');
      assert.equal(detail.html, null);
      assert.equal(detail.cut, false);
      assert.deepEqual(detail.attachments, [{ name: 'rechnung.pdf', type: 'application/pdf', size: 11 }]);
      assert.equal(detail.headers.find(({ name }) => name === 'X-Order')?.value, '17');
      assert.equal(detail.headers.find(({ name }) => name.toLowerCase() === 'subject')?.value, 'Rechnung für Ü');
      assert.deepEqual(await office.events('message.received'), [
        {
          connection: 'contoso',
          mailbox: office.mailbox.address,
          types: ['support'],
          message: message.id,
          from: 'ada@outside.example',
          subject: 'Rechnung für Ü',
          internetMessageId: message.internetMessageId,
          at: message.at,
        },
      ]);
      const mailbox = await getMailbox(office.world, placeOf(office));
      assert.equal(mailbox.lastPolledAt, new Date(office.world.clock.now).toISOString());
      assert.equal(mailbox.fault, null);
    });

    test('a new mailbox begins with what arrives from then on', async () => {
      const office = await open({ receive: false });
      await office.deliver({ subject: 'old' });
      office.world.clock.now += minute;
      await changeMailbox(office.world, byItself, placeOf(office), { receive: true }, undefined);
      const { receiveFrom } = await getMailbox(office.world, placeOf(office));
      assert.ok(Math.abs(Date.parse(receiveFrom) - office.world.clock.now) < 1000);
      office.world.clock.now += minute;
      await office.deliver({ subject: 'new' });
      await office.work('mail.receive');
      assert.deepEqual(await subjects(office), ['new']);
    });

    test('35 messages come in pages, each once, also when the poll is repeated', async () => {
      const office = await open();
      const expected = Array.from({ length: 35 }, (_, index) => `number ${index}`);
      for (const subject of expected) await office.deliver({ subject });
      await office.work('mail.receive');
      assert.deepEqual((await subjects(office)).sort(), expected.sort());
      await office.work('mail.receive');
      assert.equal((await received(office)).length, 35);
      assert.equal((await office.events('message.received')).length, 35);
    });

    test('two polls of one mailbox at once take each message in once', async () => {
      const office = await open();
      for (let index = 0; index < 25; index++) await office.deliver({ subject: `number ${index}` });
      await Promise.all([office.work('mail.receive'), office.work('mail.receive'), office.work('mail.receive')]);
      await office.work('mail.receive');
      assert.equal((await received(office)).length, 25);
      assert.equal((await office.events('message.received')).length, 25);
    });

    test('changes and removals of messages that are known make no new ones', async () => {
      const office = await open();
      for (const subject of ['read', 'moved', 'deleted']) await office.deliver({ subject });
      await office.work('mail.receive');
      const { value } = await office.graph('GET', '/mailFolders/inbox/messages');
      const ids = new Map((value as { id: string; subject: string }[]).map(({ id, subject }) => [subject, id]));
      await office.graph('PATCH', `/messages/${ids.get('read')}`, { isRead: true });
      await office.graph('POST', `/messages/${ids.get('moved')}/move`, { destinationId: 'archive' });
      await office.graph('DELETE', `/messages/${ids.get('deleted')}`);
      await office.work('mail.receive');
      await office.graph('POST', `/messages/${ids.get('moved')}/move`, { destinationId: 'inbox' });
      await office.work('mail.receive');
      assert.deepEqual(await subjects(office), ['read', 'moved', 'deleted']);
      assert.equal((await office.events('message.received')).length, 3);
    });

    test('entra §3.2: a lost delta link leads to a resynchronization without duplicates and without loss', async () => {
      const office = await open();
      await office.deliver({ subject: 'before' });
      await office.work('mail.receive');
      office.world.clock.now += minute;
      await office.deliver({ subject: 'meanwhile' });
      const json = { error: { code: 'syncStateNotFound', message: 'The sync state is gone.' } };
      office.wire.break(isDelta, { answer: { status: 410, json } });
      await office.work('mail.receive');
      assert.deepEqual(await subjects(office), ['before', 'meanwhile']);
      assert.equal((await office.events('message.received')).length, 2);
      assert.equal((await getMailbox(office.world, placeOf(office))).fault, null);
    });

    test('after a lost link only the last day before the last complete poll is read again', async () => {
      const office = await open();
      await office.deliver({ subject: 'old' });
      office.world.clock.now += 10 * day;
      await office.work('mail.receive');
      const json = { error: { code: 'syncStateNotFound', message: 'The sync state is gone.' } };
      office.wire.break(isDelta, { answer: { status: 410, json } });
      await office.work('mail.receive');
      const { receiveFrom, lastPolledAt } = await getMailbox(office.world, placeOf(office));
      assert.ok(Math.abs(Date.parse(lastPolledAt ?? '') - day - Date.parse(receiveFrom)) < 1000);
      assert.deepEqual(await subjects(office), ['old']);
    });

    test('a message whose id at the server changed, as when a mailbox is moved, is recognised', async () => {
      const office = await open();
      await office.deliver({ subject: 'once' });
      await office.work('mail.receive');
      const { value } = await office.graph('GET', '/mailFolders/inbox/messages');
      const [known] = value as Record<string, unknown>[];
      const link = `${office.wire.url}/v1.0/users/x/mailFolders/inbox/messages/delta?$deltatoken=x`;
      const json = { value: [{ ...known, id: 'another' }], '@odata.deltaLink': link };
      office.wire.break(isDelta, { answer: { status: 200, json } });
      await office.work('mail.receive');
      assert.deepEqual(await subjects(office), ['once']);
      assert.equal((await office.events('message.received')).length, 1);
    });

    test('a draft that lies in the inbox has not arrived', async () => {
      const office = await open();
      await office.graph('POST', '/mailFolders/inbox/messages', { subject: 'not sent yet' });
      await office.deliver({ subject: 'arrived' });
      await office.work('mail.receive');
      assert.deepEqual(await subjects(office), ['arrived']);
    });

    test('a message that borrows the Message-ID of another is not lost', async () => {
      const office = await open();
      const messageId = '<borrowed@outside.example>';
      await office.deliver({ subject: 'true', messageId });
      await office.work('mail.receive');
      await office.deliver({ subject: 'borrowed', messageId });
      await office.work('mail.receive');
      assert.deepEqual(await subjects(office), ['true', 'borrowed']);
    });

    test('what breaks in the middle of a round is read again, each message once', async () => {
      const office = await open();
      for (let index = 0; index < 25; index++) await office.deliver({ subject: `number ${index}` });
      let seen = 0;
      const eachFifth = ({ path }: { path: string }) => path.endsWith('/$value') && ++seen % 5 === 0;
      office.wire.break(eachFifth, { loseAnswer: true }, 3);
      for (let poll = 0; poll < 5; poll++) {
        await office.work('mail.receive');
        office.world.clock.now += 15 * minute;
      }
      assert.equal((await received(office)).length, 25);
      assert.equal((await office.events('message.received')).length, 25);
    });

    test('a message that is gone before it is read, or never can be read, is taken in without its content', async () => {
      const office = await open();
      await office.deliver({ subject: 'gone', text: 'x' });
      const isRead = ({ path }: { path: string }) => path.endsWith('/$value');
      office.wire.break(isRead, {
        answer: { status: 404, json: { error: { code: 'ErrorItemNotFound', message: 'Gone.' } } },
      });
      await office.work('mail.receive');
      await office.deliver({ subject: 'broken', text: 'x' });
      const json = { error: { code: 'ErrorInternalServerError', message: 'Broken.' } };
      office.wire.break(isRead, { answer: { status: 500, json } }, 100);
      for (let poll = 0; poll < 6; poll++) {
        await office.work('mail.receive');
        office.world.clock.now += 15 * minute;
      }
      assert.deepEqual(await subjects(office), ['gone', 'broken']);
      for (const { id } of await received(office)) {
        const { text, cut } = await office.message(id);
        assert.deepEqual({ text, cut }, { text: null, cut: true });
      }
    });

    for (const [name, status, code, words] of [
      ['403 without the right', 403, 'ErrorAccessDenied', /Microsoft caches rights up to 2 hours/],
      ['404 without a mailbox', 404, 'MailboxNotEnabledForRESTAPI', /Name a licensed cloud mailbox/],
      ['404 unknown address', 404, 'ErrorInvalidUser', /No such address in this tenant/],
    ] as const) {
      test(`entra §3.6: ${name} is kept as the mailbox's fault with what to do, and polled later`, async () => {
        const office = await open();
        office.wire.break(isDelta, { answer: { status, json: { error: { code, message: 'No.' } } } }, 2);
        assert.deepEqual(await office.work('mail.receive'), { again: 60_000 });
        const { fault, lastPolledAt } = await getMailbox(office.world, placeOf(office));
        assert.match(fault ?? '', words);
        assert.match(fault ?? '', new RegExp(`${code}, HTTP ${status}`));
        assert.equal(lastPolledAt, null);
        await office.work('mail.receive');
        await office.work('mail.receive');
        assert.equal((await getMailbox(office.world, placeOf(office))).fault, null);
      });
    }

    test('polls that keep failing come at longer intervals, a quarter of an hour at most', async () => {
      const office = await open();
      await changeMailbox(office.world, byItself, placeOf(office), { pollSeconds: 1 }, undefined);
      const json = { error: { code: 'ErrorAccessDenied', message: 'No.' } };
      office.wire.break(isDelta, { answer: { status: 403, json } }, 100);
      const waits: unknown[] = [];
      for (let poll = 0; poll < 10; poll++) waits.push(await office.work('mail.receive'));
      assert.deepEqual(
        waits,
        [5, 10, 20, 40, 80, 160, 320, 640, 900, 900].map((seconds) => ({ again: seconds * 1000 })),
      );
    });

    test('a paused connection receives nothing, and goes on where it was when it is active again', async () => {
      const office = await open();
      await office.work('mail.receive');
      await pauseConnection(office.world, byItself, office.organizationId, office.connectionId);
      await office.deliver({ subject: 'while paused' });
      const before = office.wire.passed.length;
      assert.deepEqual(await office.work('mail.receive'), { again: 5000 });
      assert.equal(office.wire.passed.length, before);
      await activateConnection(office.world, byItself, office.organizationId, office.connectionId);
      await office.work('mail.receive');
      assert.deepEqual(await subjects(office), ['while paused']);
    });

    test('bytes that no database takes are left out: NUL characters in subject and text', async () => {
      const office = await open();
      const mime = [
        'From: =?utf-8?Q?A=00da?= <ada@outside.example>',
        `To: ${office.mailbox.address}`,
        'Subject: =?utf-8?Q?a=00b?=',
        'Message-ID: <nul@outside.example>',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'x=00y',
      ].join('\r\n');
      await office.control('POST', '/mail', {
        to: [office.mailbox.address],
        mime: Buffer.from(mime).toString('base64'),
      });
      await office.work('mail.receive');
      const [message] = await received(office);
      assert.ok(message);
      assert.doesNotMatch(message.subject, /\0/);
      assert.equal((await office.message(message.id)).text?.trim(), 'xy');
    });

    test('D8: the check of a mailbox says what was seen', async () => {
      const office = await open();
      const [check] = mailChecks;
      assert.ok(check);
      const { organizationId, connectionId: id, world } = office;
      const live = await findLive(world, organizationId, id);
      assert.ok(live);
      const [passed] = [await check(world, live)].flat();
      assert.equal(passed?.outcome, 'passed');
      assert.match(passed?.saw ?? '', /It was not polled yet/);
      const json = { error: { code: 'ErrorAccessDenied', message: 'No.' } };
      office.wire.break(({ path }) => path.endsWith('/mailFolders/inbox/messages'), { answer: { status: 403, json } });
      const [failed] = [await check(world, live)].flat();
      assert.equal(failed?.outcome, 'failed');
      assert.match(failed?.saw ?? '', /ErrorAccessDenied, HTTP 403/);
    });
  });
}
