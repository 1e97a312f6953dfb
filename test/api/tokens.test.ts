import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { verifyToken } from '#connections';
import { dialects } from '../world.ts';
import { addTwoCustomers, eventsOf, openRest, type Rest, type TwoCustomers } from './rest.ts';
import { problemOf } from './rest-with-tenant.ts';

const day = 86_400_000;

for (const dialect of dialects) {
  describe(`SCIM tokens (${dialect})`, () => {
    let rest: Rest;
    let customers: TwoCustomers;
    const start = Date.UTC(2027, 0, 1);
    before(async () => {
      rest = await openRest(dialect, { now: start });
      customers = await addTwoCustomers(rest);
    });
    after(() => rest.close());
    const issue = (body: { name?: string; expiresAt?: string } = {}) =>
      rest.client()('tokens.create', { directory: customers.ours.directory, body });
    const verify = (text: string, where = customers.ours) =>
      verifyToken(rest.world, where.organization, where.directory, text);

    test('it opens its own directory and no other, of its organization or of another', async () => {
      const { value, id, name } = await issue({ name: 'Entra' });
      assert.match(value, /^pt_scim_[0-9a-f]{24}_[\w-]{43}$/);
      assert.deepEqual(await verify(value), { ok: true, id, name });
      await rest.client()('connections.create', {
        organization: customers.ours.organization,
        body: { id: 'neighbour', name: 'x' },
      });
      const elsewhere = [
        customers.theirs,
        { ...customers.ours, directory: 'neighbour' },
        { ...customers.ours, organization: customers.theirs.organization },
      ];
      for (const where of elsewhere)
        assert.deepEqual(await verify(value, where), { ok: false, why: 'it is not a token of this directory' });
    });

    test('another secret under its id, another kind, or anything else opens nothing', async () => {
      const { value } = await issue();
      const changed = value.slice(0, -1) + (value.endsWith('A') ? 'B' : 'A');
      for (const text of [changed, value.replace('pt_scim_', 'pt_key_'), value.slice(0, -1), `${value}A`, '', 'x'])
        assert.equal((await verify(text)).ok, false, text);
    });

    test('it lives a year unless told, ten years at most, and ends in the future', async () => {
      assert.equal(Date.parse((await issue()).expiresAt), start + 365 * day);
      await issue({ expiresAt: new Date(start + 3652 * day).toISOString() });
      for (const end of [start, start - 1, start + 3660 * day]) {
        const problem = await problemOf(issue({ expiresAt: new Date(end).toISOString() }));
        assert.deepEqual([problem.status, problem.fields], [400, ['expiresAt']]);
      }
    });

    test('it opens until its end and not at its end, and says so', async () => {
      const end = start + 10 * day;
      const { value } = await issue({ name: 'short', expiresAt: new Date(end).toISOString() });
      rest.world.clock.now = end - 1;
      assert.equal((await verify(value)).ok, true);
      rest.world.clock.now = end;
      assert.deepEqual(await verify(value), { ok: false, why: 'the token short ended on 2027-01-11T00:00:00.000Z' });
      rest.world.clock.now = start;
    });

    test('several are valid at once; a revoked one opens nothing from that moment on, once and for all', async () => {
      const [old, next] = [await issue({ name: 'old' }), await issue({ name: 'next' })];
      assert.deepEqual([(await verify(old.value)).ok, (await verify(next.value)).ok], [true, true]);
      const revoke = (directory: string) => rest.client()('tokens.revoke', { directory, token: old.id });
      assert.equal((await problemOf(revoke(customers.theirs.directory))).status, 404);
      assert.equal((await verify(old.value)).ok, true);
      await revoke(customers.ours.directory);
      assert.deepEqual(await verify(old.value), {
        ok: false,
        why: 'the token old was revoked on 2027-01-01T00:00:00.000Z',
      });
      assert.equal((await verify(next.value)).ok, true);
      assert.equal((await problemOf(revoke(customers.ours.directory))).status, 404);
      const { items } = await rest.client()('tokens.list', { directory: customers.ours.directory });
      assert.equal(items.find(({ id }) => id === old.id)?.revokedAt, '2027-01-01T00:00:00.000Z');
      const events = (await eventsOf(rest, customers.ours.organization, 'token.revoked')).map((it) => it.subject.id);
      assert.deepEqual(events, [old.id]);
    });

    test('the last use is seen, written once a minute at most', async () => {
      const { value, id } = await issue();
      const lastUse = async () =>
        (await rest.client()('tokens.list', { directory: customers.ours.directory })).items.find((it) => it.id === id)
          ?.lastUsedAt;
      assert.equal(await lastUse(), null);
      await verify(value);
      assert.equal(await lastUse(), '2027-01-01T00:00:00.000Z');
      rest.world.clock.now = start + 60_000;
      await verify(value);
      assert.equal(await lastUse(), '2027-01-01T00:00:00.000Z');
      rest.world.clock.now = start + 60_001;
      await verify(value);
      assert.equal(await lastUse(), '2027-01-01T00:01:00.001Z');
    });
  });
}
