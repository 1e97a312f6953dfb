import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import type { ClientInput } from '#contract';
import { byItself } from '#events';
import { changeClient, createClient, deleteClient, revokeConsent } from '#signin';
import { dialects } from '../world.ts';
import { addProduct } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';

for (const dialect of dialects) {
  describe(`tokens of what was withdrawn (${dialect})`, () => {
    let stage: Stage;
    let orders: oidc.Configuration;
    let stock: oidc.Configuration;
    before(async () => {
      stage = await setStage(dialect);
      const api = (name: string) => `https://${name}.example/`;
      stock = await configOf(await add({ kind: 'api', name: 'Stock', identifier: api('stock'), apiScopes: ['read'] }));
      const resources = [{ resource: api('stock'), scopes: ['read'] }];
      orders = await configOf(
        await add({
          kind: 'api',
          name: 'Orders',
          identifier: api('orders'),
          apiScopes: ['read'],
          mayExchange: true,
          resources,
        }),
      );
    });
    after(() => stage.close());
    const anna = () => first(stage.people);
    const add = (input: ClientInput) => createClient(stage.world, byItself, input);
    const configOf = ({ id, secret }: { id: string; secret: string | null }) =>
      oidc.discovery(new URL(`${stage.url}/oidc`), id, secret ?? undefined, undefined, {
        execute: [oidc.allowInsecureRequests],
      });
    const forOrders = { resources: [{ resource: 'https://orders.example/', scopes: ['read'] }] };
    const isActive = async (token: string) => (await oidc.tokenIntrospection(orders, token)).active;
    const isActiveAtStock = async (token: string) => (await oidc.tokenIntrospection(stock, token)).active;
    const exchanged = (token: string) =>
      oidc.genericGrantRequest(orders, exchange, {
        subject_token: token,
        subject_token_type: accessToken,
        resource: 'https://stock.example/',
      });

    test('attack: the token of a machine that was deleted is none where an API asks', async () => {
      const machine = await add({ kind: 'machine', name: 'Nightly', ...forOrders });
      const resource = 'https://orders.example/';
      const { access_token: token } = await oidc.clientCredentialsGrant(await configOf(machine), { resource });
      assert.equal(await isActive(token), true);
      await deleteClient(stage.world, byItself, machine.id);
      assert.deepEqual(await oidc.tokenIntrospection(orders, token), { active: false });
    });

    for (const [what, withdraw] of [
      ['that was deleted', (id: string) => deleteClient(stage.world, byItself, id)],
      [
        'that is closed to the organization now',
        (id: string) => changeClient(stage.world, byItself, id, { organizations: ['another'] }, undefined),
      ],
    ] as const) {
      test(`attack: the token of a person at a product ${what} is none where an API asks, exchanged for nothing, and ends what it was exchanged for`, async () => {
        const product = await addProduct(stage, 'Buyer', undefined, forOrders);
        const parameters = { scope: 'openid read', resource: 'https://orders.example/' };
        const { tokens } = await product.signIn(anna(), { parameters });
        assert.equal(await isActive(tokens.access_token), true);
        const { access_token: other } = await exchanged(tokens.access_token);
        assert.equal(await isActiveAtStock(other), true);
        await withdraw(product.clientId);
        assert.deepEqual(await oidc.tokenIntrospection(orders, tokens.access_token), { active: false });
        await assert.rejects(exchanged(tokens.access_token), { error: 'invalid_grant' });
        assert.equal(await isActiveAtStock(other), false, 'nor what it was exchanged for');
      });
    }

    test('attack: consent taken back ends what every window of the person got, also by a second session of the provider', async () => {
      const partner = await addProduct(stage, 'Partner', undefined, { firstParty: false });
      const { browser } = await stage.signIn(anna());
      const isBack = (location: string) => location.startsWith(partner.callback);
      const allow = async () => {
        const { url, checks } = await partner.begin({ scope: 'openid offline_access', prompt: 'consent' });
        const page = await browser.open(url, isBack);
        const back = isBack(page.url) ? page : await browser.submit(page, { answer: 'allow' }, isBack);
        return oidc.authorizationCodeGrant(partner.config, new URL(back.url), checks);
      };
      const one = await allow();
      browser.plant(stage.host, 'portico_provider', 'gone');
      const two = await allow();
      assert.notEqual(one.claims()?.['sid'], two.claims()?.['sid']);
      const accountId = one.claims()?.sub ?? '';
      const person = { organizationId: stage.organizationId, accountId, name: null, userName: 'anna' };
      const source = { requestId: 'r', address: '192.0.2.1', userAgent: null };
      await revokeConsent(stage.world, source, person, partner.clientId);
      for (const tokens of [one, two]) {
        const asked = oidc.fetchUserInfo(partner.config, tokens.access_token, oidc.skipSubjectCheck);
        await assert.rejects(asked, { status: 401 });
        const again = oidc.refreshTokenGrant(partner.config, tokens.refresh_token ?? '');
        await assert.rejects(again, { error: 'invalid_grant' });
      }
    });
  });
}
