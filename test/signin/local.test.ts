import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { changeOrganization, createOrganization } from '#connections';
import { byItself } from '#events';
import { changeAccount, deleteAccount, getLocalSignIn, linkForAccount, pageOfSessions } from '#signin';
import { rawStatement } from '#store';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addPerson, addPersonWithPassword, allowLocal, goodPassword, post, tokenOf, tryPassword } from './local.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`passwords (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
      await allowLocal(stage);
    });
    after(() => stage.close());

    const hashOf = async (account: string): Promise<string> => {
      const rows = await stage.world.store.read(rawStatement('select account_id, hash from local_password'), {});
      return String(rows.find((it) => it['account_id'] === account)?.['hash']);
    };

    test('an operator adds an account; its link sets a password; the person signs in with it', async () => {
      const account = await addPerson(stage, 'Lena@Elsewhere.example', 'Lena Local');
      assert.deepEqual([account.email, account.userName], ['Lena@Elsewhere.example', 'Lena']);
      const page = await openBrowser().open(account.link.url);
      assert.match(visible(page.html), /You sign in as lena@elsewhere.example/);
      const set = await post(stage, '/login/set', { token: tokenOf(account.link.url), password: goodPassword });
      assert.deepEqual([set.status, visible(set.html).slice(0, 20)], [200, 'Your password is set']);
      assert.match(await hashOf(account.id), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);

      const browser = openBrowser();
      const step = await post(stage, '/login', { email: ' lena@elsewhere.example' }, { browser });
      assert.match(visible(step.html), /^Sign in to Contoso .*Password Sign in/);
      const done = await browser.submit(step, { email: 'lena@elsewhere.example', password: goodPassword });
      assert.match(visible(done.html), /Your account.*Lena Local/);
      assert.match(
        visible(done.html),
        /Recent sign-ins \S+ \S+ UTC Signed in node · 127\.0\.0\.1 Is one of them not yours/,
      );
      const { items } = await pageOfSessions(stage.world, stage.organizationId, account.id, { limit: 10 });
      assert.deepEqual(
        items.map(({ connection }) => connection),
        [null],
      );
      const events = await stage.events('sign_in.succeeded');
      assert.deepEqual(
        [events.at(-1)?.subject.id, events.at(-1)?.data['by'], events.at(-1)?.data['authority']],
        [account.id, 'password', 'local'],
      );
    });

    test('of who told name and e-mail nothing is said where an operator did, and why they are not changed is', async () => {
      const { id, toldBy } = await addPerson(stage, 'told@elsewhere.example');
      assert.equal(toldBy, null);
      const change = changeAccount(stage.world, byItself, stage.organizationId, id, { name: 'Another' });
      await assert.rejects(change, /they come from the operator who added it/);
    });

    test('a link works once, for an hour, and not after a newer one', async () => {
      const account = await addPerson(stage, 'once@elsewhere.example');
      const newer = await linkForAccount(stage.world, byItself, stage.organizationId, account.id);
      for (const [token, status] of [
        [tokenOf(account.link.url), 403],
        [tokenOf(newer.url), 200],
        [tokenOf(newer.url), 403],
      ] as const)
        assert.equal((await post(stage, '/login/set', { token, password: goodPassword })).status, status);
      const late = await linkForAccount(stage.world, byItself, stage.organizationId, account.id);
      await stage.sql(`update local_link set expires_at = ${Date.now() - 1}`);
      assert.equal((await openBrowser().open(late.url)).status, 403);
    });

    test('NIST SP 800-63B-4 §3.1.1.2: short, common and obvious passwords are refused, and the link stays good', async () => {
      const account = await addPerson(stage, 'rules@elsewhere.example', 'Rosa Regel');
      const token = tokenOf(account.link.url);
      for (const [password, words] of [
        ['Tr0ub4dor&3', /11 characters\. Take at least 15/],
        ['passwordpassword', /one piece again and again/],
        ['abcdefghijklmnopq', /row of the keyboard/],
        ['rosa.regel.12345', /made of your name/],
        ['portico-portico-1', /made of your name or of the name of this service/],
        ['chocolate1234567!', /list of common passwords/],
        ['x'.repeat(300), /more than 256|again and again/],
      ] as const) {
        const page = await post(stage, '/login/set', { token, password });
        assert.equal(page.status, 422, password);
        assert.match(visible(page.html), words);
      }
      const set = await post(stage, '/login/set', { token, password: 'läuft ﬁndig über Berge' });
      assert.equal(set.status, 200);
      const composed = 'läuft findig über Berge';
      assert.equal((await tryPassword(stage, 'rules@elsewhere.example', composed.normalize('NFD'))).status, 303);
    });

    test('a password that was hashed with fewer passes is hashed anew when its owner signs in', async () => {
      const account = await addPersonWithPassword(stage, 'older@elsewhere.example');
      const { argon2Sync, randomBytes } = await import('node:crypto');
      const salt = randomBytes(16);
      const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
      const made = { message: goodPassword, nonce: salt, parallelism: 1, tagLength: 32, memory: 1024, passes: 1 };
      const old = `$argon2id$v=19$m=1024,t=1,p=1$${text(salt)}$${text(argon2Sync('argon2id', made))}`;
      await stage.sql(`update local_password set hash = '${old}' where account_id = '${account.id}'`);
      assert.equal((await tryPassword(stage, 'older@elsewhere.example', 'not this one at all')).status, 403);
      assert.equal(await hashOf(account.id), old);
      assert.equal((await tryPassword(stage, 'older@elsewhere.example', goodPassword)).status, 303);
      assert.match(await hashOf(account.id), /m=19456,t=2,p=1/);
      assert.equal((await tryPassword(stage, 'older@elsewhere.example', goodPassword)).status, 303);
    });

    test('setting a password ends every session of the account', async () => {
      const account = await addPersonWithPassword(stage, 'ends@elsewhere.example');
      const browser = openBrowser();
      await tryPassword(stage, 'ends@elsewhere.example', goodPassword, browser);
      assert.equal(await stage.isSignedIn(browser), true);
      const link = await linkForAccount(stage.world, byItself, stage.organizationId, account.id);
      await post(stage, '/login/set', { token: tokenOf(link.url), password: 'another one, as long as this' });
      assert.equal(await stage.isSignedIn(browser), false);
      assert.equal((await stage.events('password.set')).at(-1)?.data['sessionsEnded'], 1);
    });

    test('an account that is disabled, and one whose organization switched local sign-in off, cannot sign in', async () => {
      const account = await addPersonWithPassword(stage, 'off@elsewhere.example');
      await changeAccount(stage.world, byItself, stage.organizationId, account.id, { disabled: true });
      assert.equal((await tryPassword(stage, 'off@elsewhere.example', goodPassword)).status, 403);
      await changeAccount(stage.world, byItself, stage.organizationId, account.id, { disabled: false });
      await changeOrganization(stage.world, byItself, stage.organizationId, { localSignIn: false }, undefined);
      const page = await tryPassword(stage, 'off@elsewhere.example', goodPassword);
      assert.match(visible(page.html), /Nobody signs in here/);
      await assert.rejects(linkForAccount(stage.world, byItself, stage.organizationId, account.id), {
        problem: 'wrong-state',
      });
      await allowLocal(stage);
      assert.equal((await tryPassword(stage, 'off@elsewhere.example', goodPassword)).status, 303);
    });

    test('a federated account gets no password', async () => {
      await stage.signIn(first(stage.people));
      const events = await stage.events('account.created');
      const federated = events.find(({ data }) => data['connection'] === 'contoso')?.subject.id ?? '';
      await assert.rejects(linkForAccount(stage.world, byItself, stage.organizationId, federated), {
        problem: 'wrong-state',
      });
      assert.deepEqual(await getLocalSignIn(stage.world, stage.organizationId, federated), {
        signInName: null,
        passwordSetAt: null,
        lock: null,
      });
    });

    test('the same address in two organizations is two accounts', async () => {
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      await assert.rejects(addPerson(stage, 'both@elsewhere.example', 'B', other.id), { problem: 'wrong-state' });
      await allowLocal(stage, other.id);
      const one = await addPersonWithPassword(stage, 'both@elsewhere.example');
      const two = await addPerson(stage, 'both@elsewhere.example', 'B', other.id);
      assert.notEqual(one.id, two.id);
      await assert.rejects(addPerson(stage, 'BOTH@elsewhere.example'), { problem: 'conflict' });
      const there = await tryPassword(stage, 'both@elsewhere.example', goodPassword, openBrowser(), other.id);
      assert.equal(there.status, 403);
      assert.equal((await tryPassword(stage, 'both@elsewhere.example', goodPassword)).status, 303);
    });

    test('a deleted account leaves no password, passkey, one-time link or lock, and the others keep theirs', async () => {
      const [gone, stays] = ['gone@elsewhere.example', 'stays@elsewhere.example'];
      await stage.sql('delete from limit_window');
      const left = async (account: string, name: string) => {
        const of = await Promise.all(
          ['local_password', 'passkey', 'local_link'].map((table) =>
            stage.world.store.read(rawStatement(`select account_id from ${table} where account_id = '${account}'`), {}),
          ),
        );
        const hash = createHash('sha256').update(name).digest('base64url');
        const locks = rawStatement(`select name_hash from local_attempts where name_hash = '${hash}'`);
        return [...of, await stage.world.store.read(locks, {})].map((rows) => rows.length);
      };
      const accounts: string[] = [];
      for (const name of [gone, stays]) {
        const { id } = await addPersonWithPassword(stage, name);
        accounts.push(id);
        await linkForAccount(stage.world, byItself, stage.organizationId, id);
        await stage.sql(`insert into passkey (organization_id, id, account_id, name, public_key, counter, transports, backed_up, created_at)
          values ('${stage.organizationId}', 'key-of-${id}', '${id}', 'Key', '', 0, '[]', 0, 0)`);
        await tryPassword(stage, name, 'not the password at all');
        assert.deepEqual(await left(id, name), [1, 1, 1, 1]);
      }
      await deleteAccount(stage.world, byItself, stage.organizationId, accounts[0] ?? '');
      assert.deepEqual(await left(accounts[0] ?? '', gone), [0, 0, 0, 0]);
      assert.deepEqual(await left(accounts[1] ?? '', stays), [1, 1, 1, 1]);
    });
  });
}
