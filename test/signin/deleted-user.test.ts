import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { getAccount, pageOfAccounts } from '#signin';
import { dialects } from '../world.ts';
import { first, type Stage, setStage } from './stage.ts';

const all = { limit: 1000 };

for (const dialect of dialects) {
  describe(`users whom provisioning deleted (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());

    const remove = async (id: string, externalId: string) => {
      await stage.sql(`delete from scim_user where id = '${id}'`);
      await stage.sql(
        `insert into scim_deleted_user (organization_id, directory_id, id, external_id, user_name, deleted_at)
         values ('${stage.organizationId}', '${stage.connection}', '${id}', '${externalId}', '${id}', 0)`,
      );
    };
    const accountOf = async (mail: string | null) =>
      first((await pageOfAccounts(stage.world, stage.organizationId, all)).items.filter(({ email }) => email === mail));

    test('deleted and created again with the same externalId: the same account, by the new user', async () => {
      const person = stage.people[0] ?? assert.fail();
      const id = await stage.provision({ externalId: person.id });
      const { browser } = await stage.signIn(person);
      const account = await accountOf(person.mail);
      await remove(id, person.id);
      assert.equal(await stage.isSignedIn(browser), false);
      assert.match((await stage.signIn(person)).html, /Your access was removed/);
      await stage.provision({ externalId: person.id });
      const again = await stage.signIn(person);
      assert.equal(await stage.isSignedIn(again.browser), true);
      assert.equal((await accountOf(person.mail)).id, account.id);
    });

    test('deleted before the first sign-in: registration lets nobody in whose access was removed', async () => {
      const person = stage.people[1] ?? assert.fail();
      await remove(await stage.provision({ externalId: person.id }), person.id);
      assert.match((await stage.signIn(person)).html, /Your access was removed/);
      await stage.sql('delete from scim_deleted_user');
      assert.equal(await stage.isSignedIn((await stage.signIn(person)).browser), true);
    });

    test('an account says where it comes from', async () => {
      const person = stage.people[2] ?? assert.fail();
      await stage.signIn(person);
      const { id, origin } = await accountOf(person.mail);
      assert.equal(origin, 'sign-in');
      await stage.provision({ externalId: person.id });
      await stage.signIn(person);
      assert.equal((await getAccount(stage.world, stage.organizationId, id)).origin, 'directory');
    });
  });
}
