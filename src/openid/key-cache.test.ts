import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listen, type Said, signingKey } from '../../test/entra/local-tenant.ts';
import { createKeyCache } from './key-cache.ts';
import { ProviderError } from './provider-error.ts';

const minute = 60_000;
const [one, two] = await Promise.all([signingKey('one'), signingKey('two', 'https://issuer.example/{tenantid}/v2.0')]);

async function cacheOf(first: Said) {
  let said = first;
  const clock = { now: 1_000_000_000_000 };
  const server = await listen(() => said);
  const cache = createKeyCache({ fetch, now: () => clock.now });
  return {
    clock,
    server,
    say: (next: Said) => {
      said = next;
    },
    find: (kid: string) => cache.find(`${server.url}/keys`, kid),
    [Symbol.asyncDispose]: server.close,
  };
}

const both = {
  json: {
    keys: [
      two.jwk,
      { kty: 'EC', kid: 'ec' },
      { kty: 'oct', kid: 'mac', k: 'AAAA' },
      { ...two.jwk, kid: 'enc', use: 'enc' },
      one.jwk,
    ],
  },
};
const onlyOne = { json: { keys: [one.jwk] } };
const down = { status: 503, text: 'down' };

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 2000;
  while (!condition() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(condition());
}

test('§1.2: keys are found by kid in any order, with their own issuer member', async () => {
  await using at = await cacheOf(both);
  assert.equal((await at.find('one'))?.issuer, undefined);
  assert.equal((await at.find('two'))?.issuer, 'https://issuer.example/{tenantid}/v2.0');
  assert.equal(at.server.seen.length, 1);
});

test('keys that are not RSA signing keys are left out', async () => {
  await using at = await cacheOf(both);
  assert.equal(await at.find('ec'), undefined);
  assert.equal(await at.find('mac'), undefined);
  assert.equal(await at.find('enc'), undefined);
});

test('concurrent callers share one request', async () => {
  await using at = await cacheOf(onlyOne);
  await Promise.all(Array.from({ length: 20 }, () => at.find('one')));
  assert.equal(at.server.seen.length, 1);
});

test('§1.2: an unknown kid asks anew, so a new key is found at once', async () => {
  await using at = await cacheOf(onlyOne);
  await at.find('one');
  at.say(both);
  assert.ok(await at.find('two'));
  assert.equal(at.server.seen.length, 2);
});

test('§1.2: unknown kids ask at most once in 5 minutes', async () => {
  await using at = await cacheOf(onlyOne);
  await at.find('one');
  for (let i = 0; i < 100; i += 1) assert.equal(await at.find(`unknown-${i}`), undefined);
  assert.equal(at.server.seen.length, 2);
  at.clock.now += 5 * minute - 1;
  await at.find('unknown');
  assert.equal(at.server.seen.length, 2);
  at.clock.now += 1;
  await at.find('unknown');
  assert.equal(at.server.seen.length, 3);
});

test('§1.2: the set is asked anew after an hour, while nobody waits', async () => {
  await using at = await cacheOf(both);
  await at.find('one');
  at.clock.now += 60 * minute - 1;
  await at.find('one');
  assert.equal(at.server.seen.length, 1);
  at.clock.now += 1;
  at.say(onlyOne);
  assert.ok(await at.find('two'));
  await until(() => at.server.seen.length === 2);
});

test('§1.2: the last good set is kept for a day while the address is down', async () => {
  await using at = await cacheOf(onlyOne);
  await at.find('one');
  at.say(down);
  at.clock.now += 23 * 60 * minute;
  assert.ok(await at.find('one'));
  await until(() => at.server.seen.length === 2);
  assert.ok(await at.find('one'));
});

test('§1.2: after a day a set that cannot be renewed is no longer believed', async () => {
  await using at = await cacheOf(onlyOne);
  await at.find('one');
  at.say(down);
  at.clock.now += 24 * 60 * minute;
  await assert.rejects(at.find('one'), ProviderError);
  at.say(onlyOne);
  at.clock.now += 5_000;
  assert.ok(await at.find('one'));
});

test('a failed first look is not repeated within 5 seconds', async () => {
  await using at = await cacheOf(down);
  await assert.rejects(at.find('one'), ProviderError);
  await assert.rejects(at.find('one'), ProviderError);
  assert.equal(at.server.seen.length, 1);
});

for (const json of [{}, { keys: [] }, { keys: 'x' }, { keys: [null, 3, { kty: 'RSA', kid: 'x' }] }, []]) {
  test(`a key set of the form ${JSON.stringify(json)} is an error, not an empty set`, async () => {
    await using at = await cacheOf({ json });
    await assert.rejects(at.find('one'), { name: 'ProviderError', error: 'unreadable' });
  });
}
