import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { settle } from './settle.ts';
import { first, type Stage, setStage } from './stage.ts';

for (const dialect of dialects) {
  describe(`step-up at Microsoft Entra (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());
    const signsIn = async () => visible((await stage.signIn(first(stage.people))).html);
    const reasons = async () => (await stage.events('sign_in.refused')).map((it) => it.data['reason']);
    const challenge = JSON.stringify({ access_token: { polids: { essential: true, values: ['p1'] } } });
    const refuse = (times: number) =>
      stage.entra.control('POST', '/faults', { name: 'aadsts', code: 50076, at: 'token', claims: challenge, times });

    test('facts §1.10: a claims challenge of the token endpoint is replayed: the person is sent back once', async () => {
      await refuse(1);
      assert.match(await signsIn(), /You are signed in/);
      assert.deepEqual(await reasons(), []);
    });

    test('a second challenge ends it: no circle', async () => {
      await refuse(2);
      assert.doesNotMatch(await signsIn(), /You are signed in/);
      assert.equal((await reasons()).length, 1);
    });

    test('facts §1.5: an authentication context is asked for, and checked in acrs; cp1 is not declared', async () => {
      const { contoso } = stage.entra;
      await settle(stage, { authenticationContext: 'c1' });
      const start = await openBrowser().ask(`${stage.url}/oauth/login/contoso?acr_values=c2%20nonsense`);
      const asked = new URL(start.headers.get('location') ?? '').searchParams.get('claims');
      assert.deepEqual(JSON.parse(asked ?? ''), {
        id_token: { auth_time: { essential: true }, acrs: { essential: true, values: ['c1', 'c2'] } },
      });
      await stage.entra.control('POST', `/tenants/${contoso.id}/policies`, {
        displayName: 'Context',
        conditions: { applications: { includeAuthenticationContextClassReferences: ['c1'] } },
        grantControls: { builtInControls: ['compliantDevice'] },
      });
      const user = `/tenants/${contoso.id}/users/${first(stage.people).id}/credentials`;
      await stage.entra.control('PATCH', user, { compliantDevice: true });
      assert.match(await signsIn(), /You are signed in/);
      await settle(stage, { authenticationContext: 'c9' });
      assert.match(await signsIn(), /Your organization asks for one more step/);
    });
  });
}
