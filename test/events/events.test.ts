import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createOrganization, deleteOrganization } from '#connections';
import {
  byItself,
  createWebhook,
  eventWork,
  getWebhook,
  listEvents,
  pageOfDeliveries,
  record,
  sequenceSome,
  startSequencer,
} from '#events';
import { startWorker } from '#store';
import { until } from '../until.ts';
import { dialects, openTestWorld, type TestWorld } from '../world.ts';

const organizationId = 'org';
const happen = (world: TestWorld, name: string, organization = organizationId) =>
  world.store.write((tx) =>
    record(world, tx, byItself, {
      organizationId: organization,
      type: 'organization.updated',
      subject: { type: 'organization', id: 'x', name },
    }),
  );
const sequenceAll = async (world: TestWorld) => {
  while ((await sequenceSome(world)) > 0);
};

for (const dialect of dialects) {
  describe(`events (${dialect})`, () => {
    let world: TestWorld;
    before(async () => {
      world = await openTestWorld(dialect, { settings: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
    });
    after(() => world.close());

    test('a feed read while 200 events are written skips none and repeats none', async () => {
      const sequencers = [startSequencer(world), startSequencer(world)];
      const seen: string[] = [];
      let cursor: string | undefined;
      let writing = true;
      const reading = (async () => {
        for (let quiet = 0; quiet < 5; ) {
          const page = await listEvents(world, organizationId, { order: 'oldest', cursor, limit: 7 });
          seen.push(...page.items.map((event) => event.subject.name ?? ''));
          cursor = page.nextCursor;
          if (page.items.length === 0) {
            if (!writing) quiet++;
            await new Promise((resolve) => setTimeout(resolve, 60));
          }
        }
      })();
      await Promise.all(Array.from({ length: 200 }, (_, index) => happen(world, `e${index}`)));
      writing = false;
      await reading;
      await Promise.all(sequencers.map((sequencer) => sequencer.stop()));
      assert.equal(seen.length, 200);
      assert.equal(new Set(seen).size, 200);
    });

    test('positions grow by one in an organization, whatever another one does', async () => {
      await Promise.all([happen(world, 'a', 'other-1'), happen(world, 'b', 'other-2'), happen(world, 'c', 'other-1')]);
      await sequenceAll(world);
      const positions = async (id: string) =>
        (await listEvents(world, id, { order: 'oldest', limit: 10 })).items.map((event) => event.position);
      assert.deepEqual(await positions('other-1'), [1, 2]);
      assert.deepEqual(await positions('other-2'), [1]);
    });

    test('newest first comes in pages to the end', async () => {
      for (let index = 0; index < 5; index++) await happen(world, `n${index}`, 'paged');
      await sequenceAll(world);
      const first = await listEvents(world, 'paged', { order: 'newest', limit: 3 });
      const second = await listEvents(world, 'paged', { order: 'newest', limit: 3, cursor: first.nextCursor });
      assert.deepEqual(
        [first, second].map((page) => page.items.map((event) => event.subject.name)),
        [
          ['n4', 'n3', 'n2'],
          ['n1', 'n0'],
        ],
      );
      assert.equal(second.nextCursor, undefined);
    });

    test('nothing is recorded where the change does not commit', async () => {
      const failing = world.store.write(async (tx) => {
        await record(world, tx, byItself, {
          organizationId: 'undone',
          type: 'organization.updated',
          subject: { type: 'organization', id: 'x' },
        });
        throw new Error('on purpose');
      });
      await assert.rejects(failing, /on purpose/);
      await sequenceAll(world);
      assert.deepEqual((await listEvents(world, 'undone', { order: 'oldest', limit: 10 })).items, []);
    });

    test('Standard Webhooks: signed over id, timestamp and body; repeated with the same id until it is taken', async () => {
      const got: { id: string; good: boolean; body: string }[] = [];
      let secret = '';
      const receiver = createServer(async (request, response) => {
        const body = Buffer.concat(await request.toArray()).toString();
        const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
        const expected = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
          .update(`${id}.${at}.${body}`)
          .digest('base64');
        got.push({ id: String(id), good: signature === `v1,${expected}`, body });
        response.writeHead(got.length === 1 ? 503 : 204).end();
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      const webhook = await createWebhook(world, byItself, 'hooked', { url, types: ['organization.updated'] });
      secret = webhook.secret;
      const eventId = await happen(world, 'told', 'hooked');
      await sequenceAll(world);
      const worker = startWorker(world, eventWork, `worker-${dialect}`);
      await until('two calls came', () => got.length >= 2);
      await until(
        'the delivery is noted',
        async () => (await pageOfDeliveries(world, 'hooked', webhook.id, { limit: 5 })).items[0]?.state === 'delivered',
      );
      await worker.stop();
      receiver.close();
      assert.deepEqual(
        got.map(({ id, good }) => [id, good]),
        [
          [eventId, true],
          [eventId, true],
        ],
      );
      const body = JSON.parse(got[0]?.body ?? '');
      assert.equal(body.type, 'organization.updated');
      assert.equal(body.data.subject.name, 'told');
      const [delivery] = (await pageOfDeliveries(world, 'hooked', webhook.id, { limit: 5 })).items;
      assert.deepEqual([delivery?.attempts, delivery?.lastStatus], [2, 204]);
    });

    test('the webhook of a deleted organization is told that it is gone, and what it had not taken before, and then goes', async () => {
      const got: string[] = [];
      const receiver = createServer(async (request, response) => {
        got.push(JSON.parse(Buffer.concat(await request.toArray()).toString()).type);
        response.writeHead(got.length === 1 ? 503 : 204).end();
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
      const { id } = await createOrganization(world, byItself, { name: 'Leaving' });
      const webhook = await createWebhook(world, byItself, id, {
        url,
        types: ['webhook.created', 'organization.deleted'],
      });
      await deleteOrganization(world, byItself, id);
      const worker = startWorker(world, eventWork, `forgetting-${dialect}`);
      await sequenceAll(world);
      await until('the webhook is gone', async () => (await getWebhook(world, id, webhook.id)) === undefined);
      await worker.stop();
      receiver.close();
      assert.deepEqual(got.toSorted(), ['organization.deleted', 'webhook.created', got[0]].toSorted());
      assert.deepEqual((await pageOfDeliveries(world, id, webhook.id, { limit: 5 })).items, []);
    });
  });
}
