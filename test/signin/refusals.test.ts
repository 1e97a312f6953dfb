import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  activateConnection,
  changeConnection,
  getConnection,
  markTested,
  pauseConnection,
  setSecret,
  switchSecret,
} from '#connections';
import type { UpdateConnection } from '#contract';
import { byItself } from '#events';
import { signinChecks } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { first, type Stage, setStage } from './stage.ts';

const isCallback = (location: string) => location.includes('/callback?');

for (const dialect of dialects) {
  describe(`a refused sign-in says what happened and what to do (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());
    const login = () => first(stage.people).userPrincipalName;
    const control = (method: string, path: string, body?: unknown) =>
      stage.entra.control(method, `/tenants/${stage.entra.contoso.id}${path}`, body);
    const lastRefusal = async () => (await stage.events('sign_in.refused')).at(-1);
    const settle = async (change: UpdateConnection) => {
      const { world, organizationId, connection } = stage;
      const { version } = await changeConnection(world, byItself, organizationId, connection, change, undefined);
      await markTested(world, byItself, organizationId, connection, version);
      await activateConnection(world, byItself, organizationId, connection);
    };

    test('cancelled at Microsoft: own words, the code, the correlation id, an id to quote, and a way to start again', async () => {
      const browser = openBrowser();
      const picker = await browser.open(`${stage.url}/oauth/login/contoso`);
      const page = await browser.submit(picker, { cancel: '1' });
      const text = visible(page.html);
      assert.equal(page.status, 400);
      assert.match(text, /^You cancelled the sign-in/);
      assert.match(text, /AADSTS65004/);
      assert.match(text, /Correlation id [0-9a-f-]{36}/);
      assert.match(text, /Trace id [0-9a-f-]{36}/);
      assert.match(page.html, /<a class="button" href="\/login">Start again<\/a>/);
      const event = await lastRefusal();
      assert.deepEqual([event?.data['reason'], event?.data['aadsts']], ['cancelled', 65004]);
      const [, quoted] = /quote ([0-9a-f-]{36})/.exec(text) ?? [];
      assert.equal(event?.requestId, quoted);
    });

    const answers: readonly (readonly [code: number, error: string, words: RegExp, reason: string])[] = [
      [65001, 'consent_required', /has not allowed this application yet/, 'consent_missing'],
      [90094, 'access_denied', /An administrator has to approve this first/, 'approval_pending'],
      [50105, 'interaction_required', /You are not assigned to this application/, 'unassigned'],
      [50020, 'invalid_request', /You signed in with another organization/, 'wrong_tenant'],
      [50057, 'invalid_grant', /Your account is switched off/, 'person_disabled_at_entra'],
      [90033, 'temporarily_unavailable', /could not be reached|Microsoft refused/, 'unreachable'],
      [50076, 'interaction_required', /A second proof is needed/, 'mfa_needed'],
      [50128, 'invalid_request', /Your organization was not found at Microsoft/, 'tenant_unknown'],
      [16000, 'interaction_required', /Microsoft refused the sign-in/, 'entra'],
    ];
    for (const [code, error, words, reason] of answers) {
      test(`AADSTS${code} in the answer: ${reason}`, async () => {
        const browser = openBrowser();
        const start = await browser.ask(`${stage.url}/oauth/login/contoso`);
        const state = new URL(start.headers.get('location') ?? '').searchParams.get('state') ?? '';
        const answer = new URLSearchParams({
          state,
          error,
          error_description: `AADSTS${code}: Refused. Trace ID: 11111111-1111-4111-8111-111111111111 Correlation ID: 22222222-2222-4222-8222-222222222222 Timestamp: 2026-11-21 10:00:00Z`,
        });
        const page = await browser.open(`${stage.url}/oauth/login/contoso/callback?${answer}`);
        assert.match(visible(page.html), words);
        assert.match(visible(page.html), new RegExp(`AADSTS${code}`));
        assert.match(visible(page.html), /2026-11-21 10:00:00Z/);
        assert.equal((await lastRefusal())?.data['reason'], reason);
      });
    }

    test('the secret is past its end: said to the person without blame, to the admin with the page to go to', async () => {
      const browser = openBrowser();
      const picker = await browser.open(`${stage.url}/oauth/login/contoso`);
      const { url } = await browser.submit(picker, { login: login() }, isCallback);
      await control('DELETE', `/applications/${stage.app.appId}/secrets/${stage.app.keyId}`);
      const page = await browser.open(url);
      assert.match(visible(page.html), /The sign-in is not set up right at the moment/);
      assert.match(visible(page.html), /AADSTS7000215/);
      assert.equal((await lastRefusal())?.data['reason'], 'secret_wrong');
      const made = await control('POST', `/applications/${stage.app.appId}/secrets`, { displayName: 'next' });
      const { world, organizationId, connection } = stage;
      const value = String(made['secretText']);
      const secret = await setSecret(world, byItself, organizationId, connection, { value });
      await switchSecret(world, byItself, organizationId, connection, secret.id);
      assert.equal((await stage.signIn({ userPrincipalName: login() })).status, 200);
    });

    test('K4: while secrets change, a sign-in under way ends well with whichever is good', async () => {
      const { world, organizationId, connection } = stage;
      const add = async () => {
        const made = await control('POST', `/applications/${stage.app.appId}/secrets`, { displayName: 'rotated' });
        const value = String(made['secretText']);
        const secret = await setSecret(world, byItself, organizationId, connection, { value });
        return { id: secret.id, keyId: String(made['keyId']) };
      };
      const second = await add();
      await switchSecret(world, byItself, organizationId, connection, second.id);
      const third = await add();
      // The tenant's admin removes the secret in use before the switch: the one that waits takes over.
      await control('DELETE', `/applications/${stage.app.appId}/secrets/${second.keyId}`);
      assert.equal((await stage.signIn({ userPrincipalName: login() })).status, 200);
      await switchSecret(world, byItself, organizationId, connection, third.id);
      const fourth = await add();
      await switchSecret(world, byItself, organizationId, connection, fourth.id);
      // The new one is gone, the one before is still good.
      await control('DELETE', `/applications/${stage.app.appId}/secrets/${fourth.keyId}`);
      assert.equal((await stage.signIn({ userPrincipalName: login() })).status, 200);
    });

    test('a draft that is activated while people sign in spoils nothing for them', async () => {
      const browser = openBrowser();
      const picker = await browser.open(`${stage.url}/oauth/login/contoso`);
      const { url } = await browser.submit(picker, { login: login() }, isCallback);
      const clientId = '11111111-2222-4333-8444-555555555555';
      await settle({ clientId });
      assert.equal((await browser.open(url)).status, 200);
      await settle({ clientId: stage.app.appId });
    });

    test('too late: ten minutes after its start a sign-in is over', async () => {
      const browser = openBrowser();
      const picker = await browser.open(`${stage.url}/oauth/login/contoso`);
      const { url } = await browser.submit(picker, { login: login() }, isCallback);
      await stage.sql('update sign_in_request set expires_at = 1 where consumed_at is null');
      assert.match(visible((await browser.open(url)).html), /This sign-in took too long/);
    });

    test('a paused connection, one without sign-in, and one that never was answer alike', async () => {
      const { world, organizationId, connection } = stage;
      await pauseConnection(world, byItself, organizationId, connection);
      const pages = [await openBrowser().open(`${stage.url}/oauth/login/contoso`)];
      await activateConnection(world, byItself, organizationId, connection);
      await settle({ signIn: false });
      pages.push(await openBrowser().open(`${stage.url}/oauth/login/contoso`));
      await settle({ signIn: true });
      pages.push(await openBrowser().open(`${stage.url}/oauth/login/nowhere`));
      for (const page of pages) {
        assert.equal(page.status, 400);
        assert.match(visible(page.html), /There is no such sign-in/);
      }
    });

    test('checks: whether anybody new can get in, and whether people find the way', async () => {
      const { world, organizationId, connection: id } = stage;
      const ask = async () => {
        const { live } = await getConnection(world, organizationId, id);
        assert.ok(live);
        const of = { organizationId, id, settings: live };
        const found = await Promise.all(signinChecks.map((check) => check(world, of)));
        return found.flat().map(({ name, outcome }) => `${name} ${outcome}`);
      };
      assert.deepEqual(await ask(), ['signin.registration passed', 'signin.domains passed']);
      await settle({ registration: 'provisioned', domains: [] });
      assert.deepEqual(await ask(), ['signin.registration failed', 'signin.domains passed']);
    });
  });
}
