import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { activateConnection, pauseConnection } from '#connections';
import { byItself } from '#events';
import { createMailbox, deleteMailbox } from '#mail';
import { dialects } from '../world.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';
import { isDraft, isSend, isSendMail } from './wire.ts';

/** Works on the outbox, moving the clock on to each retry, until nothing is due; gives how many rounds it took. */
async function workOff({ work, world }: PostOffice, most = 40): Promise<number> {
  for (let round = 1; round <= most; round++) {
    const next = await work('mail.send');
    if (next === undefined) return round;
    assert.ok('again' in next);
    world.clock.now += next.again;
  }
  throw new Error(`still not done after ${most} rounds`);
}

const minute = 60_000;
const hour = 60 * minute;

for (const dialect of dialects) {
  describe(`outbox (${dialect})`, () => {
    const opened: PostOffice[] = [];
    const open = async (of: Parameters<typeof openPostOffice>[1] = {}) => {
      const office = await openPostOffice(dialect, of);
      opened.push(office);
      return office;
    };
    test.afterEach(async () => {
      for (const office of opened.splice(0)) await office.close();
    });

    test('a message is queued durably, sent as a draft of our own Message-ID, and told of', async () => {
      const office = await open();
      const queued = await office.send({ subject: 'Grüße aus Köln', html: '<p>How are you?</p>' });
      assert.equal(queued.state, 'queued');
      assert.equal(queued.internetMessageId, `<${queued.id}@portico.example.com>`);
      office.world.clock.now += 1500;
      assert.equal(await office.work('mail.send'), undefined);
      const sent = await office.message(queued.id);
      assert.equal(sent.state, 'sent');
      assert.equal(sent.attempts, 1);
      assert.equal(sent.text, 'How are you?');
      assert.deepEqual(
        sent.attemptList.map(({ number, outcome, status, retryAt }) => ({ number, outcome, status, retryAt })),
        [{ number: 1, outcome: 'sent', status: 202, retryAt: null }],
      );
      const [arrived] = await office.held(office.recipient);
      assert.equal(arrived?.subject, 'Grüße aus Köln');
      assert.equal(arrived?.internetMessageId, queued.internetMessageId);
      assert.deepEqual(
        (await office.held(office.mailbox.address)).map(({ folder }) => folder),
        ['Sent Items'],
      );
      const [event] = await office.events('message.sent');
      assert.deepEqual(event, {
        connection: 'contoso',
        mailbox: office.mailbox.address,
        attempts: 1,
        ms: 1500,
      });
      assert.equal((await office.events('message.queued')).length, 1);
    });

    test('E6: twenty posts with one idempotency key at once make one message', async () => {
      const office = await open();
      const all = await Promise.all(Array.from({ length: 20 }, () => office.send({}, 'order-17')));
      assert.equal(new Set(all.map(({ id }) => id)).size, 1);
      await workOff(office);
      assert.equal((await office.held(office.recipient)).length, 1);
      assert.equal((await office.events('message.queued')).length, 1);
      const repeated = await office.send({}, 'order-17');
      assert.equal(repeated.id, all[0]?.id);
      assert.equal(repeated.state, 'sent');
    });

    test('the same idempotency key with another content is key-reused, and makes nothing', async () => {
      const office = await open();
      await office.send({}, 'order-17');
      await assert.rejects(office.send({ subject: 'Something else' }, 'order-17'), { problem: 'key-reused' });
      assert.equal((await office.events('message.queued')).length, 1);
    });

    test('a lost answer to /send: Portico looks, and the recipient has it once', async () => {
      const office = await open();
      office.wire.break(isSend, { loseAnswer: true });
      const { id } = await office.send();
      await workOff(office);
      const message = await office.message(id);
      assert.equal(message.state, 'sent');
      assert.deepEqual(
        message.attemptList.map(({ outcome }) => outcome),
        ['retry', 'sent'],
      );
      assert.match(message.attemptList[0]?.detail ?? '', /It may have been sent: Portico looks into Sent Items/);
      assert.match(message.attemptList[1]?.detail ?? '', /in Sent Items/);
      assert.equal((await office.held(office.recipient)).length, 1);
      assert.equal(office.wire.passed.filter(isSend).length, 1);
    });

    test('Sent Items that show a message late: Portico looks again, and does not send again', async () => {
      const office = await open();
      office.wire.break(isSend, { loseAnswer: true });
      const json = { value: [] };
      office.wire.break(({ path }) => path.endsWith('/sentitems/messages'), { answer: { status: 200, json } }, 4);
      const { id } = await office.send();
      await workOff(office);
      const message = await office.message(id);
      assert.equal(message.state, 'sent');
      const waits = message.attemptList.flatMap(({ at, retryAt }) =>
        retryAt === null ? [] : [Date.parse(retryAt) - Date.parse(at)],
      );
      assert.deepEqual(waits, [2000, 5000, 15_000, 30_000, 60_000]);
      assert.equal(office.wire.passed.filter(isSend).length, 1);
      assert.equal((await office.held(office.recipient)).length, 1);
    });

    test('a draft that is said to be none any more may have been sent: it is looked for, not failed', async () => {
      const office = await open();
      const json = { error: { code: 'ErrorInvalidOperation', message: 'The message is no draft.' } };
      office.wire.break(isSend, { answer: { status: 400, json } });
      const { id } = await office.send();
      await workOff(office);
      const message = await office.message(id);
      assert.equal(message.state, 'sent');
      assert.equal(message.attemptList[0]?.status, 400);
      assert.match(message.attemptList[0]?.detail ?? '', /looks for it in Sent Items/);
      assert.equal((await office.held(office.recipient)).length, 1);
    });

    test('a draft that is not the one that was asked to be sent is left alone', async () => {
      const office = await open();
      office.wire.break(isSend, { loseAnswer: true });
      const json = { value: [] };
      office.wire.break(({ path }) => path.endsWith('/sentitems/messages'), { answer: { status: 200, json } }, 4);
      const { id, internetMessageId, subject } = await office.send();
      const toRecipients = [{ emailAddress: { address: office.recipient } }];
      await office.work('mail.send');
      await office.graph('POST', '/messages', { internetMessageId, subject, toRecipients });
      await workOff(office);
      assert.equal((await office.message(id)).state, 'sent');
      assert.equal(office.wire.passed.filter(isSend).length, 1);
      assert.equal((await office.held(office.recipient)).length, 1);
    });

    test('two machines that both take themselves for the only one send a message once, and tell of it once', async () => {
      const office = await open();
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const reached = new Promise<void>((resolve) => {
        office.wire.break(isSend, {
          hold: () => {
            resolve();
            return released;
          },
        });
      });
      const { id } = await office.send();
      const one = office.work('mail.send');
      await reached;
      const other = office.work('mail.send');
      assert.equal(await other, undefined);
      release();
      await one;
      const message = await office.message(id);
      assert.equal(message.state, 'sent');
      assert.deepEqual(
        message.attemptList.map(({ outcome }) => outcome),
        ['retry', 'sent'],
      );
      assert.equal((await office.events('message.sent')).length, 1);
      assert.equal(office.wire.passed.filter(isSend).length, 1);
    });

    test('a request to /send that got lost: the draft is looked at twice, then sent, once', async () => {
      const office = await open();
      office.wire.break(isSend, { loseRequest: true });
      const { id } = await office.send();
      await workOff(office);
      const message = await office.message(id);
      assert.equal(message.state, 'sent');
      assert.deepEqual(
        message.attemptList.map(({ outcome }) => outcome),
        ['retry', 'retry', 'sent'],
      );
      assert.equal((await office.held(office.recipient)).length, 1);
      assert.equal(office.wire.passed.filter(isDraft).length, 1);
    });

    test('a lost answer to the making of a draft: that draft is found and sent', async () => {
      const office = await open();
      office.wire.break(isDraft, { loseAnswer: true });
      const { id } = await office.send();
      await workOff(office);
      assert.equal((await office.message(id)).state, 'sent');
      assert.equal(office.wire.passed.filter(isDraft).length, 1);
      assert.deepEqual(
        (await office.held(office.mailbox.address)).map(({ folder }) => folder),
        ['Sent Items'],
      );
      assert.equal((await office.held(office.recipient)).length, 1);
    });

    test('a draft that left Drafts and never came to Sent Items ends as uncertain, and is not sent again', async () => {
      const office = await open();
      office.wire.break(isSend, { loseAnswer: true });
      const { id } = await office.send();
      await office.work('mail.send');
      const [held] = await office.held(office.mailbox.address);
      assert.ok(held);
      office.wire.break(
        ({ path }) => path.endsWith('/mailFolders/sentitems/messages'),
        {
          answer: { status: 200, json: { value: [] } },
        },
        100,
      );
      await workOff(office);
      const message = await office.message(id);
      assert.equal(message.state, 'uncertain');
      assert.equal(office.wire.passed.filter(isSend).length, 1);
      assert.match(message.attemptList.at(-1)?.detail ?? '', /Ask the recipient before sending it again/);
      assert.equal((await office.events('message.uncertain')).length, 1);
      assert.equal((await office.held(office.recipient)).length, 1);
    });

    test('entra §2.5: Retry-After "2.5" is obeyed to the millisecond, for the whole mailbox', async () => {
      const office = await open();
      office.wire.break(isDraft, {
        answer: {
          status: 429,
          headers: { 'retry-after': '2.5' },
          json: { error: { code: 'ApplicationThrottled', message: 'Slow down.' } },
        },
      });
      const first = await office.send({ subject: 'first' });
      const { now } = office.world.clock;
      assert.deepEqual(await office.work('mail.send'), { again: 2500 });
      const [attempt] = (await office.message(first.id)).attemptList;
      assert.equal(attempt?.outcome, 'retry');
      assert.equal(attempt?.status, 429);
      assert.equal(attempt?.retryAt, new Date(now + 2500).toISOString());
      const second = await office.send({ subject: 'second' });
      const before = office.wire.passed.length;
      office.world.clock.now += 2499;
      assert.deepEqual(await office.work('mail.send'), { again: 1 });
      assert.equal(office.wire.passed.length, before, 'nothing is asked before its time');
      office.world.clock.now += 1;
      assert.equal(await office.work('mail.send'), undefined);
      assert.equal((await office.message(first.id)).state, 'sent');
      assert.equal((await office.message(second.id)).state, 'sent');
    });

    test('a server that stays unavailable is asked later each time, and the message fails after two days', async () => {
      const office = await open();
      office.wire.break(
        isDraft,
        {
          answer: { status: 503, headers: {}, json: { error: { code: 'serviceNotAvailable', message: 'Later.' } } },
        },
        1000,
      );
      const { id, at } = await office.send();
      await workOff(office, 60);
      const message = await office.message(id);
      assert.equal(message.state, 'failed');
      const waits = message.attemptList.flatMap(({ at, retryAt }) =>
        retryAt === null ? [] : [Date.parse(retryAt) - Date.parse(at)],
      );
      assert.ok(
        waits.every((wait, index) => wait >= (waits[index - 1] ?? 0)),
        `waits grow: ${waits}`,
      );
      const ended = Date.parse(message.attemptList.at(-1)?.at ?? '') - Date.parse(at);
      assert.ok(ended > 40 * hour && ended <= 48 * hour, `ended after ${ended / hour} hours`);
      const [event] = await office.events('message.failed');
      assert.match(String(event?.['detail']), /tried for two days/);
    });

    for (const [name, fits, answer] of [
      ['400 ErrorInvalidRecipients', isSend, { status: 400, code: 'ErrorInvalidRecipients' }],
      ['403 ErrorSendAsDenied', isSend, { status: 403, code: 'ErrorSendAsDenied' }],
      ['413 too large', isDraft, { status: 413, code: 'ErrorMessageSizeExceeded' }],
      ['404 MailboxNotEnabledForRESTAPI', isDraft, { status: 404, code: 'MailboxNotEnabledForRESTAPI' }],
    ] as const) {
      test(`entra §3.6: ${name} fails at once, with what to do`, async () => {
        const office = await open();
        const json = { error: { code: answer.code, message: 'No.' } };
        office.wire.break(fits, { answer: { status: answer.status, json } });
        const { id } = await office.send();
        assert.equal(await office.work('mail.send'), undefined);
        const message = await office.message(id);
        assert.equal(message.state, 'failed');
        assert.equal(message.attemptList.length, 1);
        assert.equal(message.attemptList[0]?.status, answer.status);
        assert.match(message.attemptList[0]?.detail ?? '', new RegExp(answer.code));
        const [event] = await office.events('message.failed');
        assert.equal(event?.['status'], answer.status);
      });
    }

    test('entra §3.6: 403 ErrorAccessDenied is tried again, since rights spread slowly', async () => {
      const office = await open();
      office.wire.break(
        isDraft,
        { answer: { status: 403, json: { error: { code: 'ErrorAccessDenied', message: 'No.' } } } },
        3,
      );
      const { id } = await office.send();
      await workOff(office);
      const message = await office.message(id);
      assert.equal(message.state, 'sent');
      assert.equal(message.attempts, 4);
      assert.match(message.attemptList[0]?.detail ?? '', /Microsoft caches rights up to 2 hours/);
    });

    test('with Mail.Send only it is sent by sendMail, and no draft is tried', async () => {
      const office = await open({ permissions: ['Mail.Send'] });
      const { id } = await office.send();
      assert.equal(await office.work('mail.send'), undefined);
      assert.equal((await office.message(id)).state, 'sent');
      assert.equal(office.wire.passed.filter(isDraft).length, 0);
      assert.equal((await office.held(office.recipient)).length, 1);
    });

    test('with Mail.Send only a lost answer is uncertain, shown, and not repeated', async () => {
      const office = await open({ permissions: ['Mail.Send'] });
      office.wire.break(isSendMail, { loseAnswer: true });
      const { id } = await office.send();
      assert.equal(await office.work('mail.send'), undefined);
      const message = await office.message(id);
      assert.equal(message.state, 'uncertain');
      assert.deepEqual(
        message.attemptList.map(({ outcome }) => outcome),
        ['uncertain'],
      );
      assert.match(message.attemptList[0]?.detail ?? '', /Grant Mail\.ReadWrite/);
      office.world.clock.now += 3 * hour;
      assert.equal(await office.work('mail.send'), undefined);
      assert.equal(office.wire.passed.filter(isSendMail).length, 1);
      assert.equal((await office.events('message.uncertain')).length, 1);
    });

    test('with Mail.Send only a definite refusal is tried again', async () => {
      const office = await open({ permissions: ['Mail.Send'] });
      const json = { error: { code: 'ApplicationThrottled', message: 'Slow down.' } };
      office.wire.break(isSendMail, { answer: { status: 429, headers: { 'retry-after': '1' }, json } });
      const { id } = await office.send();
      await workOff(office);
      assert.equal((await office.message(id)).state, 'sent');
      assert.equal((await office.held(office.recipient)).length, 1);
    });

    test('entra §3.3: with Exchange roles only, which no token shows, a refused draft is sent directly', async () => {
      const office = await open({ permissions: [] });
      office.wire.break(isSendMail, { answer: { status: 202 } });
      const { id } = await office.send();
      assert.equal(await office.work('mail.send'), undefined);
      assert.equal((await office.message(id)).state, 'sent');
      assert.equal(office.wire.passed.filter(isDraft).length, 1);
    });

    test('while Entra gives no token the message waits, and says why', async () => {
      const office = await open();
      const json = {
        error: 'invalid_client',
        error_description: 'AADSTS7000222: The provided client secret keys are expired. Trace ID: x',
        error_codes: [7000222],
      };
      office.world.clock.now += 2 * hour;
      office.wire.break(({ path }) => path.endsWith('/token'), { answer: { status: 401, json } }, 2);
      const { id } = await office.send();
      await office.work('mail.send');
      const waiting = await office.message(id);
      assert.equal(waiting.state, 'queued');
      assert.match(waiting.attemptList[0]?.detail ?? '', /AADSTS7000222/);
      await workOff(office);
      assert.equal((await office.message(id)).state, 'sent');
    });

    test('at most four requests about a mailbox at a time, three where it receives', async () => {
      for (const [receive, most] of [
        [false, 4],
        [true, 3],
      ] as const) {
        const office = await open({ receive });
        let now = 0;
        let highest = 0;
        const release: (() => void)[] = [];
        const gate = () =>
          new Promise<void>((resolve) => {
            highest = Math.max(highest, ++now);
            release.push(() => {
              now -= 1;
              resolve();
            });
          });
        office.wire.break(isSend, { hold: gate }, 10);
        for (let index = 0; index < 10; index++) await office.send({ subject: `number ${index}` });
        const working = office.work('mail.send');
        let opened = 0;
        while (opened < 10) {
          while (release.length < Math.min(most, 10 - opened)) await new Promise((resolve) => setTimeout(resolve, 20));
          await new Promise((resolve) => setTimeout(resolve, 100));
          for (const open of release.splice(0)) {
            opened += 1;
            open();
          }
        }
        await working;
        assert.equal(highest, most);
        assert.equal((await office.held(office.recipient)).length, 10);
      }
    });

    test('a paused connection sends nothing; what is queued stays queued, and goes when it is active again', async () => {
      const office = await open();
      const { id } = await office.send();
      await pauseConnection(office.world, byItself, office.organizationId, office.connectionId);
      assert.deepEqual(await office.work('mail.send'), { again: 5000 });
      assert.equal((await office.message(id)).state, 'queued');
      await assert.rejects(office.send(), { problem: 'wrong-state' });
      await activateConnection(office.world, byItself, office.organizationId, office.connectionId);
      assert.equal(await office.work('mail.send'), undefined);
      assert.equal((await office.message(id)).state, 'sent');
    });

    test('a mailbox that the connection does not have is wrong-state and named', async () => {
      const office = await open();
      await assert.rejects(
        office.send({ mailbox: 'nobody@contoso.example' }),
        (error: Error & { details?: unknown }) => {
          assert.deepEqual(error.details, {
            detail: 'the connection contoso has no mailbox nobody@contoso.example',
            remedy: 'add the mailbox, or name one of those it has',
            errors: [{ field: 'mailbox', detail: 'is not a mailbox of this connection' }],
          });
          return true;
        },
      );
    });

    test('messages still queued fail when their mailbox is removed', async () => {
      const office = await open();
      const { id } = await office.send();
      const { organizationId, connectionId, mailbox } = office;
      await deleteMailbox(office.world, byItself, { organizationId, connectionId, id: mailbox.id }, undefined);
      assert.equal(await office.work('mail.send'), undefined);
      assert.equal((await office.message(id)).state, 'failed');
      assert.equal((await office.held(office.recipient)).length, 0);
    });

    test('addresses of mailboxes are unique in a connection without regard to case', async () => {
      const office = await open();
      const address = office.mailbox.address.toUpperCase();
      await assert.rejects(
        createMailbox(office.world, byItself, office.organizationId, office.connectionId, {
          address,
          types: [],
          receive: false,
          pollSeconds: 60,
        }),
        { problem: 'conflict' },
      );
      const sent = await office.send({ mailbox: address });
      assert.equal(sent.mailbox, office.mailbox.id);
      assert.equal(sent.from, office.mailbox.address);
    });
  });
}
