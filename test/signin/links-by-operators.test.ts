import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createConnection, createOrganization, pauseConnection } from '#connections';
import { allRights } from '#contract';
import { byItself } from '#events';
import { createLocalAccount } from '#signin';
import { dialects } from '../world.ts';
import { visible } from './browser.ts';
import { addPersonWithPassword, allowLocal, goodPassword, tryPassword } from './local.ts';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { openRest, type Rest } from './rest.ts';
import { type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const tenant = '11111111-2222-3333-4444-555555555555';
const nobody = '99999999-2222-3333-4444-555555555555';

for (const dialect of dialects) {
  describe(`S4: operators link accounts (${dialect})`, () => {
    let stage: Stage;
    let upstream: Upstream;
    let rest: Rest;
    before(async () => {
      stage = await setStage(dialect, {
        settings: { provisioning: true, registration: 'off' },
        outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' },
      });
      await allowLocal(stage);
      upstream = await startUpstream('/realms/one');
      await connectUpstream(stage, upstream, 'another', { registration: 'off' });
      const draft = {
        name: 'Several',
        clientId: tenant,
        startFrom: 'organizations',
        accountType: 'selectedTenants',
      } as const;
      await createConnection(stage.world, byItself, stage.organizationId, {
        ...draft,
        id: 'several',
        tenantIds: [tenant],
      });
      await createConnection(stage.world, byItself, stage.organizationId, {
        ...draft,
        id: 'two',
        tenantIds: [tenant, nobody],
      });
      rest = await openRest(stage);
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });

    let used = 0;
    const addAccount = async (organization = stage.organizationId) => {
      const input = { email: `person-${++used}@elsewhere.example`, name: 'Lena Local', role: null };
      return (await createLocalAccount(stage.world, byItself, organization, input)).id;
    };
    const create = (account: string, body: unknown, key?: string, organization = stage.organizationId) =>
      rest.call('POST', `/organizations/${organization}/accounts/${account}/links`, body, key);
    const faultsOf = ({ body }: Awaited<ReturnType<typeof create>>) =>
      ((body['errors'] ?? []) as { field: string; detail: string }[]).map(({ field, detail }) => `${field}: ${detail}`);

    test('the person of a tenant signs in to the account, though registration is off; the event names the operator', async () => {
      const account = await addAccount();
      const person = stage.people[0] ?? assert.fail();
      const made = await create(account, { connection: stage.connection, objectId: person.id.toUpperCase() });
      assert.equal(made.status, 201);
      const { authority, objectId, connection, userId, lastSignInAt } = made.body;
      assert.deepEqual(
        [authority, objectId, connection, userId, lastSignInAt],
        [stage.entra.contoso.id.toLowerCase(), person.id.toLowerCase(), stage.connection, null, null],
      );
      const [event] = (await stage.events('link.created')).slice(-1);
      assert.deepEqual(
        [event?.actor.type, event?.data['account'], event?.data['object'], event?.data['by']],
        ['key', account, person.id, 'an operator'],
      );
      const page = await stage.signIn(person);
      assert.match(visible(page.html), /You are signed in/);
      assert.equal((await stage.events('sign_in.succeeded')).at(-1)?.subject.id, account);
      const refused = await stage.signIn(stage.people[1] ?? assert.fail());
      assert.match(visible(refused.html), /You have no account here/);
    });

    test('the subject at another provider is taken letter by letter', async () => {
      const account = await addAccount();
      const made = await create(account, { connection: 'another', objectId: 'Sub|1' });
      assert.deepEqual([made.status, made.body['authority'], made.body['objectId']], [201, upstream.issuer, 'Sub|1']);
      upstream.claims = { sub: 'sub|1' };
      assert.match(visible((await signInBy(stage, 'another')).html), /You have no account here/);
      upstream.claims = { sub: 'Sub|1' };
      assert.match(visible((await signInBy(stage, 'another')).html), /You are signed in/);
      assert.equal((await stage.events('sign_in.succeeded')).at(-1)?.subject.id, account);
      upstream.reset();
    });

    test('a provisioned user is found by its object id, and whose user it is cannot be linked again', async () => {
      const person = stage.people[2] ?? assert.fail();
      const user = await stage.provision({ externalId: person.id });
      const account = await addAccount();
      const made = await create(account, { connection: stage.connection, objectId: person.id });
      assert.deepEqual([made.status, made.body['userId']], [201, user]);
      await stage.sql(`update account_link set object_id = 'former' where id = '${made.body['id']}'`);
      const other = await create(await addAccount(), { connection: stage.connection, objectId: person.id });
      assert.equal(other.status, 409);
      assert.deepEqual(faultsOf(other), [`objectId: the person is linked to the account ${account} already`]);
    });

    test('attack: a disabling outlived: a link that was used is not removed while the directory has its user', async () => {
      const person = stage.people[3] ?? assert.fail();
      const email = `person-${++used}@elsewhere.example`;
      const { id: account } = await addPersonWithPassword(stage, email);
      const user = await stage.provision({ externalId: person.id });
      const made = await create(account, { connection: stage.connection, objectId: person.id });
      const remove = async (link: unknown) =>
        rest.call('DELETE', `/organizations/${stage.organizationId}/accounts/${account}/links/${link}`);
      assert.equal((await remove(made.body['id'])).status, 204, 'nobody came by it: it may have been a mistake');
      const again = await create(account, { connection: stage.connection, objectId: person.id });
      await stage.signIn(person);
      const remembers = (id: string) =>
        stage.sql(`update account_link set user_id = ${id} where id = '${again.body['id']}'`);
      await remembers('null');
      assert.equal((await remove(again.body['id'])).status, 409, 'provisioned since the last sign-in');
      await remembers(`'${user}'`);
      const comesIn = async () => (await tryPassword(stage, email, goodPassword)).status;
      for (const change of ['active = 1', 'active = 0', `active = 1, external_id = 'of-nobody'`, 'active = 0']) {
        await stage.sql(`update scim_user set ${change} where id = '${user}'`);
        const refused = await remove(again.body['id']);
        assert.equal(refused.status, 409, change);
        assert.match(String(refused.body['detail']), /the directory of contoso has this person/);
        assert.match(String(refused.body['remedy']), /unassign the person in Microsoft Entra/);
        assert.equal(await comesIn(), change.includes('active = 0') ? 403 : 303, change);
      }
      await stage.sql(`delete from scim_user where id = '${user}'`);
      assert.equal(await comesIn(), 403, 'deleted there, out here');
      assert.equal((await remove(again.body['id'])).status, 204);
      assert.equal(await comesIn(), 303);
    });

    test('400 with the field: no GUID, a tenant that the connection does not take, or none where it takes several', async () => {
      const account = await addAccount();
      const objectId = nobody;
      for (const [body, fault] of [
        [{ connection: stage.connection, objectId: 'anna@contoso.example' }, /^objectId: is no object id/],
        [
          { connection: stage.connection, objectId, tenantId: tenant },
          /^tenantId: .*does not take people of this tenant/,
        ],
        [{ connection: stage.connection, objectId, tenantId: 'contoso.example' }, /^tenantId: is no tenant id/],
        [{ connection: 'two', objectId }, /^tenantId: .*say which one/],
        [{ connection: 'another', objectId: 'x', tenantId: tenant }, /^tenantId: only connections to Microsoft/],
        [{ connection: 'nowhere', objectId }, /^connection: there is no connection "nowhere"/],
        [{ connection: stage.connection, objectId: '' }, /^objectId: /],
        [{ connection: stage.connection }, /^objectId: /],
      ] as const) {
        const answer = await create(account, body);
        assert.equal(answer.status, 400, JSON.stringify(answer.body));
        assert.match(faultsOf(answer).join(), fault);
      }
      const taken = await create(account, { connection: 'two', objectId, tenantId: nobody.toUpperCase() });
      assert.deepEqual([taken.status, taken.body['authority']], [201, nobody]);
    });

    test('409 where the person is linked already; whose account that is learns only who may see accounts', async () => {
      const [account, other] = [await addAccount(), await addAccount()];
      const body = { connection: 'several', objectId: nobody };
      assert.equal((await create(account, body)).status, 201);
      for (const by of [account, other]) {
        const told = await create(by, body);
        assert.equal(told.status, 409);
        assert.match(String(told.body['detail']), new RegExp(`linked to the account ${account} already`));
      }
      const key = await rest.keyWith(['links:create']);
      const untold = await create(other, body, key);
      assert.equal(untold.status, 409);
      assert.equal(untold.body['detail'], 'the person is linked already');
      assert.ok(!JSON.stringify(untold.body).includes(account));
    });

    test('403 without the right, 404 for the account of another organization, 409 for what is switched off', async () => {
      const account = await addAccount();
      const body = { connection: stage.connection, objectId: nobody };
      const without = await rest.keyWith(allRights.filter((it) => it !== 'links:create'));
      assert.equal((await create(account, body, without)).status, 403);
      const { id: elsewhere } = await createOrganization(stage.world, byItself, { name: 'Elsewhere' });
      await allowLocal(stage, elsewhere);
      const foreign = await addAccount(elsewhere);
      assert.equal((await create(foreign, body)).status, 404);
      assert.equal((await create('nobody', body)).status, 404);
      assert.equal((await create(account, body, undefined, 'nowhere')).status, 404);
      const ours = await create(foreign, body, undefined, elsewhere);
      assert.deepEqual([ours.status, faultsOf(ours).length], [400, 1]);
      await stage.sql(`update account set disabled = 1 where id = '${account}'`);
      const disabled = await create(account, body);
      assert.deepEqual([disabled.status, faultsOf(disabled)], [409, ['account: the account is disabled']]);
      await pauseConnection(stage.world, byItself, stage.organizationId, 'another');
      const paused = await create(await addAccount(), { connection: 'another', objectId: 'y' });
      assert.deepEqual([paused.status, faultsOf(paused)], [409, ['connection: nobody signs in by Another']]);
    });

    test('attack: account takeover by linking: a switched-off user is not linked, and an account takes twenty links', async () => {
      const account = await addAccount();
      await stage.provision({ externalId: nobody.replace('9', '8'), active: false });
      const off = await create(account, { connection: stage.connection, objectId: nobody.replace('9', '8') });
      assert.deepEqual([off.status, faultsOf(off)], [409, ['objectId: the directory has switched this person off']]);
      const many = (index: number) =>
        create(account, { connection: 'several', objectId: `${String(index).padStart(8, '0')}${nobody.slice(8)}` });
      for (let index = 1; index < 20; index++) assert.equal((await many(index)).status, 201);
      const full = await many(20);
      assert.deepEqual([full.status, faultsOf(full)], [409, ['account: the account has 20 links, which is the most']]);
    });
  });
}
