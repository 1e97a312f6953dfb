import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createOrganization } from '#connections';
import { byItself } from '#events';
import { changeAccount, createLoginDoor, getLocalSignIn, linkForAccount, unlockAccount } from '#signin';
import { rawStatement, type Tables, tables } from '#store';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addPerson, addPersonWithPassword, allowLocal, goodPassword, post, tokenOf, tryPassword } from './local.ts';
import { type Stage, setStage } from './stage.ts';

/** An answer without what is new in each: nonces, challenges, and the name that was typed. */
const bare = (html: string, email: string): string =>
  html
    .replaceAll(/nonce="[^"]*"/g, 'nonce')
    .replaceAll(/data-challenge="[^"]*"/g, 'challenge')
    .replaceAll(email, '(name)')
    .replaceAll(encodeURIComponent(email), '(name)');

for (const dialect of dialects) {
  describe(`attacks on local sign-in (${dialect})`, () => {
    let stage: Stage;
    let door: ReturnType<typeof createLoginDoor>;
    const logged: string[] = [];
    before(async () => {
      stage = await setStage(dialect);
      await allowLocal(stage);
      const say = (about: object, message: string) => void logged.push(JSON.stringify([about, message]));
      door = createLoginDoor({ ...stage.world, log: { debug: say, info: say, warn: say, error: say } });
    });
    after(() => stage.close());

    let requests = 0;
    /** Tries a password as from an address of its own, unless one is given. */
    const attempt = async (email: string, password: string, address = `192.0.2.${++requests}`, cookie = '') => {
      const response = await door(
        new Request(`${stage.url}/login`, {
          method: 'POST',
          headers: { origin: stage.url, 'content-type': 'application/x-www-form-urlencoded', cookie },
          body: new URLSearchParams({ organization: stage.organizationId, email, password }),
        }),
        { requestId: `r${requests}`, address, userAgent: null },
      );
      const headers = [...response.headers].filter(([name]) => name !== 'content-security-policy');
      return { status: response.status, headers, html: bare(await response.text(), email), response };
    };
    const answerTo = async (email: string, password: string) => {
      const { status, headers, html } = await attempt(email, password);
      return { status, headers, html };
    };
    const forget = () => stage.sql('delete from local_attempts');

    test('attack: enumeration by words, status, headers or cookies: every name gets the same answers', async () => {
      const known = await addPersonWithPassword(stage, 'known@elsewhere.example');
      await addPerson(stage, 'without@elsewhere.example');
      const off = await addPersonWithPassword(stage, 'off@elsewhere.example');
      await changeAccount(stage.world, byItself, stage.organizationId, off.id, { disabled: true });
      const names = ['known', 'nobody', 'without', 'off'].map((it) => `${it}@elsewhere.example`);
      const asked = await Promise.all(
        names.map(async (email) => bare((await post(stage, '/login', { email })).html, email)),
      );
      for (const html of asked) assert.equal(html, asked[0]);
      for (let round = 1; round <= 7; round++) {
        const answers = [];
        for (const email of names)
          answers.push(await answerTo(email, round === 7 ? goodPassword : 'wrong, and long enough'));
        for (const [index, answer] of answers.entries())
          assert.deepEqual(answer, answers[0], `${names[index]}, round ${round}`);
        assert.equal(answers[0]?.status, round < 5 ? 403 : 429);
      }
      await forget();
      const right = await attempt('off@elsewhere.example', goodPassword);
      assert.deepEqual([right.status, right.html], [403, (await attempt('nobody@elsewhere.example', 'x')).html]);
      assert.equal((await getLocalSignIn(stage.world, stage.organizationId, known.id)).lock, null);
    });

    test('attack: enumeration by time: names that nobody has take as long', async () => {
      await addPersonWithPassword(stage, 'timed@elsewhere.example');
      const took: Record<string, number[]> = { timed: [], nobody: [] };
      for (let round = 0; round < 16; round++) {
        for (const [name, times] of Object.entries(took)) {
          const start = performance.now();
          await attempt(`${name}@elsewhere.example`, 'wrong, and long enough');
          times.push(performance.now() - start);
        }
        if (round % 4 === 3) await forget();
      }
      const [timed = 0, nobody = 0] = Object.values(took).map((times) => times.sort((a, b) => a - b)[8] ?? 0);
      assert.ok(Math.max(timed, nobody) < 1.6 * Math.min(timed, nobody), `${timed} ms and ${nobody} ms`);
    });

    test('attack: brute force: five wrong passwords lock the name, each time for twice as long; the right one tells nothing', async () => {
      const account = await addPersonWithPassword(stage, 'brute@elsewhere.example');
      const lockOf = async () => (await getLocalSignIn(stage.world, stage.organizationId, account.id)).lock;
      const wrong = () => attempt('brute@elsewhere.example', 'wrong, and long enough');
      for (const minutes of [1, 2, 4]) {
        for (let round = 0; round < 5; round++) await wrong();
        const left = Date.parse((await lockOf())?.until ?? '') - Date.now();
        assert.ok(Math.abs(left - minutes * 60_000) < 20_000, `${left} ms`);
        const [locked, right] = [await wrong(), await attempt('brute@elsewhere.example', goodPassword)];
        assert.deepEqual([right.status, right.html], [locked.status, locked.html]);
        assert.match(visible(locked.html), /too many wrong attempts with this e-mail address/);
        await stage.sql('update local_attempts set locked_until = 0');
      }
      const events = (await stage.events('account.locked')).filter(({ subject }) => subject.id === account.id);
      assert.deepEqual(
        events.map(({ data }) => [data['reason'], data['attempts'], data['knownBrowser']]),
        [
          ['wrong passwords', 5, false],
          ['wrong passwords', 10, false],
          ['wrong passwords', 15, false],
        ],
      );
      assert.equal((await attempt('brute@elsewhere.example', goodPassword)).status, 303);
      assert.equal(await lockOf(), null);
    });

    test('attack: brute force: thirty guesses at the same moment are five', async () => {
      const account = await addPersonWithPassword(stage, 'burst@elsewhere.example');
      const guesses = Array.from({ length: 30 }, (_, index) =>
        index === 20 ? goodPassword : `wrong guess number ${index}`,
      );
      await Promise.all(guesses.map((it) => attempt('burst@elsewhere.example', it)));
      const looked = (await stage.events('authentication.failed')).filter(({ data }) =>
        String(data['why']).endsWith(`wrong password, account ${account.id}`),
      );
      assert.ok(looked.length <= 5, `${looked.length} were looked at`);
    });

    test('an operator ends a lock, and the event says so', async () => {
      const account = await addPersonWithPassword(stage, 'unlock@elsewhere.example');
      for (let round = 0; round < 5; round++) await attempt('unlock@elsewhere.example', 'wrong, and long enough');
      assert.equal((await attempt('unlock@elsewhere.example', goodPassword)).status, 429);
      await unlockAccount(stage.world, byItself, stage.organizationId, account.id);
      assert.equal((await stage.events('account.unlocked')).at(-1)?.subject.id, account.id);
      assert.equal((await attempt('unlock@elsewhere.example', goodPassword)).status, 303);
    });

    test('attack: lock-out as a denial of service: a browser that the owner used before gets in', async () => {
      const account = await addPersonWithPassword(stage, 'owner@elsewhere.example');
      const browser = openBrowser();
      await tryPassword(stage, 'owner@elsewhere.example', goodPassword, browser);
      for (let round = 0; round < 8; round++) await attempt('owner@elsewhere.example', 'wrong, and long enough');
      assert.notEqual((await getLocalSignIn(stage.world, stage.organizationId, account.id)).lock, null);
      assert.equal((await tryPassword(stage, 'owner@elsewhere.example', goodPassword)).status, 429);
      assert.equal((await tryPassword(stage, 'owner@elsewhere.example', goodPassword, browser)).status, 303);
      const cookie = `__Host-portico_device=${browser.cookie(stage.host, '__Host-portico_device')}`;
      for (let round = 0; round < 5; round++)
        await attempt('owner@elsewhere.example', 'wrong, and long enough', undefined, cookie);
      const thief = await attempt('owner@elsewhere.example', goodPassword, undefined, cookie);
      assert.equal(thief.status, 429, 'the browser has a limit of its own');
      const other = await attempt('known@elsewhere.example', 'wrong, and long enough', undefined, cookie);
      assert.equal(other.status, 403);
      await forget();
    });

    test('attack: spraying: one address with a password for many names is told to wait', async () => {
      const statuses = [];
      for (let index = 0; index < 40; index++)
        statuses.push(
          (await attempt(`name-${index}@elsewhere.example`, 'Sommer 2026 ist schön', '198.51.100.7')).status,
        );
      assert.deepEqual([statuses[0], statuses[29], statuses[30], statuses[39]], [403, 403, 429, 429]);
      assert.equal((await attempt('name-1@elsewhere.example', 'x', '198.51.100.8')).status, 403);
    });

    test('attack: spraying over an hour: two hundred wrong passwords from one address are the last', async () => {
      const ofMinute = createHash('sha256').update('authentication failures\n198.51.100.9').digest('base64url');
      for (let minute = 0; minute < 7; minute++) {
        for (let index = 0; index < 29; index++) await attempt('locked-long@elsewhere.example', 'x', '198.51.100.9');
        await stage.sql(`delete from limit_window where bucket = '${ofMinute}'`);
      }
      assert.equal((await attempt('somebody-else@elsewhere.example', 'x', '198.51.100.9')).status, 429);
      assert.equal((await attempt('somebody-else@elsewhere.example', 'x', '198.51.100.10')).status, 403);
    });

    test('attack: a link that is guessed, of another organization, or used', async () => {
      const account = await addPerson(stage, 'linked@elsewhere.example');
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      await allowLocal(stage, other.id);
      const token = tokenOf(account.link.url);
      const [, credential = ''] = token.split('.');
      for (const forged of [
        `${stage.organizationId}.pt_set_${'0'.repeat(24)}_${'A'.repeat(43)}`,
        token.replace(/.{43}$/, 'A'.repeat(43)),
        `${other.id}.${credential}`,
        credential,
        '',
        '.',
      ]) {
        await stage.sql('delete from limit_window');
        const page = await post(stage, '/login/set', { token: forged, password: goodPassword });
        assert.deepEqual([page.status, visible(page.html).slice(0, 23)], [403, 'This link does not work'], forged);
      }
      assert.equal((await post(stage, '/login/set', { token, password: goodPassword })).status, 200);
      await stage.sql('delete from limit_window');
    });

    test('attack: two holders of one link: one of them sets the password', async () => {
      const account = await addPerson(stage, 'twice@elsewhere.example');
      const token = tokenOf(account.link.url);
      const statuses = await Promise.all(
        ['one of two, long enough', 'two of two, long enough'].map(
          async (password) => (await post(stage, '/login/set', { token, password })).status,
        ),
      );
      assert.deepEqual(statuses.sort(), [200, 403]);
    });

    test('attack: login CSRF: a form of another site signs nobody in and sets nothing', async () => {
      await addPersonWithPassword(stage, 'mallory@elsewhere.example');
      const account = await addPerson(stage, 'csrf@elsewhere.example');
      const victim = openBrowser();
      const fields = { organization: stage.organizationId, email: 'mallory@elsewhere.example', password: goodPassword };
      for (const origin of ['https://evil.example', 'null', `${stage.url}.evil.example`]) {
        assert.equal((await post(stage, '/login', fields, { browser: victim, origin })).status, 403);
        const token = tokenOf(account.link.url);
        assert.equal((await post(stage, '/login/set', { token, password: goodPassword }, { origin })).status, 403);
      }
      assert.equal(victim.cookie(stage.host, '__Host-portico_session'), undefined);
    });

    test('attack: session fixation: a planted session is not the one after the sign-in', async () => {
      await addPersonWithPassword(stage, 'fixed@elsewhere.example');
      const attacker = openBrowser();
      await tryPassword(stage, 'mallory@elsewhere.example', goodPassword, attacker);
      const planted = attacker.cookie(stage.host, '__Host-portico_session') ?? '';
      const victim = openBrowser();
      victim.plant(stage.host, '__Host-portico_session', planted);
      await tryPassword(stage, 'fixed@elsewhere.example', goodPassword, victim);
      assert.notEqual(victim.cookie(stage.host, '__Host-portico_session'), planted);
      const own = openBrowser();
      await tryPassword(stage, 'fixed@elsewhere.example', goodPassword, own);
      const before = own.cookie(stage.host, '__Host-portico_session') ?? '';
      await tryPassword(stage, 'fixed@elsewhere.example', goodPassword, own);
      const thief = openBrowser();
      thief.plant(stage.host, '__Host-portico_session', before);
      assert.equal(await stage.isSignedIn(thief), false, 'the cookie of before opens nothing');
    });

    test('attack: clickjacking and open redirect: no page is framed, nothing in an address says where it ends', async () => {
      const account = await addPerson(stage, 'framed@elsewhere.example');
      const evil = 'organization=//evil.example&return_to=https://evil.example&connection=//evil.example&email=a@b.c';
      for (const path of [
        '/login',
        `/login?organization=${stage.organizationId}`,
        `/login?${evil}`,
        account.link.url,
      ]) {
        const page = await openBrowser().ask(new URL(path, stage.url).href);
        assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
        assert.equal(page.headers.get('location'), null);
        assert.ok(!/(?:href|action)="[^"]*\/\/evil/.test(page.html));
      }
      const done = await tryPassword(stage, 'fixed@elsewhere.example', goodPassword);
      assert.equal(done.headers.get('location'), '/login');
    });

    test('attack: a password is in no event, no log line and no column, right or wrong, not even typed as the name', async () => {
      const account = await addPerson(stage, 'secret@elsewhere.example');
      const [secret, wrong] = ['Zwölf Boxkämpfer jagen', 'Viktor quer über Sylt'];
      const link = await linkForAccount(stage.world, byItself, stage.organizationId, account.id);
      await post(stage, '/login/set', { token: tokenOf(link.url), password: secret });
      await attempt('secret@elsewhere.example', wrong);
      await attempt(secret, wrong);
      assert.equal((await attempt('secret@elsewhere.example', secret)).status, 303);
      const all = [...logged];
      for (const name of Object.keys(tables) as (keyof Tables)[])
        all.push(
          ...(await stage.world.store.read(rawStatement(`select * from ${name}`), {})).map((it) => JSON.stringify(it)),
        );
      for (const text of all)
        for (const it of [secret, wrong, tokenOf(link.url).split('_')[3] ?? ''])
          assert.ok(!text.toLowerCase().includes(it.toLowerCase()), text);
    });
  });
}
