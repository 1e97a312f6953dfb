import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { activateConnection, changeConnection, getConnection, markTested } from '#connections';
import type { UpdateConnection } from '#contract';
import { byItself } from '#events';
import { dialects } from '../world.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`S5, S6: whose e-mail addresses are taken for verified (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      // Without xms_edov no claim proves an address.
      stage = await setStage(dialect, { app: { optionalClaims: ['email'] } });
      product = await addProduct(stage);
    });
    after(() => stage.close());

    const settle = async (change: UpdateConnection) => {
      const { world, organizationId, connection } = stage;
      await changeConnection(world, byItself, organizationId, connection, change, undefined);
      const { version } = await getConnection(world, organizationId, connection);
      await markTested(world, byItself, organizationId, connection, version);
      await activateConnection(world, byItself, organizationId, connection);
    };
    const emailVerified = async () => {
      const { tokens } = await product.signIn(first(stage.people));
      const info = await oidc.fetchUserInfo(product.config, tokens.access_token, tokens.claims()?.sub ?? '');
      return info.email_verified;
    };
    const proven = (state: string) =>
      stage.sql(`update domain set state = '${state}' where organization_id = '${stage.organizationId}'`);

    test('attack: account takeover by an unverified domain: the switch alone verifies no address', async () => {
      assert.equal(await emailVerified(), false, 'the switch is off');
      await proven('verified');
      assert.equal(await emailVerified(), false, 'a proven domain alone is not enough');
      await settle({ trustEmail: true });
      assert.equal(await emailVerified(), true);
      for (const state of ['pending', 'lost']) {
        await proven(state);
        assert.equal(await emailVerified(), false, `${state}, though an operator takes it on trust`);
      }
      await proven('verified');
      await settle({ domains: ['elsewhere.example'] });
      assert.equal(await emailVerified(), false, 'a domain that is not on the connection’s list');
    });
  });
}
