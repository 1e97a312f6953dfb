import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bearerOf, isSecretOf, mintCredential, parseCredential } from './credential.ts';

test('a credential tells its kind and public id; only the hash of its secret is kept', () => {
  const { id, value, hash } = mintCredential('scim');
  assert.match(value, /^pt_scim_[0-9a-f]{24}_[A-Za-z0-9-]{43}$/);
  assert.match(hash, /^[0-9a-f]{64}$/);
  const parsed = parseCredential('scim', value);
  assert.equal(parsed?.id, id);
  assert.ok(parsed && isSecretOf(parsed.secret, hash));
  assert.ok(!value.includes(hash));
});

test('a credential of another kind, shape or length is none', () => {
  const { value } = mintCredential('key');
  const wrong = [
    value.replace('pt_key', 'pt_scim'),
    `${value}x`,
    value.slice(0, -1),
    `${value}\n`,
    value.replaceAll('_', '.'),
    '',
    'pt_key__',
  ];
  for (const text of wrong) assert.equal(parseCredential('key', text), undefined, text);
});

test('another secret does not match', () => {
  const [one, two] = [mintCredential('key'), mintCredential('key')];
  assert.equal(isSecretOf(parseCredential('key', two.value)?.secret ?? '', one.hash), false);
});

test('RFC 6750 §2.1: the scheme has no case, and a token no blanks', () => {
  const bearer = (authorization: string) => bearerOf(new Request('http://x/', { headers: { authorization } }));
  assert.equal(bearer('bearer abc'), 'abc');
  assert.equal(bearer('Bearer   abc  '), 'abc');
  assert.equal(bearer('Basic abc'), undefined);
  assert.equal(bearer('Bearer a b'), undefined);
});
