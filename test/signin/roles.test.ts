import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { findLive } from '#connections';
import { runChecks } from '#setup';
import { dialects } from '../world.ts';
import { addProduct, type Product } from './product.ts';
import { openProvisioning } from './provisioning.ts';
import { settle } from './settle.ts';
import { type Stage, setStage } from './stage.ts';

const scope = 'openid roles groups';

for (const dialect of dialects) {
  describe(`S10: groups give roles (${dialect})`, () => {
    let stage: Stage;
    let product: Product;
    before(async () => {
      stage = await setStage(dialect, { app: { groupMembershipClaims: 'SecurityGroup' } });
      product = await addProduct(stage);
    });
    after(() => stage.close());
    const person = (index: number) => stage.people[index] ?? assert.fail();
    const claimsOf = async (index: number) =>
      (await product.signIn(person(index), { parameters: { scope } })).tokens.claims() ?? assert.fail();
    const checked = async () => {
      const { world, organizationId, connection } = stage;
      const live = await findLive(world, organizationId, connection);
      assert.ok(live);
      const checks = await runChecks(world, live, null);
      return checks.flatMap(({ name, outcome }) => (name === 'entra.groupPermissions' ? [outcome] : []));
    };

    test('a group of the token, and beyond 200 of them one that Graph tells of (facts §1.5)', async () => {
      const { contoso } = stage.entra;
      const few = stage.entra.contoso.groups.find(({ memberIds }) => memberIds.has(person(0).id)) ?? assert.fail();
      for (let count = 0; count < 201; count += 1)
        await stage.entra.control('POST', `/tenants/${contoso.id}/groups`, {
          displayName: `Many ${count}`,
          members: [person(1).userPrincipalName],
        });
      const made = await stage.entra.control('POST', `/tenants/${contoso.id}/groups`, {
        displayName: 'Deciders',
        members: [person(1).userPrincipalName],
      });
      await settle(stage, {
        roleMappings: [
          { from: 'group', value: few.id, role: 'few' },
          { from: 'group', value: String(made['id']), role: 'decider' },
        ],
      });
      assert.deepEqual((await claimsOf(0))['roles'], ['few']);
      // Without the permission nobody is kept out, and the checks say what is missing.
      assert.deepEqual((await claimsOf(1))['roles'], []);
      assert.deepEqual(await checked(), ['warning']);
      await stage.entra.control('PATCH', `/tenants/${contoso.id}/applications/${stage.app.id}`, {
        permissions: ['GroupMember.Read.All', 'User.Read.All'],
      });
      stage.world.entra.appTokens.forget(await latestToken());
      assert.deepEqual(await checked(), ['passed']);
      const claims = await claimsOf(1);
      assert.equal((claims['roles'] as unknown[]).includes('decider'), true);
      assert.equal((claims['groups'] as unknown[]).includes(made['id']), true);
    });

    const latestToken = async () => {
      const { appTokenFor } = await import('#connections');
      const live = await findLive(stage.world, stage.organizationId, stage.connection);
      return appTokenFor(stage.world, live ?? assert.fail());
    };

    test('a provisioned group gives its role as it is now, by name or by object id', async () => {
      await settle(stage, {
        provisioning: true,
        roleMappings: [{ from: 'group', value: 'Editors', role: 'editor' }],
      });
      const provisioning = await openProvisioning(stage);
      const user = await provisioning.create(person(2));
      const group = await provisioning.createGroup('Editors', [user]);
      const { tokens } = await product.signIn(person(2), { parameters: { scope } });
      assert.deepEqual(tokens.claims()?.['roles'], ['editor']);
      await provisioning.member('Remove', group, user);
      const info = await oidc.fetchUserInfo(product.config, tokens.access_token, oidc.skipSubjectCheck);
      assert.deepEqual(info['roles'], []);
    });
  });
}
