import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { getConnection } from '#connections';
import { openPlaces, pageOfAccounts, signinChecks } from '#signin';
import { startPortico } from '../../bin/compose.ts';
import { runPortico } from '../cli/portico.ts';
import { dialects, openTestWorld } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { makePlaces } from './places-file.ts';
import { openRest, type Rest } from './rest.ts';
import { first, type Stage, setStage } from './stage.ts';

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
const berlin = { country: { iso_code: 'DE', names: { en: 'Germany' } }, city: { names: { en: 'Berlin' } } };
const database = makePlaces([
  ['81.2.69.0/24', berlin],
  ['2.125.160.0/24', { country: { iso_code: 'GB' } }],
  ['2001:0218:0000:0000:0000:0000:0000:0000/32', { country: { iso_code: 'JP' }, city: { names: { ja: '東京' } } }],
  ['10.0.0.0/8', berlin],
  ['127.0.0.0/8', berlin],
]);

const folder = mkdtempSync(join(tmpdir(), 'portico-places-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;
const written = (bytes: Buffer | string): string => {
  const file = join(folder, `${++files}.mmdb`);
  writeFileSync(file, bytes);
  return file;
};

/** A world with such a file, what it logs, and the place of an address in words. */
async function worldWith(file: string | undefined) {
  const logged: string[] = [];
  const world = await openTestWorld('sqlite', {
    settings: file === undefined ? {} : { PORTICO_PLACES: file },
    log: (_, message) => void logged.push(message),
  });
  const placeOf = async (address: string | null) => {
    const place = (await openPlaces(world)).placeOf(address);
    return place === null ? null : [place.countryCode, place.country, place.city];
  };
  return { world, logged, placeOf };
}

describe('places of addresses', () => {
  test('nothing is guessed: no place for what is unknown, private, of this link, or no address', async () => {
    const { world, placeOf } = await worldWith(written(database));
    assert.deepEqual(await placeOf('81.2.69.142'), ['DE', 'Germany', 'Berlin']);
    assert.deepEqual(await placeOf('2001:218::1'), ['JP', 'Japan', null], 'a city without an English name is left out');
    for (const address of [
      '8.8.8.8',
      '2a00::1',
      '10.1.2.3',
      '127.0.0.1',
      '::1',
      'fe80::1%eth0',
      '2001:218::1%eth0',
      'nonsense',
      '',
      null,
    ])
      assert.equal(await placeOf(address), null, String(address));
    await world.close();
  });

  test('a tree for IPv4 leads no IPv6 address anywhere', async () => {
    const { world, placeOf } = await worldWith(written(makePlaces([['32.1.0.0/16', berlin]], 4)));
    assert.deepEqual(await placeOf('32.1.2.3'), ['DE', 'Germany', 'Berlin']);
    assert.equal(await placeOf('2001:218::1'), null, '0x2001 begins as 32.1 does');
    await world.close();
  });

  test('without a database no place is shown, and nothing is read', async () => {
    const { world, logged, placeOf } = await worldWith(undefined);
    assert.equal(await placeOf('81.2.69.142'), null);
    assert.deepEqual(logged, []);
    await world.close();
  });

  test('a file that is replaced is read anew; one that is spoiled or gone leaves the one before in use', async () => {
    const file = written(database);
    const { world, logged, placeOf } = await worldWith(file);
    const replace = (bytes: Buffer) => renameSync(written(bytes), file);
    assert.equal((await placeOf('81.2.69.142'))?.[1], 'Germany');
    replace(makePlaces([['81.2.69.0/24', { country: { iso_code: 'AT' } }]]));
    assert.equal((await placeOf('81.2.69.142'))?.[1], 'Austria');
    replace(database.subarray(0, 300));
    assert.equal((await placeOf('81.2.69.142'))?.[1], 'Austria');
    assert.match((await openPlaces(world)).fault ?? '', /^is no database in MaxMind's format/);
    rmSync(file);
    assert.equal((await placeOf('81.2.69.142'))?.[1], 'Austria');
    assert.equal((await openPlaces(world)).fault, 'is not there (ENOENT)');
    writeFileSync(file, database);
    assert.equal((await placeOf('81.2.69.142'))?.[1], 'Germany');
    assert.equal((await openPlaces(world)).fault, null);
    const read = 'the database of places was read';
    const spoiled = `the file that PORTICO_PLACES names is no database in MaxMind's format (.mmdb), or is spoiled: it has no metadata`;
    assert.deepEqual(logged, [read, read, spoiled, 'the file that PORTICO_PLACES names is not there (ENOENT)', read]);
    await world.close();
  });

  for (const [what, bytes] of [
    ['no database', 'hello'],
    ['empty', ''],
    ['cut off', database.subarray(0, database.length - 120)],
    ['without its beginning', database.subarray(database.indexOf('\xab\xcd\xefMaxMind.com', 0, 'latin1'))],
  ] as const) {
    test(`a file that is ${what} gives a fault in words and no place`, async () => {
      const { world, placeOf } = await worldWith(written(bytes));
      assert.equal(await placeOf('81.2.69.142'), null);
      assert.match(
        (await openPlaces(world)).fault ?? '',
        /^is no database in MaxMind's format \(\.mmdb\), or is spoiled/,
      );
      await world.close();
    });
  }

  test('a record that is spoiled gives no place, and does not throw', async () => {
    const bytes = Buffer.from(database);
    bytes.fill(0xff, bytes.indexOf('iso_code') - 12, bytes.indexOf('MaxMind.com') - 3);
    const { world, logged, placeOf } = await worldWith(written(bytes));
    assert.equal(await placeOf('81.2.69.142'), null);
    assert.ok(logged.includes('a record of the database of places is spoiled'));
    await world.close();
  });
});

for (const dialect of dialects) {
  describe(`places and devices of sessions (${dialect})`, () => {
    let stage: Stage;
    let organization: string;
    let account: string;
    let rest: Rest;
    const file = written(database);
    before(async () => {
      const outside = { PORTICO_PLACES: file, PORTICO_TRUSTED_PROXIES: '127.0.0.1,::1' };
      stage = await setStage(dialect, { outside });
      organization = stage.organizationId;
      const browser = openBrowser({ 'x-forwarded-for': '81.2.69.142', 'user-agent': firefox });
      await stage.signIn(first(stage.people), browser);
      account = first((await pageOfAccounts(stage.world, organization, { limit: 10 })).items).id;
      rest = await openRest(stage);
    });
    after(() => stage.close());

    test('S11: REST lists device, and place by address', async () => {
      const { body } = await rest.call('GET', `/organizations/${organization}/accounts/${account}/sessions`);
      const { device, place, address } = first(body.items ?? []);
      assert.deepEqual(
        { device, place, address },
        {
          device: 'Firefox on Windows',
          place: { countryCode: 'DE', country: 'Germany', city: 'Berlin' },
          address: '81.2.69.142',
        },
      );
    });

    test('the command line lists them too', async () => {
      const settings = { PORTICO_URL: stage.url, PORTICO_API_KEY: await rest.keyWith(['sessions:read']) };
      const { out, err } = await runPortico(settings, ['sessions', 'list', organization, account]);
      assert.match(out, /DEVICE +CITY +COUNTRY +ADDRESS/, err);
      assert.match(out, /Firefox on Windows +Berlin +Germany +81\.2\.69\.142/);
    });

    test('/me shows them with each session and each recent sign-in; a private address has no place', async () => {
      const inside = openBrowser({ 'x-forwarded-for': '10.1.2.3', 'user-agent': firefox });
      const { html } = await stage.signIn(first(stage.people), inside);
      const text = visible(html);
      assert.match(text, /Firefox on Windows \(here\) 10\.1\.2\.3 · since/);
      assert.match(text, /Firefox on Windows Berlin, Germany · 81\.2\.69\.142 · since/);
      assert.match(text, /UTC Signed in Firefox on Windows · 10\.1\.2\.3 /);
      assert.match(text, /UTC Signed in Firefox on Windows · Berlin, Germany · 81\.2\.69\.142/);
    });

    test('what a database says is text on /me, never a part of the page', async () => {
      const evil = '<script>alert(1)</script>';
      const bytes = makePlaces([['81.2.69.0/24', { ...berlin, city: { names: { en: evil } } }]]);
      renameSync(written(bytes), file);
      const browser = openBrowser({ 'x-forwarded-for': '81.2.69.142', 'user-agent': firefox });
      const { html } = await stage.signIn(first(stage.people), browser);
      assert.ok(!html.includes('<script>alert'));
      assert.ok(html.includes('&lt;script&gt;alert(1)&lt;/script&gt;, Germany'));
      renameSync(written(database), file);
    });

    test('a spoiled database stops no sign-in; the check says what is wrong, and what is in use', async () => {
      const { live } = await getConnection(stage.world, organization, stage.connection);
      assert.ok(live);
      const of = { organizationId: organization, id: stage.connection, settings: live };
      const check = async () => {
        const found = await Promise.all(signinChecks.map((it) => it(stage.world, of)));
        return found
          .flat()
          .filter(({ name }) => name === 'signin.places')
          .map(({ outcome, saw }) => [outcome, saw]);
      };
      const about = 'Sessions show country and city of their addresses by a database of 2026-10-01.';
      assert.deepEqual(await check(), [['passed', about]]);
      renameSync(written('spoiled'), file);
      const { url, browser } = await stage.signIn(first(stage.people), openBrowser());
      assert.equal(new URL(url).pathname, '/me');
      assert.equal(await stage.isSignedIn(browser), true);
      const fault = `is no database in MaxMind's format (.mmdb), or is spoiled: it has no metadata`;
      const saw = `The file that PORTICO_PLACES names ${fault}; the one of 2026-10-01 stays in use.`;
      assert.deepEqual(await check(), [['warning', saw]]);
    });
  });
}

test('a file that is not there is said in the log at the start, and Portico starts', async () => {
  const { world, logged } = await worldWith(join(folder, 'nowhere.mmdb'));
  const config = { ...world.config, port: 0 };
  const running = await startPortico({ ...world, config, store: { ...world.store, close: async () => undefined } });
  assert.deepEqual(logged, ['the file that PORTICO_PLACES names is not there (ENOENT)']);
  assert.equal((await fetch(`http://127.0.0.1:${running.port}/login`)).status, 200);
  await running.stop();
  await world.close();
});
