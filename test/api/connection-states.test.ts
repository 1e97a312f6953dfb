import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connectionOfDomain, createDomain, findLive, trustDomain } from '#connections';
import { byItself, createWebhook, eventWork, sequenceSome } from '#events';
import { rawStatement, tables } from '#store';
import { dialects } from '../world.ts';
import { eventsOf } from './rest.ts';
import { addTestedConnection, openRestWithTenant, problemOf, type RestWithTenant } from './rest-with-tenant.ts';

/** What goes with an organization itself. */
const withItself = ['api_key', 'domain', 'domain_owner', 'webhook', 'webhook_delivery'];
/** Every other table that names an organization, by what its rows end with. */
const elsewhere: Readonly<Record<string, readonly string[]>> = {
  'the connection, or kept with the history of its directory': [
    ...['connection', 'connection_authority', 'domain_scope', 'secret', 'credential', 'access_token'],
    ...['assertion_trust', 'assertion_use', 'directory_settings', 'directory_admission', 'directory_count'],
    ...['directory_anchor', 'directory_brake', 'directory_departure', 'directory_demand', 'directory_contact'],
    ...['directory_cycle', 'scim_user', 'scim_deleted_user', 'scim_group', 'scim_membership', 'scim_index'],
    ...['scim_held_change', 'scim_request', 'mailbox', 'message', 'message_body', 'message_attempt'],
    ...['account_invitation', 'access_request'],
  ],
  'the account': [
    ...['account', 'account_link', 'account_event', 'session', 'product_session', 'consent'],
    ...['local_password', 'passkey', 'local_link', 'local_attempts'],
  ],
  'its time': [
    'sign_in_request',
    'sign_in_test',
    'passkey_use',
    'provider_artifact',
    'due',
    'event_pending',
    'user_name',
  ],
  'nothing: what happened stays, and ids are not used again': [
    ...['event', 'event_feed', 'event_position', 'connection_scope'],
  ],
};

for (const dialect of dialects) {
  describe(`states of a connection (${dialect})`, () => {
    let rest: RestWithTenant;
    before(async () => {
      rest = await openRestWithTenant(dialect);
    });
    after(() => rest.close());
    const act = (verb: 'activate' | 'pause' | 'rollback' | 'test', connection: string) =>
      rest.client()(`connections.${verb}`, { connection });
    const get = (connection: string) => rest.client()('connections.get', { connection });
    const update = (connection: string, body: Record<string, unknown>) =>
      rest.client()('connections.update', { connection, body });

    test('draft → tested → active → paused → active, each with its event', async () => {
      await rest.client()('connections.create', {
        organization: rest.organization,
        body: { id: 'fresh', name: 'Fresh' },
      });
      assert.equal((await problemOf(act('activate', 'fresh'))).detail, 'the draft is not tested');
      const incomplete = await problemOf(act('test', 'fresh'));
      assert.deepEqual([incomplete.status, incomplete.fields], [409, ['clientId', 'startFrom']]);
      assert.equal((await problemOf(act('pause', 'fresh'))).name, 'wrong-state');
      assert.equal((await problemOf(act('rollback', 'fresh'))).name, 'wrong-state');

      await addTestedConnection(rest, 'whole');
      const tested = await get('whole');
      assert.deepEqual([tested.state, tested.live, typeof tested.draftTestedAt], ['tested', null, 'string']);
      assert.equal(await findLive(rest.world, rest.organization, 'whole'), undefined);
      const active = await rest.client()('connections.activate', { connection: 'whole' });
      assert.deepEqual([active.state, active.draft, active.live?.tenantId], ['active', null, rest.admin.id]);
      assert.equal((await findLive(rest.world, rest.organization, 'whole'))?.settings.tenantId, rest.admin.id);
      assert.equal((await problemOf(act('activate', 'whole'))).name, 'wrong-state');
      await act('pause', 'whole');
      assert.equal(await findLive(rest.world, rest.organization, 'whole'), undefined, 'a paused one is not live');
      assert.equal((await problemOf(act('pause', 'whole'))).name, 'wrong-state');
      await act('activate', 'whole');
      assert.equal((await get('whole')).state, 'active');
      const types = (await eventsOf(rest, rest.organization)).filter(({ subject }) => subject.id === 'whole');
      assert.deepEqual(
        types.map(({ type }) => type),
        [
          'connection.created',
          'connection.tested',
          'connection.activated',
          'connection.paused',
          'connection.activated',
        ],
      );
    });

    test('the live settings stay as they are until the changed ones are tested and activated', async () => {
      await addTestedConnection(rest, 'changed');
      await act('activate', 'changed');
      const after = await update('changed', { name: 'New name', registration: 'on' });
      assert.deepEqual([after.state, after.live?.name, after.draft?.name], ['active', 'Contoso', 'New name']);
      assert.equal((await findLive(rest.world, rest.organization, 'changed'))?.settings.registration, 'off');
      assert.equal((await problemOf(act('activate', 'changed'))).detail, 'the draft is not tested');
      await act('test', 'changed');
      assert.equal((await update('changed', { name: 'Newer' })).draftTestedAt, null, 'a change asks for a new test');
      await act('test', 'changed');
      assert.equal((await get('changed')).state, 'active');
      await act('activate', 'changed');
      assert.equal((await findLive(rest.world, rest.organization, 'changed'))?.settings.registration, 'on');
      const back = await rest.client()('connections.rollback', { connection: 'changed' });
      assert.deepEqual(
        [back.live?.name, back.live?.registration, back.draft?.name, back.canRollBack],
        ['Contoso', 'off', 'Newer', false],
      );
      assert.equal((await problemOf(act('rollback', 'changed'))).name, 'wrong-state');
    });

    test('a test that fails leaves a draft, and says so in an event', async () => {
      await addTestedConnection(rest, 'failing');
      const { items } = await rest.client()('secrets.list', { connection: 'failing' });
      for (const { id } of items) await rest.client()('secrets.delete', { connection: 'failing', secret: id });
      await update('failing', { name: 'Changed' });
      const { checks } = await rest.client()('connections.test', { connection: 'failing' });
      assert.deepEqual(
        checks.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name),
        ['entra.secret'],
      );
      assert.deepEqual([(await get('failing')).state, (await get('failing')).draftTestedAt], ['draft', null]);
      const [event] = await eventsOf(rest, rest.organization, 'connection.test_failed');
      assert.equal(event?.subject.id, 'failing');
    });

    test('one domain leads to one connection; it moves with activation, not before, and is free after deletion', async () => {
      await addTestedConnection(rest, 'first', ['contoso.example', 'CONTOSO.example', ' b.example ']);
      const routed = async (domain: string) => (await connectionOfDomain(rest.world, domain))?.id;
      assert.deepEqual((await get('first')).draft?.domains, ['b.example', 'contoso.example']);
      assert.equal(await routed('contoso.example'), undefined, 'a draft routes nobody');
      await act('activate', 'first');
      assert.deepEqual([await routed('Contoso.Example'), await routed('b.example')], ['first', 'first']);

      await addTestedConnection(rest, 'second', ['b.example']);
      const conflict = await problemOf(act('activate', 'second'));
      assert.deepEqual([conflict.status, conflict.name, conflict.fields], [409, 'conflict', ['domains']]);
      assert.equal((await get('second')).state, 'tested', 'nothing of it was written');

      await update('first', { domains: ['contoso.example'] });
      await act('test', 'first');
      assert.equal(await routed('b.example'), 'first');
      await act('activate', 'first');
      await act('activate', 'second');
      assert.deepEqual([await routed('b.example'), await routed('contoso.example')], ['second', 'first']);
      await act('pause', 'second');
      await rest.client()('connections.delete', { connection: 'second' });
      assert.equal(await routed('b.example'), undefined);
    });

    test('an active connection is not deleted; a deleted one takes its secrets and tokens along', async () => {
      await addTestedConnection(rest, 'deleted');
      await rest.client()('tokens.create', { directory: 'deleted', body: {} });
      await act('activate', 'deleted');
      const refused = await problemOf(rest.client()('connections.delete', { connection: 'deleted' }));
      assert.deepEqual([refused.status, refused.remedy], [409, 'pause it first']);
      await act('pause', 'deleted');
      await rest.client()('connections.delete', { connection: 'deleted' });
      assert.equal((await problemOf(get('deleted'))).status, 404);
      for (const path of ['/connections/deleted/secrets', '/directories/deleted/tokens'])
        assert.equal((await rest.ask('GET', path, { key: await rest.issueKey() })).status, 404);
    });

    test('the id of a connection is never used again, in no organization', async () => {
      const elsewhere = await rest.client()('organizations.create', { body: { name: 'Elsewhere' } });
      const create = (organization: string) =>
        rest.client()('connections.create', { organization, body: { id: 'only-once', name: 'x' } });
      await create(rest.organization);
      const taken = await problemOf(create(elsewhere.id));
      assert.deepEqual([taken.status, taken.name, taken.fields], [409, 'conflict', ['id']]);
      await rest.client()('connections.delete', { connection: 'only-once' });
      assert.equal((await problemOf(create(rest.organization))).status, 409);
      assert.equal((await problemOf(create(elsewhere.id))).status, 409);
      assert.equal(
        (await rest.client()('connections.list', { query: { organization: elsewhere.id } })).items.length,
        0,
      );
    });

    test('an organization with a connection is not deleted', async () => {
      const { id: organization } = await rest.client()('organizations.create', { body: { name: 'Leaving' } });
      await rest.client()('connections.create', { organization, body: { id: 'last-one', name: 'x' } });
      const refused = await problemOf(rest.client()('organizations.delete', { organization }));
      assert.deepEqual([refused.status, refused.name], [409, 'wrong-state']);
      await rest.client()('connections.delete', { connection: 'last-one' });
      await rest.client()('organizations.delete', { organization });
      assert.equal((await problemOf(rest.client()('organizations.get', { organization }))).status, 404);
    });

    test('a deleted organization leaves no webhook, domain or API key; of every other table it is known what its rows end with', async () => {
      const call = rest.client();
      const { id: organization } = await call('organizations.create', { body: { name: 'Tidy' } });
      await createWebhook(rest.world, byItself, organization, { url: 'https://hooks.example/', types: ['*'] });
      await createDomain(rest.world, byItself, organization, { domain: 'tidy.example' });
      await trustDomain(rest.world, byItself, organization, 'tidy.example', true);
      await call('keys.create', { body: { name: 'Narrow', rights: ['accounts:read'], organization } });
      const left = async () => {
        const found = await Promise.all(
          withItself.map((name) =>
            rest.world.store.read(
              rawStatement(`select organization_id from ${name} where organization_id = '${organization}'`),
              {},
            ),
          ),
        );
        return withItself.filter((_, index) => (found[index] ?? []).length > 0);
      };
      assert.deepEqual(await left(), ['api_key', 'domain', 'domain_owner', 'webhook']);
      await call('organizations.delete', { organization });
      assert.deepEqual(await left(), ['webhook'], 'it has to be told first');
      const forget = { kind: 'webhooks.forget', organizationId: organization, subject: '', attempts: 1 };
      assert.deepEqual(await eventWork['webhooks.forget']?.(rest.world, forget), { retryIn: 2000 });
      while ((await sequenceSome(rest.world)) > 0);
      assert.equal(await eventWork['webhooks.forget']?.(rest.world, forget), undefined);
      assert.deepEqual(await left(), []);
      const scoped = Object.entries(tables).flatMap(([name, { columns }]) =>
        'organization_id' in columns ? name : [],
      );
      const known = [...withItself, ...Object.values(elsewhere).flat()];
      assert.deepEqual(scoped.toSorted(), known.toSorted(), 'a new table has to say with what its rows go');
    });
  });
}
