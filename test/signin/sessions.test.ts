import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createConnection, createOrganization } from '#connections';
import { byItself } from '#events';
import { createMeDoor, endSession, pageOfAccounts, pageOfSessions, purgeSignIns } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser } from './browser.ts';
import { first, type Stage, setStage } from './stage.ts';

const all = { limit: 1000 };
const hour = 3_600_000;

for (const dialect of dialects) {
  describe(`sessions (${dialect})`, () => {
    let stage: Stage;
    before(async () => {
      stage = await setStage(dialect);
    });
    after(() => stage.close());

    const source = { requestId: 'r', address: '127.0.0.1', userAgent: null };
    /** Whether a session is valid for a Portico whose clock is off by so much. */
    const isValidAt = async (cookie: string, later: number) => {
      const world = { ...stage.world, now: () => Date.now() + later };
      const request = new Request(`${stage.url}/me`, { headers: { cookie: `__Host-portico_session=${cookie}` } });
      return (await createMeDoor(world)(request, source)).status === 200;
    };
    const signedIn = async (index: number) => {
      const person = stage.people[index];
      assert.ok(person);
      const { browser } = await stage.signIn(person);
      const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
      const account = items.find((it) => it.email === person.mail)?.id ?? '';
      return { browser, account, cookie: browser.cookie(stage.host, '__Host-portico_session') ?? '' };
    };

    test('S11: idle for two hours a session is over; used meanwhile it goes on, for twelve hours at most', async () => {
      const { cookie } = await signedIn(0);
      assert.equal(await isValidAt(cookie, 2 * hour - 60_000), true);
      assert.equal(await isValidAt(cookie, 3 * hour), true, 'it was used at two hours');
      assert.equal(await isValidAt(cookie, 5 * hour + 60_000), false, 'two hours later it is over');
      for (let at = 3; at < 12; at++) assert.equal(await isValidAt(cookie, at * hour + 30 * 60_000), true, `${at} h`);
      assert.equal(await isValidAt(cookie, 12 * hour + 60_000), false);
    });

    test('an operator ends one session, others of the same person stay', async () => {
      const one = await signedIn(1);
      const two = await signedIn(1);
      const { items } = await pageOfSessions(stage.world, stage.organizationId, one.account, all);
      assert.equal(items.length, 2);
      await endSession(stage.world, byItself, stage.organizationId, one.account, first(items).id);
      assert.equal(
        [await stage.isSignedIn(one.browser), await stage.isSignedIn(two.browser)].filter(Boolean).length,
        1,
      );
      await assert.rejects(endSession(stage.world, byItself, stage.organizationId, one.account, first(items).id), {
        problem: 'not-found',
      });
    });

    test('a session is over with its connection, whatever other connections the organization has', async () => {
      const one = await signedIn(6);
      assert.equal(await stage.isSignedIn(one.browser), true);
      await stage.sql(`update session set connection_id = 'deleted' where account_id = '${one.account}'`);
      assert.equal(await stage.isSignedIn(one.browser), false);
    });

    test('a session of one account is not ended by way of another, nor by another organization', async () => {
      const one = await signedIn(2);
      const two = await signedIn(3);
      const other = await createOrganization(stage.world, byItself, { name: 'Other' });
      const session = first((await pageOfSessions(stage.world, stage.organizationId, one.account, all)).items).id;
      const gone = { problem: 'not-found' };
      await assert.rejects(endSession(stage.world, byItself, stage.organizationId, two.account, session), gone);
      await assert.rejects(endSession(stage.world, byItself, other.id, one.account, session), gone);
      assert.deepEqual((await pageOfSessions(stage.world, other.id, one.account, all)).items, []);
      assert.equal(await stage.isSignedIn(one.browser), true);
    });

    test('front-channel logout: Microsoft names issuer and sid, and the session is over without a cookie', async () => {
      const one = await signedIn(4);
      const two = await signedIn(5);
      const left = await one.browser.open(`${stage.entra.url}/${stage.entra.contoso.id}/oauth2/v2.0/logout`);
      const [, frame = ''] = /<iframe[^>]*src="([^"]+)"/.exec(left.html) ?? [];
      const address = new URL(frame.replaceAll('&amp;', '&'));
      assert.equal(address.pathname, '/oauth/logout/contoso');
      const wrong = new URL(address);
      wrong.searchParams.set('iss', 'https://evil.example');
      await openBrowser().open(wrong.href);
      assert.equal(await stage.isSignedIn(one.browser), true);
      const answer = await fetch(address);
      assert.equal(answer.status, 200);
      assert.match(
        answer.headers.get('content-security-policy') ?? '',
        new RegExp(`frame-ancestors ${RegExp.escape(stage.entra.url)}`),
      );
      assert.equal(await stage.isSignedIn(one.browser), false);
      assert.equal(await stage.isSignedIn(two.browser), true);
      assert.ok((await stage.events('session.ended')).some((it) => it.data['why'] === 'signed out at the tenant'));
    });

    test('attack: forged front-channel logout: another issuer, another sid, the sid at another connection or organization', async () => {
      const one = await signedIn(6);
      const left = await one.browser.open(`${stage.entra.url}/${stage.entra.contoso.id}/oauth2/v2.0/logout`);
      const [, frame = ''] = /<iframe[^>]*src="([^"]+)"/.exec(left.html) ?? [];
      const right = new URL(frame.replaceAll('&amp;', '&'));
      const [iss, sid] = [right.searchParams.get('iss') ?? '', right.searchParams.get('sid') ?? ''];
      const other = await createOrganization(stage.world, byItself, { name: 'Fabrikam' });
      for (const [organization, id] of [
        [stage.organizationId, 'sibling'],
        [other.id, 'stranger'],
      ] as const)
        await createConnection(stage.world, byItself, organization, {
          id,
          name: id,
          startFrom: stage.entra.contoso.domain,
        });
      const forged = async (connection: string, parameters: Record<string, string>) =>
        (await fetch(`${stage.url}/oauth/logout/${connection}?${new URLSearchParams(parameters)}`)).status;
      assert.equal(await forged('contoso', { iss: 'https://evil.example', sid }), 200);
      assert.equal(await forged('contoso', { iss: `${iss}/`, sid }), 200);
      assert.equal(await forged('contoso', { iss, sid: sid.replace(/^./, 'x') }), 200);
      assert.equal(await forged('contoso', { iss, sid: '%' }), 200);
      assert.equal(await forged('contoso', { iss }), 400);
      assert.equal(await forged('contoso', { sid }), 400);
      assert.equal(await forged('sibling', { iss, sid }), 200);
      assert.equal(await forged('stranger', { iss, sid }), 200);
      assert.equal(await stage.isSignedIn(one.browser), true);
      assert.equal(await forged('contoso', { iss, sid }), 200);
      assert.equal(await stage.isSignedIn(one.browser), false);
    });

    test('the person signs out here, and at Microsoft only by choice', async () => {
      const { browser } = await signedIn(6);
      const page = await browser.submit(await browser.open(`${stage.url}/login`), {});
      assert.match(page.html, /You are signed out/);
      const [, link = ''] = /<a class="button quiet" href="([^"]+)"/.exec(page.html) ?? [];
      const out = new URL(link.replaceAll('&amp;', '&'));
      assert.equal(out.origin, stage.entra.url);
      assert.ok(out.searchParams.get('logout_hint'));
      assert.equal(out.searchParams.get('post_logout_redirect_uri'), `${stage.url}/oauth/login/contoso/callback`);
      assert.equal(await stage.isSignedIn(browser), false);
      const back = await browser.open(`${stage.url}/oauth/login/contoso/callback`);
      assert.match(back.html, /You are signed out/);
    });

    test('what expired is removed, what is valid stays', async () => {
      const { browser } = await signedIn(7);
      const work = { kind: 'signin.purge', organizationId: stage.organizationId, subject: '', attempts: 1 };
      const under = openBrowser();
      const picker = await under.open(`${stage.url}/oauth/login/contoso`);
      assert.ok(await purgeSignIns(stage.world, work));
      const login = first(stage.people).userPrincipalName;
      assert.match((await under.submit(picker, { login })).html, /You are signed in/, 'a sign-in that is under way');
      const later = { ...stage.world, now: () => Date.now() + 11 * hour };
      assert.ok(await purgeSignIns(later, work));
      assert.equal(await stage.isSignedIn(browser), true);
      assert.equal(await purgeSignIns({ ...stage.world, now: () => Date.now() + 20 * hour }, work), undefined);
      assert.equal(await stage.isSignedIn(browser), false);
    });
  });
}
