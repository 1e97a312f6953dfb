import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSealer, SealError } from './seal.ts';

const [first, second] = [randomBytes(32), randomBytes(32)];
const place = { table: 'secret', organizationId: 'o1', id: 's1', column: 'value' };

test('a sealed value opens in its place, and holds nothing of the plain text', () => {
  const sealer = createSealer([first]);
  const sealed = sealer.seal('Pa55~word', place);
  assert.match(sealed, /^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]+$/);
  assert.ok(!sealed.includes('Pa55'));
  assert.equal(sealer.open(sealed, place), 'Pa55~word');
  assert.notEqual(sealer.seal('Pa55~word', place), sealed);
});

test('no two seals have a nonce in common (NIST SP 800-38D §8)', () => {
  const sealer = createSealer([first]);
  const many = 1000;
  const nonces = new Set(Array.from({ length: many }, () => sealer.seal('x', place).split('.')[2]));
  assert.equal(nonces.size, many);
});

for (const part of ['table', 'organizationId', 'id', 'column'] as const) {
  test(`a sealed value does not open with another ${part}: a row copied over another gives nothing away`, () => {
    const sealer = createSealer([first]);
    const sealed = sealer.seal('x', place);
    assert.throws(() => sealer.open(sealed, { ...place, [part]: 'other' }), SealError);
  });
}

test('the first key seals, all open; a value under a missing key names that key', () => {
  const old = createSealer([first]).seal('x', place);
  assert.equal(createSealer([second, first]).open(old, place), 'x');
  assert.throws(
    () => createSealer([second]).open(old, place),
    /was sealed with key [0-9a-f]{8}, which is not among PORTICO_SEALING_KEYS/,
  );
});

test('a changed value does not open', () => {
  const sealer = createSealer([first]);
  const sealed = sealer.seal('twelve chars', place);
  const changed = sealed.slice(0, -3) + (sealed.endsWith('AAA') ? 'BBB' : 'AAA');
  assert.throws(() => sealer.open(changed, place), SealError);
});
