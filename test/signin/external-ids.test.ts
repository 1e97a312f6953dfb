import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { findLive } from '#connections';
import { directoryChecks } from '#directory';
import { pageOfAccounts, pageOfLinks } from '#signin';
import { dialects } from '../world.ts';
import { visible } from './browser.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { settle } from './settle.ts';
import { type Stage, setStage } from './stage.ts';

const all = { limit: 1000 };

for (const dialect of dialects) {
  describe(`externalId and the object id (${dialect})`, () => {
    let stage: Stage;
    let provisioning: Provisioning;
    before(async () => {
      stage = await setStage(dialect, { settings: { provisioning: true } });
      provisioning = await openProvisioning(stage);
    });
    after(() => stage.close());

    const check = async () => {
      const live = await findLive(stage.world, stage.organizationId, stage.connection);
      assert.ok(live);
      const answers = await Promise.all(directoryChecks.map((each) => each(stage.world, live)));
      return answers.flat().find(({ name }) => name === 'directory.external_ids') ?? assert.fail();
    };
    const map = (user: string, externalId: string) =>
      provisioning.send('PATCH', `/Users/${user}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'Replace', path: 'externalId', value: externalId }],
      });

    test('[MS-1] the default mapping is mailNickname: the check says which row to change; after that all is one, without duplicates', async () => {
      const person = stage.people[0] ?? assert.fail();
      assert.equal((await check()).outcome, 'waiting');
      const user = await provisioning.create({ ...person, id: 'adele' });
      const first = await stage.signIn(person);
      assert.equal(await stage.isSignedIn(first.browser), true);
      const warned = await check();
      assert.equal(warned.outcome, 'warning');
      assert.match(warned.saw, /Of 1 users that were looked at, 1 have .* such as "adele"/);
      assert.match(warned.next ?? '', /row of externalId set Source attribute to objectId/);
      const account = async () => {
        const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
        const [one, ...others] = items.filter(({ email }) => email === person.mail);
        assert.deepEqual(others, []);
        return one ?? assert.fail();
      };
      const { id } = await account();

      await map(user, person.id);
      assert.equal((await check()).outcome, 'passed');
      const again = await stage.signIn(person);
      assert.equal((await account()).id, id);
      const links = await pageOfLinks(stage.world, stage.organizationId, id, all);
      assert.deepEqual(
        links.items.map(({ userId }) => userId),
        [user],
      );
      await provisioning.switchTo(user, false);
      assert.equal(await stage.isSignedIn(again.browser), false);
      assert.equal(await stage.isSignedIn(first.browser), false);
    });

    test('S16: attack: account takeover by mail nickname: who carries that of a provisioned user is refused, and the admin told the line to change', async () => {
      await settle(stage, { registration: 'provisioned' });
      const person = stage.people[3] ?? assert.fail();
      const nickname = person.userPrincipalName.split('@')[0] ?? '';
      const user = await provisioning.create({ ...person, id: nickname });
      const { status, html, browser } = await stage.signIn(person);
      assert.equal(status, 400);
      assert.match(visible(html), /yours cannot be told from others there/);
      assert.equal(browser.cookie(stage.host, '__Host-portico_session'), undefined);
      const event = (await stage.events('sign_in.refused')).at(-1);
      assert.equal(event?.data['reason'], 'nickname_mapped');
      assert.match(visible(html), /set the source attribute of externalId to objectId, then restart provisioning/);
      await map(user, person.id);
      assert.equal(await stage.isSignedIn((await stage.signIn(person)).browser), true);
      await settle(stage, { registration: 'on' });
    });

    test('one user among many is found, and one without any', async () => {
      const many = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          provisioning.create({
            id: `${String(index).padStart(8, '0')}-1111-4111-8111-111111111111`,
            userPrincipalName: `u${index}@contoso.example`,
          }),
        ),
      );
      assert.equal((await check()).outcome, 'passed');
      await map(many[5] ?? '', 'zoe');
      assert.match((await check()).saw, /, 1 have an externalId that is no object id, such as "zoe"/);
      await map(many[5] ?? '', '99999999-1111-4111-8111-111111111111');
      await stage.sql(`update scim_user set external_id = null where id = '${many[6]}'`);
      assert.match((await check()).saw, /Users have no externalId, such as u6@contoso\.example/);
    });
  });
}
