import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOrganization } from '#connections';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { openRest, type Rest } from './rest.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`accounts and their user names (${dialect})`, () => {
    let stage: Stage;
    let rest: Rest;
    before(async () => {
      stage = await setStage(dialect);
      rest = await openRest(stage);
      for (const person of stage.people.slice(0, 4)) await stage.signIn(person);
    });
    after(() => stage.close());

    const base = () => `/organizations/${stage.organizationId}`;
    const list = async (query = '') => (await rest.call('GET', `${base()}/accounts${query}`)).body;
    const accountOf = async (person: { mail: string | null }) => {
      const found = (await list()).items?.find(({ email }) => email === person.mail);
      assert.ok(found !== undefined);
      return found;
    };

    test('one searches by the beginning of user name, name and address, whatever the case', async () => {
      const [one, two] = [await accountOf(stage.people[0] ?? never()), await accountOf(stage.people[1] ?? never())];
      const search = async (text: unknown, more = '') =>
        ((await list(`?search=${encodeURIComponent(String(text))}${more}`)).items ?? []).map(({ id }) => id);
      assert.deepEqual(await search(String(one['userName']).toUpperCase()), [one['id']]);
      assert.deepEqual(await search(String(two['name']).toLowerCase()), [two['id']]);
      assert.deepEqual(await search(two['email']), [two['id']]);
      assert.deepEqual(await search('nobody at all'), []);
      assert.deepEqual(await search('%'), [], 'no wildcard');
      assert.deepEqual(await search(two['email'], '&state=disabled'), []);
      assert.equal((await rest.call('GET', `${base()}/accounts?search=a&cursor=%25`)).status, 400);
    });

    test('a search goes on by its cursor, and shows each account once', async () => {
      const all = ((await list()).items ?? []).map(({ id }) => String(id)).sort();
      const letters = [...new Set(((await list()).items ?? []).map(({ email }) => String(email)[0]))];
      const seen: string[] = [];
      for (const letter of letters) {
        let cursor: unknown = '';
        do {
          const more = cursor === '' ? '' : `&cursor=${cursor}`;
          const page: Awaited<ReturnType<typeof list>> = await list(`?search=${letter}&limit=1${more}`);
          seen.push(...(page.items ?? []).map(({ id }) => String(id)));
          cursor = page['nextCursor'];
        } while (cursor !== undefined);
      }
      assert.deepEqual(seen.sort(), all);
    });

    test('a role is given and taken, a disabled account is found by its state', async () => {
      const { id } = await accountOf(stage.people[1] ?? never());
      const path = `${base()}/accounts/${id}`;
      assert.equal((await rest.call('PATCH', path, { role: 'editor' })).body['role'], 'editor');
      assert.equal((await rest.call('PATCH', path, { role: null, disabled: true })).body['role'], null);
      assert.deepEqual(
        (await list('?state=disabled')).items?.map((it) => it['id']),
        [id],
      );
      assert.equal((await list('?state=enabled')).items?.length, 3);
      await rest.call('PATCH', path, { disabled: false });
      const changes = (await stage.events('account.updated')).map(({ data }) => data['changed']);
      assert.deepEqual(changes, [['role'], ['disabled', 'role'], ['disabled']]);
    });

    test('S9: name and address of a federated person are refused, and the tenant is named', async () => {
      const { id, toldBy } = await accountOf(stage.people[0] ?? never());
      assert.equal(toldBy, stage.entra.contoso.id);
      const refused = await rest.call('PATCH', `${base()}/accounts/${id}`, { name: 'Mallory', email: 'm@x.example' });
      assert.equal(refused.status, 409);
      assert.match(String(refused.body['detail']), new RegExp(stage.entra.contoso.id));
      assert.deepEqual(
        (refused.body['errors'] as { field: string }[]).map(({ field }) => field),
        ['name', 'email'],
      );
    });

    test('S8: the preview tells what a name would become, by each rule, and whether it is taken', async () => {
      const ask = async (query: Record<string, string>) =>
        (await rest.call('GET', `/connections/contoso/user-name?${new URLSearchParams(query)}`)).body;
      const email = 'anna.b@contoso.example';
      assert.deepEqual(await ask({ email, rule: 'emailLocalPartAndConnection' }), {
        userName: 'anna.b-contoso',
        rule: 'emailLocalPartAndConnection',
        state: 'free',
      });
      const taken = await accountOf(stage.people[0] ?? never());
      assert.deepEqual(await ask({ preferredUsername: String(taken['userName']).toUpperCase() }), {
        userName: String(taken['userName']).toUpperCase(),
        rule: 'preferredUsername',
        state: 'taken',
      });
    });

    test('attack: account takeover by a reused user name fails: the name of a deleted account is nobody’s until purged', async () => {
      const person = first(stage.people);
      const old = await accountOf(person);
      const { browser } = await stage.signIn(person);
      assert.equal((await rest.call('DELETE', `${base()}/accounts/${old['id']}`)).status, 204);
      assert.equal(await stage.isSignedIn(browser), false, 'its sessions end');
      assert.equal((await rest.call('DELETE', `${base()}/accounts/${old['id']}`)).status, 404);
      await stage.signIn(person);
      const anew = await accountOf(person);
      assert.notEqual(anew['id'], old['id']);
      assert.match(String(anew['userName']), /-[a-z2-9]$/);
      const past = (await rest.call('GET', `${base()}/past-user-names`)).body.items;
      assert.deepEqual(
        [past?.length, past?.[0]?.['userName'], past?.[0]?.['account']],
        [1, old['userName'], old['id']],
      );
      assert.equal((await stage.events('account.deleted'))[0]?.subject.id, old['id']);

      await rest.call('DELETE', `${base()}/accounts/${anew['id']}`);
      assert.equal((await rest.call('DELETE', `${base()}/past-user-names/${old['userName']}`)).status, 204);
      assert.equal((await rest.call('DELETE', `${base()}/past-user-names/${old['userName']}`)).status, 404);
      await stage.signIn(person);
      assert.equal((await accountOf(person))['userName'], old['userName'], 'purged, it is free again');
      assert.equal((await stage.events('user_name.purged')).length, 1);
    });

    test('attack: account takeover by a re-created person: the same name and address with a new object id get nothing of the old account', async () => {
      const { contoso } = stage.entra;
      const [old, anew] = [{ ...(stage.people[4] ?? never()) }, { ...(stage.people[5] ?? never()) }];
      const { browser } = await stage.signIn(old);
      const before = await accountOf(old);
      await rest.call('PATCH', `${base()}/accounts/${before['id']}`, { role: 'admin' });
      const change = (id: string, to: Record<string, unknown>) =>
        stage.entra.control('PATCH', `/tenants/${contoso.id}/users/${id}`, to);
      await change(old.id, { userPrincipalName: `left-long-ago@${contoso.domain}`, mail: null });
      await change(anew.id, {
        userPrincipalName: old.userPrincipalName,
        mail: old.mail,
        displayName: old.displayName,
      });
      const again = await stage.signIn({ userPrincipalName: old.userPrincipalName });
      assert.equal(again.status, 200);
      const same = ((await list()).items ?? []).filter(({ email }) => email === old.mail);
      assert.equal(same.length, 2);
      const [other = never()] = same.filter(({ id }) => id !== before['id']);
      assert.deepEqual([other['role'], other['name']], [null, before['name']]);
      assert.notEqual(other['userName'], before['userName']);
      const links = async (id: unknown) =>
        (await rest.call('GET', `${base()}/accounts/${id}/links`)).body.items?.map(({ objectId }) => objectId);
      assert.deepEqual([await links(before['id']), await links(other['id'])], [[old.id], [anew.id]]);
      assert.equal(await stage.isSignedIn(browser), true, 'and the old one is nobody else’s');
    });

    test('a name in use cannot be purged', async () => {
      const { userName } = await accountOf(first(stage.people));
      assert.equal((await rest.call('DELETE', `${base()}/past-user-names/${userName}`)).status, 404);
    });

    test('an organization with accounts is not deleted', async () => {
      const refused = await rest.call('DELETE', base());
      assert.deepEqual([refused.status, refused.body['detail']], [409, 'the organization still has accounts']);
    });

    test('another organization deletes nobody here', async () => {
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      const { id } = await accountOf(first(stage.people));
      assert.equal((await rest.call('DELETE', `/organizations/${other.id}/accounts/${id}`)).status, 404);
      assert.equal((await rest.call('GET', `${base()}/accounts/${id}`)).status, 200);
    });
  });
}

function never(): never {
  throw new Error('the stage has too few people');
}
