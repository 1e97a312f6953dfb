import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connectionWork } from '#connections';
import type { EventType } from '#contract';
import { sequenceSome } from '#events';
import { announceSecrets } from '#signin';
import { statement } from '#store';
import { dialects } from '../world.ts';
import { eventsOf, openRest, type Rest } from './rest.ts';

const day = 86_400_000;
const redirectUris = ['https://fabulous.example/cb'];
const dueOfClients = statement('test.dueOfClients', (db) =>
  db.selectFrom('due').select('subject').where('kind', '=', 'signin.clientSecrets'),
);
const value = 'abc8Q~0123456789abcdefghijklmnopqrstuvwx';

for (const dialect of dialects) {
  describe(`what ends is announced (${dialect})`, () => {
    let rest: Rest;
    let organization: string;
    const start = Date.UTC(2027, 0, 1);
    before(async () => {
      rest = await openRest(dialect, { now: start });
      organization = (await rest.client()('organizations.create', { body: { name: 'Contoso' } })).id;
      for (const id of ['secrets', 'tokens', 'client-secrets', 'quiet', 'late'])
        await rest.client()('connections.create', { organization, body: { id, name: id } });
    });
    after(() => rest.close());

    /** What the clock does: the due work of the room, once for a connection. */
    const look = (connection: string) =>
      connectionWork['connections.expiry']?.(rest.world, {
        kind: 'connections.expiry',
        organizationId: organization,
        subject: connection,
        attempts: 1,
      });
    /** Events of the deployment, of these types, oldest first. */
    const ofDeployment = async (...types: EventType[]) => {
      while ((await sequenceSome(rest.world)) > 0);
      const { items } = await rest.client()('events.deployment', { query: { limit: 1000, order: 'oldest' } });
      return items.filter(({ type }) => types.includes(type));
    };
    const announced = async (connection: string, types: readonly EventType[]) =>
      (await eventsOf(rest, organization))
        .filter(({ type, data }) => types.includes(type) && data['connection'] === connection)
        .map(({ type, data }) => [type, data['daysLeft']]);

    for (const kind of ['secret', 'token', 'client_secret'] as const) {
      test(`a ${kind}: at 90, 60, 30, 14, 7 and 1 days and at its end, once each, whatever else happens`, async () => {
        rest.world.clock.now = start;
        const connection = `${kind}s`.replace('_', '-');
        // A client secret lives a year at least.
        const end = start + (kind === 'client_secret' ? 370 : 100) * day;
        const expiresAt = new Date(end).toISOString();
        const made = await {
          secret: () => rest.client()('secrets.set', { connection, body: { value, expiresAt } }),
          token: () => rest.client()('tokens.create', { directory: connection, body: { expiresAt } }),
          client_secret: () => rest.client()('clientSecrets.create', { directory: connection, body: { expiresAt } }),
        }[kind]();
        const types: EventType[] = [`${kind}.expiring`, `${kind}.expired`];
        for (let hours = -100 * 24; hours <= 2 * 24; hours += 12) {
          rest.world.clock.now = end + hours * 3_600_000;
          assert.deepEqual(await look(connection), { again: 3_600_000 }, 'it looks again within the hour');
        }
        rest.world.clock.now = start;
        assert.deepEqual(await announced(connection, types), [
          [types[0], 90],
          [types[0], 60],
          [types[0], 30],
          [types[0], 14],
          [types[0], 7],
          [types[0], 1],
          [types[1], -1],
        ]);
        const events = (await eventsOf(rest, organization)).filter(({ type }) => types.includes(type));
        for (const { subject, data, actor } of events)
          assert.deepEqual([subject.id, data['expiresAt'], actor.type], [made.id, expiresAt, 'portico']);
      });
    }

    test('a secret of a product: at the same days and at its end, once each, while another one lasts', async () => {
      rest.world.clock.now = start;
      const made = await rest.client()('clients.create', { body: { name: 'Fabulous', kind: 'web', redirectUris } });
      const expiresAt = new Date(start + 100 * day).toISOString();
      const { id } = await rest.client()('clients.addSecret', { client: made.id, body: { expiresAt } });
      const [first] = made.secrets;
      assert.ok(first);
      const look = () =>
        announceSecrets(rest.world, {
          kind: 'signin.clientSecrets',
          organizationId: '',
          subject: made.id,
          attempts: 1,
        });
      const get = () => rest.client()('clients.get', { client: made.id });
      assert.equal((await get()).nextExpiry?.id, id);
      for (let hours = 0; hours <= 102 * 24; hours += 12) {
        rest.world.clock.now = start + hours * 3_600_000;
        assert.deepEqual(await look(), { again: 3_600_000 }, 'the other one is watched on');
      }
      const { version, updatedAt, nextExpiry } = await get();
      assert.deepEqual([version, updatedAt], [2, new Date(start).toISOString()], 'to be announced changes no client');
      assert.equal(nextExpiry?.id, first.id, 'one that is over is not what ends next');
      await rest.client()('clients.removeSecret', { client: made.id, productSecret: first.id });
      assert.equal(await look(), undefined, 'nothing is left to watch');
      assert.deepEqual([(await get()).nextExpiry?.id, (await get()).nextExpiry?.daysLeft], [id, -2]);
      rest.world.clock.now = start;
      const told = await ofDeployment('client.secret_expiring', 'client.secret_expired');
      assert.deepEqual(
        told.map(({ type, data }) => [type, data['daysLeft']]),
        [...[90, 60, 30, 14, 7, 1].map((days) => ['client.secret_expiring', days]), ['client.secret_expired', -1]],
      );
      for (const { subject, data, actor } of told) {
        assert.deepEqual([subject, actor.type], [{ type: 'client', id: made.id, name: 'Fabulous' }, 'portico']);
        assert.deepEqual([data['secret'], data['expiresAt']], [id, expiresAt]);
      }
    });

    test('a product is watched from its first secret on, and no more once it is gone', async () => {
      rest.world.clock.now = start;
      const due = async () => (await rest.world.store.read(dueOfClients, {})).map(({ subject }) => subject);
      const made = await rest.client()('clients.create', { body: { name: 'Watched', kind: 'web', redirectUris } });
      assert.ok((await due()).includes(made.id));
      const body = { name: 'Quiet', kind: 'spa' as const, redirectUris };
      const quiet = await rest.client()('clients.create', { body });
      assert.ok(!(await due()).includes(quiet.id), 'it has no secret');
      assert.equal(quiet.nextExpiry, null);
      await rest.client()('clients.delete', { client: made.id });
      const work = { kind: 'signin.clientSecrets', organizationId: '', subject: made.id, attempts: 1 };
      assert.equal(await announceSecrets(rest.world, work), undefined);
    });

    test('one that is first seen late is announced once, at the nearest of the days', async () => {
      rest.world.clock.now = start;
      const expiresAt = new Date(start + 5.5 * day).toISOString();
      await rest.client()('secrets.set', { connection: 'late', body: { value, expiresAt } });
      await look('late');
      await look('late');
      assert.deepEqual(await announced('late', ['secret.expiring']), [['secret.expiring', 5]]);
    });

    test('a revoked token and a secret without an end are quiet, and nothing left to watch is watched no more', async () => {
      rest.world.clock.now = start;
      assert.equal(await look('quiet'), undefined);
      await rest.client()('secrets.set', { connection: 'quiet', body: { value } });
      const token = await rest.client()('tokens.create', {
        directory: 'quiet',
        body: { expiresAt: new Date(start + 5 * day).toISOString() },
      });
      await rest.client()('tokens.revoke', { directory: 'quiet', token: token.id });
      assert.equal(await look('quiet'), undefined);
      assert.deepEqual(await announced('quiet', ['secret.expiring', 'token.expiring']), []);
    });

    test('a connection tells what of it ends first', async () => {
      rest.world.clock.now = start;
      await rest.client()('connections.create', { organization, body: { id: 'soonest', name: 'x' } });
      const next = async () => (await rest.client()('connections.get', { connection: 'soonest' })).nextExpiry;
      assert.equal(await next(), null);
      await rest.client()('tokens.create', { directory: 'soonest', body: {} });
      assert.deepEqual([(await next())?.kind, (await next())?.daysLeft], ['token', 365]);
      const expiresAt = new Date(start + 10 * day).toISOString();
      const { id } = await rest.client()('secrets.set', {
        connection: 'soonest',
        body: { value, name: 's', expiresAt },
      });
      assert.deepEqual(await next(), { kind: 'secret', id, name: 's', expiresAt, daysLeft: 10 });
    });
  });
}
