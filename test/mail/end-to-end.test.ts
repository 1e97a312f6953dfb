import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionWork } from '#connections';
import { byItself, createWebhook, eventWork, startSequencer } from '#events';
import { changeMailbox, createMailbox, pageOfMessages, receiveNew, sendQueued } from '#mail';
import { startWorker } from '#store';
import { until } from '../until.ts';
import { dialects } from '../world.ts';
import { openPostOffice, type PostOffice } from './post-office.ts';
import { isSend } from './wire.ts';

interface Delivered {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}

/** A receiver of webhooks that refuses the first `refusals` deliveries. */
async function openReceiver(refusals: number) {
  const got: Delivered[] = [];
  let left = refusals;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const header = (name: string) => String(request.headers[name] ?? '');
    got.push({
      id: header('webhook-id'),
      timestamp: header('webhook-timestamp'),
      signature: header('webhook-signature'),
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(left-- > 0 ? 503 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, got, close: () => new Promise((resolve) => server.close(resolve)) };
}

/** Two machines on one database: each with a worker, one with the sequencer. */
function startMachines(office: PostOffice) {
  const handlers = { ...connectionWork, ...eventWork, 'mail.send': sendQueued, 'mail.receive': receiveNew };
  const workers = ['one', 'two'].map((owner) => startWorker(office.world, handlers, owner));
  const sequencer = startSequencer(office.world);
  return async () => {
    await Promise.all([...workers.map((worker) => worker.stop()), sequencer.stop()]);
  };
}

for (const dialect of dialects) {
  describe(`mail end to end (${dialect})`, () => {
    test('E8: an arriving message comes to a webhook, signed by Standard Webhooks, with the same id on every attempt', async () => {
      const office = await openPostOffice(dialect, { receive: true });
      const receiver = await openReceiver(1);
      const { secret } = await createWebhook(office.world, byItself, office.organizationId, {
        url: receiver.url,
        types: ['message.received'],
      });
      await office.deliver({ subject: 'Order 17', text: 'please' });
      const stop = startMachines(office);
      try {
        await until('both calls came', () => receiver.got.length === 2);
        const [first, second] = receiver.got;
        assert.ok(first && second);
        assert.equal(first.id, second.id);
        assert.equal(first.body, second.body);
        for (const { id, timestamp, signature, body } of receiver.got) {
          const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64');
          const mac = createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64');
          assert.equal(signature, `v1,${mac}`);
        }
        const { type, data } = JSON.parse(second.body);
        assert.equal(type, 'message.received');
        assert.equal(data.id, second.id);
        const { items } = await pageOfMessages(office.world, office.organizationId, office.connectionId, {
          direction: 'in',
          limit: 10,
        });
        assert.equal(items.length, 1);
        assert.equal(data.data.message, items[0]?.id);
        assert.equal(data.data.subject, 'Order 17');
        assert.deepEqual(data.data.types, ['support']);
        await sleep(500);
        assert.equal(receiver.got.length, 2);
      } finally {
        await stop();
        await receiver.close();
        await office.close();
      }
    });

    test('two machines send 60 messages of three mailboxes, each once', async () => {
      const office = await openPostOffice(dialect);
      const people = office.entra.tenants[0]?.users.flatMap(({ mail }) => mail ?? []) ?? [];
      const mailboxes = [office.mailbox.address];
      for (const address of people.slice(3, 5)) {
        await createMailbox(office.world, byItself, office.organizationId, office.connectionId, {
          address,
          types: [],
          receive: false,
          pollSeconds: 60,
        });
        mailboxes.push(address);
      }
      office.wire.break(isSend, { hold: () => sleep(30) }, 100);
      const stop = startMachines(office);
      try {
        const subjects = Array.from({ length: 60 }, (_, index) => `number ${index}`);
        await Promise.all(
          subjects.map((subject, index) => office.send({ subject, mailbox: mailboxes[index % 3] ?? '' })),
        );
        await until('60 mails arrived', async () => (await office.held(office.recipient)).length >= 60, 30_000);
        await sleep(500);
        const held = (await office.held(office.recipient)).map(({ subject }) => subject);
        assert.deepEqual(held.sort(), subjects.sort());
        assert.equal((await office.events('message.sent')).length, 60);
      } finally {
        await stop();
        await office.close();
      }
    });

    test('a mailbox is polled at its interval, and a changed interval counts at once', async () => {
      const office = await openPostOffice(dialect, { receive: true });
      const stop = startMachines(office);
      const { organizationId, connectionId, mailbox, world } = office;
      const polls = () => office.wire.passed.filter(({ path }) => path.endsWith('/messages/delta')).length;
      try {
        await until('it polls', () => polls() === 1);
        await sleep(700);
        assert.equal(polls(), 1);
        const place = { organizationId, connectionId, id: mailbox.id };
        await changeMailbox(world, byItself, place, { pollSeconds: 1 }, undefined);
        await until('it polls again', () => polls() >= 3);
      } finally {
        await stop();
        await office.close();
      }
    });
  });
}
