import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { byItself, deployment, listEvents } from '#events';
import { listKeys, rotateKeys, signAssertion, tendKeys } from '#signin';
import { dialects } from '../world.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

const day = 86_400_000;

for (const dialect of dialects) {
  describe(`the keys of the provider (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect);
      product = await addProduct(stage);
    });
    after(() => stage.close());

    const published = async (): Promise<JSONWebKeySet> =>
      JSON.parse(await (await fetch(`${stage.url}/oidc/jwks`)).text());
    const kids = async () => (await published()).keys.map(({ kid }) => kid);
    /** The key that signs for a product; each time another one, as libraries look at our keys once in minutes. */
    const kidOfIdToken = async () => {
      const { tokens } = await (await addProduct(stage)).signIn(first(stage.people));
      return decodeProtectedHeader(tokens.id_token ?? '').kid;
    };
    const laterBy = (ms: number) => ({ ...stage.world, now: () => Date.now() + ms });

    test('one RS256 and one ES256 key, public halves only', async () => {
      const { keys } = await published();
      assert.deepEqual(keys.map(({ kty, alg, use }) => [kty, alg, use]).sort(), [
        ['EC', 'ES256', 'sig'],
        ['RSA', 'RS256', 'sig'],
      ]);
      assert.ok(keys.every((key) => !('d' in key) && !('p' in key)));
    });

    test('an assertion for somebody who trusts the issuer verifies with the published key (RFC 7523 §3)', async () => {
      const text = await signAssertion(stage.world, { subject: 'portico', audience: 'api://exchange', seconds: 300 });
      const { payload, protectedHeader } = await jwtVerify(text, createLocalJWKSet(await published()), {
        issuer: `${stage.url}/oidc`,
        audience: 'api://exchange',
        subject: 'portico',
        algorithms: ['RS256'],
      });
      assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
      assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
      assert.ok((await kids()).includes(protectedHeader.kid));
    });

    test('rotated by an operator: published before it signs, no restart, and what the old key signed still verifies', async () => {
      const [before, old] = [await kids(), await product.signIn(first(stage.people))];
      await rotateKeys(stage.world, byItself, { forgetOld: false });
      await setTimeout(600);
      const during = await kids();
      assert.equal(during.length, before.length + 2);
      assert.ok(before.includes(await kidOfIdToken()));
      await stage.sql('update provider_key set signs_at = created_at');
      await setTimeout(600);
      const signs = await kidOfIdToken();
      assert.ok(during.includes(signs) && !before.includes(signs));
      await jwtVerify(old.tokens.id_token ?? '', createLocalJWKSet(await published()));
      const { items } = await listEvents(stage.world, deployment, { limit: 50, order: 'newest' });
      assert.ok(items.some(({ type }) => type === 'provider_keys.rotated'));
    });

    test('the next keys are made by themselves a day before they sign, and the old ones go when no session of their time is left', async () => {
      const listed = async () => (await listKeys(stage.world)).items.map(({ state }) => state);
      const count = (await listed()).length;
      await tendKeys(laterBy(88 * day));
      assert.equal((await listed()).length, 2, `of ${count}, those that signed last stay`);
      await tendKeys(laterBy(89.5 * day));
      const states = await listed();
      assert.deepEqual(states.toSorted(), ['next', 'next', 'signs', 'signs']);
      await tendKeys(laterBy(90 * day));
      assert.equal((await listed()).length, 4, 'none is made twice');
      await tendKeys(laterBy(91 * day));
      assert.equal((await listed()).length, 4, 'cookies and hints of the old ones may still come');
      await tendKeys(laterBy(121 * day));
      assert.equal((await listed()).length, 2);
    });

    test('keys that somebody else may have are forgotten at once, with what they signed', async () => {
      const before = await kids();
      const { items } = await rotateKeys(stage.world, byItself, { forgetOld: true });
      assert.deepEqual(
        items.map(({ state }) => state),
        ['signs', 'signs'],
      );
      await setTimeout(600);
      const now = await kids();
      assert.deepEqual(now.toSorted(), items.map(({ kid }) => kid).toSorted());
      assert.ok(before.every((kid) => !now.includes(kid)));
      assert.ok(now.includes(await kidOfIdToken()));
    });
  });
}
