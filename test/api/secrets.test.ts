import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { appTokenFor, clientProofsOf, getConnection } from '#connections';
import { type ConnectionSettings, firstSettings } from '#contract';
import { createSealer, rawStatement } from '#store';
import { dialects } from '../world.ts';
import { eventsOf } from './rest.ts';
import {
  addTestedConnection,
  openRestWithTenant,
  problemOf,
  type RestWithTenant,
  registerApp,
} from './rest-with-tenant.ts';

for (const dialect of dialects) {
  describe(`client secrets (${dialect})`, () => {
    let rest: RestWithTenant;
    before(async () => {
      rest = await openRestWithTenant(dialect);
    });
    after(() => rest.close());
    const call: RestWithTenant['client'] = (key) => rest.client(key);
    const add = async (id: string) => {
      const app = await registerApp(rest, {}, id);
      await call()('connections.create', {
        organization: rest.organization,
        body: { id, name: 'Contoso', startFrom: rest.admin.domain, clientId: app.appId },
      });
      return app;
    };
    const set = (connection: string, value: string, more: { name?: string; expiresAt?: string } = {}) =>
      call()('secrets.set', { connection, body: { value, ...more } });
    const presented = async (organizationId: string, id: string) => {
      const settings = { ...firstSettings, name: 'Contoso', cloud: 'simulated' as const };
      return (await clientProofsOf(rest.world, { organizationId, id, settings }))[0];
    };
    const states = async (connection: string) =>
      (await call()('secrets.list', { connection })).items.map(({ state }) => state);

    test('waiting → current → previous, each switch proven by a token; the one in use is not removed', async () => {
      const app = await add('rotating');
      const first = await set('rotating', app.secret.secretText);
      assert.deepEqual([first.state, first.provenAt, first.hint], ['waiting', null, app.secret.secretText.slice(0, 3)]);
      const current = await call()('secrets.rotate', { connection: 'rotating', secret: first.id });
      assert.equal(current.state, 'current');
      assert.ok(Date.now() - Date.parse(current.provenAt ?? '') < 60_000);
      await call()('connections.test', { connection: 'rotating' });
      await call()('connections.activate', { connection: 'rotating' });
      const inUse = await problemOf(call()('secrets.delete', { connection: 'rotating', secret: first.id }));
      assert.deepEqual([inUse.status, inUse.name], [409, 'wrong-state']);
      const made = await rest.admin.addSecret(app.appId, {
        displayName: 'second',
        endDateTime: new Date(Date.now() + 86_400_000).toISOString(),
      });
      const second = await set('rotating', made.secretText);
      assert.deepEqual(await states('rotating'), ['current', 'waiting']);
      assert.equal((await presented(rest.organization, 'rotating'))?.id, first.id);
      await call()('secrets.rotate', { connection: 'rotating', secret: second.id });
      assert.deepEqual(await states('rotating'), ['previous', 'current']);
      assert.equal((await presented(rest.organization, 'rotating'))?.id, second.id);
      await call()('secrets.delete', { connection: 'rotating', secret: first.id });
      assert.deepEqual(await states('rotating'), ['current']);
      const events = (await eventsOf(rest, rest.organization)).filter(({ subject }) => subject.type === 'secret');
      assert.deepEqual(
        events.map(({ type }) => type),
        ['secret.set', 'secret.activated', 'secret.set', 'secret.activated', 'secret.removed'],
      );
    });

    test('a secret that Entra refuses changes nothing, is explained, and is an event', async () => {
      await add('refused');
      const wrong = await set('refused', 'abc8Q~0123456789abcdefghijklmnopqrstuvwx');
      const problem = await problemOf(call()('secrets.rotate', { connection: 'refused', secret: wrong.id }));
      assert.deepEqual([problem.status, problem.name, problem['aadsts']], [422, 'refused-by-entra', 'AADSTS7000215']);
      assert.ok(problem.remedy);
      assert.match(String(problem['correlationId']), /^[0-9a-f-]{36}$/);
      assert.deepEqual(await states('refused'), ['waiting']);
      const [event] = await eventsOf(rest, rest.organization, 'secret.refused');
      assert.deepEqual(
        [event?.subject.id, event?.data['aadsts'], event?.data['connection']],
        [wrong.id, 7000215, 'refused'],
      );
    });

    test('without tenant or client id a secret waits: it cannot be proven yet', async () => {
      await call()('connections.create', { organization: rest.organization, body: { id: 'bare', name: 'Bare' } });
      const secret = await set('bare', 'abc8Q~0123456789abcdefghijklmnopqrstuvwx');
      const problem = await problemOf(call()('secrets.rotate', { connection: 'bare', secret: secret.id }));
      assert.deepEqual([problem.status, problem.name], [409, 'wrong-state']);
    });

    test('a paste error is named as what it is, and never repeated', async () => {
      await add('pasted');
      const cases: [value: string, says: RegExp][] = [
        ['6f0a3c1e-5b2d-4c8e-9f7a-1d2e3f4a5b6c', /this is the Secret ID/],
        ['abc***************', /masked value/],
        ['https://contoso.example/abcdefgh', /this is a URL/],
        ['eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.', /this is a token/],
        ['short', /has 16 to 64 characters, this has 5/],
        ['abc8Q~0123456789 abcdefghijklmnopq', /blanks inside/],
        ['\u200b', /nothing here/],
      ];
      for (const [value, says] of cases) {
        const problem = await problemOf(set('pasted', value));
        assert.deepEqual([problem.status, problem.fields], [400, ['value']], value);
        assert.match(problem.detail ?? '', says);
        assert.ok(value.length < 6 || !JSON.stringify(problem).includes(value));
      }
      assert.deepEqual(await states('pasted'), []);
    });

    test('a secret that is over already is refused; one without an end has no days left', async () => {
      await add('ending');
      const value = 'abc8Q~0123456789abcdefghijklmnopqrstuvwx';
      const over = await problemOf(set('ending', value, { expiresAt: '2020-01-01T00:00:00Z' }));
      assert.deepEqual([over.status, over.fields], [400, ['expiresAt']]);
      const endless = await set('ending', value);
      assert.deepEqual([endless.expiresAt, endless.daysLeft], [null, null]);
      const soon = await set('ending', value, { expiresAt: new Date(Date.now() + 3.5 * 86_400_000).toISOString() });
      assert.equal(soon.daysLeft, 3);
    });

    test('another connection, of the same organization or of another, reaches none of it', async () => {
      const app = await add('mine');
      await add('neighbour');
      const other = await call()('organizations.create', { body: { name: 'Other' } });
      await call()('connections.create', { organization: other.id, body: { id: 'stranger', name: 'x' } });
      const secret = await set('mine', app.secret.secretText);
      for (const connection of ['neighbour', 'stranger']) {
        assert.deepEqual(await states(connection), []);
        const reach = { connection, secret: secret.id };
        assert.equal((await problemOf(call()('secrets.rotate', reach))).status, 404);
        assert.equal((await problemOf(call()('secrets.delete', reach))).status, 404);
        assert.equal(await presented(other.id, connection), undefined);
      }
      assert.deepEqual(await states('mine'), ['waiting']);
    });

    test('the stored value is sealed to its organization and its id', async () => {
      await addTestedConnection(rest, 'sealed');
      const [row] = await rest.world.store.read(
        rawStatement("select * from secret where connection_id = 'sealed'"),
        {},
      );
      const place = { table: 'secret', organizationId: rest.organization, id: String(row?.['id']), column: 'value' };
      const sealer = createSealer(rest.world.config.sealingKeys ?? []);
      assert.match(sealer.open(String(row?.['value']), place), /^[\w~.-]{16,64}$/);
      for (const part of Object.keys(place))
        assert.throws(() => sealer.open(String(row?.['value']), { ...place, [part]: 'other' }), part);
    });

    test('a token for Graph comes by the secret in use', async () => {
      await addTestedConnection(rest, 'graph');
      const connection = await getConnection(rest.world, rest.organization, 'graph');
      const settings = connection.draft;
      assert.ok(settings);
      const token = await appTokenFor(rest.world, { organizationId: rest.organization, id: 'graph', settings });
      const claims = JSON.parse(Buffer.from(token.accessToken.split('.')[1] ?? '', 'base64url').toString());
      assert.deepEqual([claims.tid, claims.roles.toSorted()], [rest.admin.id, ['Mail.ReadWrite', 'Mail.Send']]);
    });

    test('attack: a connection that is turned to a provider of the attacker’s own does not present the secret of the one before', async () => {
      const app = await add('turned');
      const { id } = await set('turned', app.secret.secretText);
      const to = (metadataUrl: string) => ({ ...firstSettings, name: 'x', provider: 'openid' as const, metadataUrl });
      const presentedTo = async (settings: ConnectionSettings) =>
        (await clientProofsOf(rest.world, { organizationId: rest.organization, id: 'turned', settings })).map(
          (it) => it.id,
        );
      assert.deepEqual(await presentedTo(to('https://evil.example/.well-known/openid-configuration')), []);
      assert.deepEqual(await presentedTo({ ...firstSettings, name: 'x', cloud: 'usgov' }), []);
      assert.deepEqual(await presentedTo({ ...firstSettings, name: 'x', cloud: 'simulated' }), [id]);
      await call()('connections.update', { connection: 'turned', body: { cloud: 'usgov' } });
      const refused = await problemOf(call()('secrets.rotate', { connection: 'turned', secret: id }));
      assert.deepEqual([refused.status, refused.name], [409, 'wrong-state']);
      assert.match(refused.detail ?? '', /entrusted for Microsoft Entra ID, simulated/);
    });
  });
}
