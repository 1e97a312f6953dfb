import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import * as oidc from 'openid-client';
import { getProvisionedUser } from '#directory';
import { pageOfSessions } from '#signin';
import { dialects } from '../world.ts';
import { addProduct, type Product } from './product.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { type Stage, setStage } from './stage.ts';

/** How often each place is asked, in milliseconds. */
const every = 20;

for (const dialect of dialects) {
  describe(`a disabled user is out (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    let provisioning: Provisioning;
    before(async () => {
      stage = await setStage(dialect, { settings: { provisioning: true } });
      product = await addProduct(stage);
      provisioning = await openProvisioning(stage);
    });
    after(() => stage.close());

    test('S17: wherever Portico is asked, within a second, and the event says how many milliseconds it took', async () => {
      const { world, organizationId, connection } = stage;
      const person = stage.people[0] ?? assert.fail();
      const user = await provisioning.create(person);
      const signIn = () =>
        product.signIn(person, { parameters: { scope: 'openid offline_access', prompt: 'consent' } });
      const { browser, tokens } = await signIn();
      const account = tokens.claims()?.sub ?? '';
      // A refresh token is good for one use: the poller goes on with the one that it was given last.
      let refreshToken = (await signIn()).tokens.refresh_token ?? '';

      /** Each place that is asked, and whether it still takes the person for active. */
      const places = {
        'session check': () => stage.isSignedIn(browser),
        introspection: async () => (await oidc.tokenIntrospection(product.config, tokens.access_token)).active,
        refresh: () =>
          oidc.refreshTokenGrant(product.config, refreshToken).then(
            ({ refresh_token }) => {
              refreshToken = refresh_token ?? refreshToken;
              return true;
            },
            (error: { error?: string }) => {
              assert.equal(error.error, 'invalid_grant');
              return false;
            },
          ),
        'sessions over REST': async () =>
          (await pageOfSessions(world, organizationId, account, { limit: 1000 })).items.length > 0,
        'user over REST': async () => (await getProvisionedUser(world, organizationId, connection, user)).active,
      };
      for (const [place, ask] of Object.entries(places)) assert.equal(await ask(), true, `${place} is open before`);

      let sentAt = Number.POSITIVE_INFINITY;
      const pollers = Object.entries(places).map(async ([place, ask]) => {
        // When the last question was asked that was answered with yes, and when the first no arrived.
        for (let lastYes = 0; ; ) {
          const askedAt = performance.now();
          if (!(await ask())) return { place, lastYes, firstNo: performance.now() };
          lastYes = askedAt;
          assert.ok(askedAt - sentAt < 1000, `${place} still lets the person in after a second`);
          await setTimeout(every);
        }
      });
      await setTimeout(5 * every);
      sentAt = performance.now();
      await provisioning.switchTo(user, false);
      const answered = performance.now() - sentAt;
      const out = await Promise.all(pollers);
      const [event, ...others] = await stage.events('user.deactivated');
      assert.deepEqual(others, []);
      const told = Number(event?.data['ms']);
      assert.ok(told <= answered, `answered after ${answered} ms, the event says ${told}`);
      for (const { place, lastYes, firstNo } of out) {
        const [yes, no] = [lastYes - sentAt, firstNo - sentAt];
        assert.ok(no < 1000, `${place}: ${no} ms`);
        // What provisioning was told is done is done: it was committed before.
        assert.ok(
          yes <= answered,
          `${place} let the person in after ${yes} ms, provisioning was answered at ${answered}`,
        );
        assert.ok(no >= told - 1, `${place} was shut after ${no} ms, the event says ${told}`);
      }
    });
  });
}
