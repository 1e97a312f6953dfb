import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import type { ClientInput } from '#contract';
import { byItself, deployment, listEvents } from '#events';
import { createOutboundFetch } from '#http';
import { changeClient, createClient } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { addProduct, type Product } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

const script = `<script>alert(1)</script>"'><img src=x>`;

for (const dialect of dialects) {
  describe(`attacks on the clients of the provider (${dialect})`, () => {
    let stage: Stage;
    /** Whatever must not be asked. */
    let trap: Server;
    let trapped: string;
    const asked: string[] = [];
    const guarded = createOutboundFetch({ allowPrivate: false, trusted: [] });
    let guarding = false;
    before(async () => {
      stage = await setStage(dialect, { fetch: (input, init) => (guarding ? guarded : fetch)(input, init) });
      trap = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end('{"keys":[]}');
      });
      await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
      trapped = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
    });
    after(async () => {
      trap.close();
      await stage.close();
    });
    const anna = () => first(stage.people);
    const add = (input: ClientInput) => createClient(stage.world, byItself, input);
    const token = (form: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(`${stage.url}/oidc/token`, { method: 'POST', body: new URLSearchParams(form), headers });
    const errorOf = async (answer: Response): Promise<unknown> => ((await answer.json()) as { error?: unknown }).error;

    const kinds: readonly [ClientInput['kind'] & string, string, Record<string, string>][] = [
      [
        'spa',
        'https://spa.example/cb',
        {
          suffix: 'https://spa.example/cb/more',
          userinfo: 'https://spa.example@evil.example/cb',
          'other host': 'https://spa.example.evil.example/cb',
          'trailing dot': 'https://spa.example./cb',
          case: 'https://spa.example/CB',
          port: 'https://spa.example:8443/cb',
          'path traversal': 'https://spa.example/cb/../admin',
          encoding: 'https://spa.example/%63b',
          fragment: 'https://spa.example/cb#x',
          scheme: 'http://spa.example/cb',
          backslash: 'https://spa.example\\@evil.example/cb',
        },
      ],
      [
        'native',
        'http://127.0.0.1/cb',
        {
          suffix: 'http://127.0.0.1:5000/cb/more',
          'other path': 'http://127.0.0.1:5000/CB',
          userinfo: 'http://127.0.0.1:5000@evil.example/cb',
          'other host': 'http://127.0.0.1.evil.example/cb',
          'other address': 'http://127.0.0.2:5000/cb',
          'other name': 'http://localhost:5000/cb',
          https: 'https://127.0.0.1:5000/cb',
          'not a port': 'http://127.0.0.1:5000.evil.example/cb',
          query: 'http://127.0.0.1:5000/cb?x=1',
          fragment: 'http://127.0.0.1:5000/cb#x',
          'trailing dot': 'http://127.0.0.1.:5000/cb',
          'decimal address': 'http://2130706433:5000/cb',
        },
      ],
      [
        'native',
        'app://auth',
        {
          suffix: 'app://auth/more',
          'other host': 'app://auth.evil',
          case: 'app://AUTH',
          slash: 'app://auth/',
          'other scheme': 'apps://auth',
          port: 'app://auth:1',
          userinfo: 'app://x@auth',
        },
      ],
      [
        'extension',
        'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/cb',
        {
          'other extension': 'https://bbcdefghijklmnopabcdefghijklmnop.chromiumapp.org/cb',
          suffix: 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/cb2',
          'other host': 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org.evil.example/cb',
          port: 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org:444/cb',
        },
      ],
    ];
    for (const [kind, registered, misses] of kinds) {
      test(`attack: redirect near-misses: the browser stays here (${kind}, ${registered})`, async () => {
        const { id } = await add({ kind, name: 'Target', redirectUris: [registered] });
        const query = { client_id: id, response_type: 'code', scope: 'openid', code_challenge_method: 'S256' };
        for (const [what, uri] of Object.entries(misses)) {
          const of = new URLSearchParams({ ...query, code_challenge: 'a'.repeat(43), redirect_uri: uri });
          const page = await openBrowser().ask(`${stage.url}/oidc/auth?${of}`);
          assert.deepEqual([page.status, page.headers.get('location')], [400, null], what);
          const pushed = await fetch(`${stage.url}/oidc/request`, { method: 'POST', body: of });
          assert.equal(pushed.status, 400, `pushed: ${what}`);
        }
        const of = new URLSearchParams({ ...query, code_challenge: 'a'.repeat(43), redirect_uri: registered });
        assert.equal((await openBrowser().ask(`${stage.url}/oidc/auth?${of}`)).status, 303);
      });
    }

    test('attack: PKCE downgrade at a client without a secret', async () => {
      const spa = await addProduct(stage, 'Single', undefined, { kind: 'spa' });
      for (const change of [{ code_challenge_method: 'plain' }, { code_challenge: '' }]) {
        const url = new URL((await spa.begin()).url);
        for (const [name, value] of Object.entries(change)) {
          if (value === '') url.searchParams.delete(name);
          else url.searchParams.set(name, value);
        }
        const { headers } = await openBrowser().ask(url.href);
        const back = new URL(headers.get('location') ?? '');
        assert.deepEqual([back.searchParams.get('error'), back.searchParams.get('code')], ['invalid_request', null]);
      }
      const { url } = await spa.begin();
      const answer = await spa.reach(url, anna(), openBrowser());
      const form = { grant_type: 'authorization_code', redirect_uri: spa.callback, client_id: spa.clientId };
      const code = answer.searchParams.get('code') ?? '';
      assert.equal(await errorOf(await token({ ...form, code })), 'invalid_grant');
      assert.equal(await errorOf(await token({ ...form, code, code_verifier: 'b'.repeat(43) })), 'invalid_grant');
    });

    test('attack: code injection: a code of another sign-in at the same product is worth nothing without its verifier', async () => {
      const spa = await addProduct(stage, 'Victim', undefined, { kind: 'spa' });
      const [victim, attacker] = [await spa.begin(), await spa.begin()];
      const stolen = await spa.reach(victim.url, anna(), openBrowser());
      stolen.searchParams.set('state', String(attacker.checks.expectedState));
      await assert.rejects(oidc.authorizationCodeGrant(spa.config, stolen, attacker.checks), {
        error: 'invalid_grant',
      });
    });

    test('attack: mix-up: every answer names its issuer, refusals too (RFC 9207 §2)', async () => {
      const product = await addProduct(stage, 'Named');
      const { headers } = await openBrowser().ask((await product.begin({ prompt: 'none' })).url);
      assert.equal(new URL(headers.get('location') ?? '').searchParams.get('iss'), `${stage.url}/oidc`);
      const answer = await product.reach((await product.begin()).url, anna(), openBrowser());
      assert.equal(answer.searchParams.get('iss'), `${stage.url}/oidc`);
    });

    test('attack: refresh token reuse: the whole family dies, in one moment or after another, and it is told', async () => {
      const spa = await addProduct(stage, 'Family', undefined, { kind: 'spa' });
      const { tokens } = await spa.signIn(anna());
      const next = await oidc.refreshTokenGrant(spa.config, tokens.refresh_token ?? '');
      await assert.rejects(oidc.refreshTokenGrant(spa.config, tokens.refresh_token ?? ''), { error: 'invalid_grant' });
      await assert.rejects(oidc.refreshTokenGrant(spa.config, next.refresh_token ?? ''), { error: 'invalid_grant' });
      await assert.rejects(oidc.fetchUserInfo(spa.config, next.access_token, oidc.skipSubjectCheck));

      const second = await spa.signIn(anna());
      const both = await Promise.allSettled(
        [0, 1].map(() => oidc.refreshTokenGrant(spa.config, second.tokens.refresh_token ?? '')),
      );
      const won = both.find((it) => it.status === 'fulfilled');
      assert.equal(both.filter(({ status }) => status === 'fulfilled').length <= 1, true);
      await assert.rejects(oidc.fetchUserInfo(spa.config, second.tokens.access_token, oidc.skipSubjectCheck));
      if (won !== undefined) {
        await assert.rejects(oidc.refreshTokenGrant(spa.config, won.value.refresh_token ?? ''));
      }
      const told = await stage.events('refresh_token.reused');
      assert.deepEqual(
        told.map(({ subject }) => subject.id),
        [spa.clientId, spa.clientId],
      );
    });

    test('attack: a token of one client at another: refreshed, introspected, revoked, exchanged for nothing', async () => {
      const spa = await addProduct(stage, 'Owner', undefined, { kind: 'spa' });
      const thief = await addProduct(stage, 'Thief', undefined, { kind: 'spa' });
      const machine = await add({ kind: 'machine', name: 'Robot' });
      const config = await oidc.discovery(new URL(`${stage.url}/oidc`), machine.id, machine.secret ?? '', undefined, {
        execute: [oidc.allowInsecureRequests],
      });
      const { tokens } = await spa.signIn(anna());
      await assert.rejects(oidc.refreshTokenGrant(thief.config, tokens.refresh_token ?? ''), {
        error: 'invalid_grant',
      });
      for (const other of [thief.config, config]) {
        assert.deepEqual(await oidc.tokenIntrospection(other, tokens.access_token), { active: false });
        await oidc.tokenRevocation(other, tokens.refresh_token ?? '').catch(() => undefined);
      }
      await assert.rejects(oidc.refreshTokenGrant(config, tokens.refresh_token ?? ''), { error: 'invalid_request' });
      assert.ok(await oidc.refreshTokenGrant(spa.config, tokens.refresh_token ?? ''));
    });

    test('attack: a grant that a client was not made for is refused', async () => {
      const spa = await add({ kind: 'spa', name: 'Spa', redirectUris: ['https://spa.example/cb'] });
      const native = await add({ kind: 'native', name: 'Native', redirectUris: ['app://auth'] });
      const web = await add({ name: 'Web', redirectUris: ['https://web.example/cb'] });
      for (const [of, form] of [
        [spa, { grant_type: 'client_credentials' }],
        [native, { grant_type: 'client_credentials' }],
        [web, { grant_type: 'client_credentials', client_secret: web.secret ?? '' }],
        [native, { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'x' }],
        [web, { grant_type: 'password', username: 'a', password: 'b', client_secret: web.secret ?? '' }],
        [web, { grant_type: 'implicit', client_secret: web.secret ?? '' }],
      ] as const) {
        const answer = await token({ client_id: of.id, ...form });
        assert.ok(
          ['invalid_request', 'unsupported_grant_type'].includes(String(await errorOf(answer))),
          form.grant_type,
        );
      }
      const device = new URLSearchParams({ client_id: native.id, scope: 'openid' });
      const begun = await fetch(`${stage.url}/oidc/device/auth`, { method: 'POST', body: device });
      assert.equal(begun.status, 400);
      const none = await token({ grant_type: 'authorization_code', client_id: web.id, code: 'x', redirect_uri: 'x' });
      assert.equal(await errorOf(none), 'invalid_client', 'a client with a secret does not come without');
    });

    test('attack: assertions: jku, x5u, jwk, alg none, HS256 with the public key, another client, another audience, two redemptions of one', async () => {
      const [own, foreign] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
      const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k', use: 'sig', alg: 'RS256' };
      const machine = await add({ kind: 'machine', name: 'M', authentication: 'privateKeyJwt', jwks: { keys: [jwk] } });
      const foreignJwk = await exportJWK(foreign.publicKey);
      const claims = (change: Record<string, unknown> = {}) => ({
        iss: machine.id,
        sub: machine.id,
        aud: `${stage.url}/oidc/token`,
        jti: Math.random().toString(36),
        exp: Math.floor(Date.now() / 1000) + 60,
        ...change,
      });
      const signed = (
        header: JWTHeaderParameters,
        key: Parameters<SignJWT['sign']>[0],
        change?: Record<string, unknown>,
      ) => new SignJWT(claims(change)).setProtectedHeader(header).sign(key);
      const present = (assertion: string) =>
        token({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        });
      const part = (it: unknown) => Buffer.from(JSON.stringify(it)).toString('base64url');
      const bad: Record<string, string> = {
        jku: await signed({ alg: 'RS256', jku: `${trapped}/keys` }, foreign.privateKey),
        x5u: await signed({ alg: 'RS256', x5u: `${trapped}/cert` }, foreign.privateKey),
        jwk: await signed({ alg: 'RS256', jwk: foreignJwk }, foreign.privateKey),
        'same kid': await signed({ alg: 'RS256', kid: 'k' }, foreign.privateKey),
        none: `${part({ alg: 'none' })}.${part(claims())}.`,
        HS256: await signed({ alg: 'HS256', kid: 'k' }, new TextEncoder().encode(JSON.stringify(jwk))),
        'another client': await signed({ alg: 'RS256', kid: 'k' }, own.privateKey, { iss: 'other' }),
        'another audience': await signed({ alg: 'RS256', kid: 'k' }, own.privateKey, { aud: 'https://evil.example' }),
        over: await signed({ alg: 'RS256', kid: 'k' }, own.privateKey, { exp: 1 }),
        'without an end': await signed({ alg: 'RS256', kid: 'k' }, own.privateKey, { exp: undefined }),
        'without an id': await signed({ alg: 'RS256', kid: 'k' }, own.privateKey, { jti: undefined }),
      };
      for (const [what, assertion] of Object.entries(bad)) {
        const answer = await present(assertion);
        assert.equal(answer.status, 401, what);
        assert.equal(await errorOf(answer), 'invalid_client', what);
      }
      assert.equal((await present(await signed({ alg: 'RS256', kid: 'k' }, own.privateKey))).status, 200);
      assert.deepEqual(asked, []);
      const once = await signed({ alg: 'RS256', kid: 'k' }, own.privateKey, { jti: 'once' });
      const raced = (await Promise.all([1, 2, 3, 4].map(() => present(once)))).map(({ status }) => status);
      assert.equal(raced.filter((status) => status === 200).length, 1, `a race: four at once: ${raced}`);
      assert.equal((await present(once)).status, 401);
    });

    test('attack: a request object, or its address, is not taken from the browser', async () => {
      const product = await addProduct(stage, 'Plain');
      const { url } = await product.begin();
      const part = (it: unknown) => Buffer.from(JSON.stringify(it)).toString('base64url');
      const evil = { redirect_uri: 'https://evil.example/', client_id: product.clientId };
      for (const [name, value] of [
        ['request', `${part({ alg: 'none' })}.${part(evil)}.`],
        ['request_uri', `${trapped}/request`],
        ['request_uri', 'urn:ietf:params:oauth:request_uri:guess'],
      ] as const) {
        const changed = new URL(url);
        changed.searchParams.set(name, value);
        const page = await openBrowser().ask(changed.href);
        const location = page.headers.get('location') ?? '';
        assert.doesNotMatch(location, /evil|code=/);
        assert.match(location + page.html, /request_not_supported|request_uri_not_supported|invalid_request_uri/);
      }
      assert.deepEqual(asked, []);
    });

    test('attack: SSRF by the address of a client’s keys: inside is not asked', async () => {
      guarding = true;
      try {
        const { privateKey } = await generateKeyPair('RS256');
        const { port } = trap.address() as AddressInfo;
        for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '10.0.0.1']) {
          const jwksUri = host.startsWith('1') && host !== '127.0.0.1' ? `https://${host}/` : `http://${host}:${port}/`;
          const machine = await add({ kind: 'machine', name: 'M', authentication: 'privateKeyJwt', jwksUri });
          const assertion = await new SignJWT({ jti: host })
            .setProtectedHeader({ alg: 'RS256' })
            .setIssuer(machine.id)
            .setSubject(machine.id)
            .setAudience(`${stage.url}/oidc`)
            .setExpirationTime('1m')
            .sign(privateKey);
          const answer = await token({
            grant_type: 'client_credentials',
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: assertion,
          });
          assert.ok(answer.status >= 400 && answer.status < 500, `${host}: ${answer.status}`);
        }
        assert.deepEqual(asked, []);
      } finally {
        guarding = false;
      }
    });

    test('attack: stored script by the names of clients and devices stays text', async () => {
      const partner = await addProduct(stage, 'Evil', undefined, { firstParty: false, name: script });
      const { browser } = await stage.signIn(anna());
      const consent = await browser.open((await partner.begin()).url);
      const tool = await add({ kind: 'native', name: script, deviceFlow: true });
      const begun = await fetch(`${stage.url}/oidc/device/auth`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: tool.id, scope: 'openid' }),
        headers: { 'user-agent': script },
      });
      const { verification_uri: at, user_code: code } = (await begun.json()) as Record<string, string>;
      const enter = await browser.open(at ?? '');
      const wrong = await browser.submit(enter, { user_code: script });
      const confirm = await browser.submit(await browser.open(at ?? ''), { user_code: code ?? '' });
      const closed = await addProduct(stage, 'Closed', undefined, { organizations: [], name: script });
      const refused = await browser.open((await closed.begin()).url);
      for (const page of [consent, confirm, wrong, refused]) {
        assert.ok(!page.html.includes('<script>alert') && !page.html.includes('<img'), page.url);
        assert.match(visible(page.html), /alert\(1\)|no such code/);
        assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'; script-src 'nonce-/);
      }
    });

    test('attack: consent by a foreign page, in another browser, or of another person is none', async () => {
      const partner = await addProduct(stage, 'Consent', undefined, { firstParty: false });
      const { browser } = await stage.signIn(anna());
      const page = await browser.open((await partner.begin()).url);
      assert.match(visible(page.html), /Allow Consent\?/);
      const body = new URLSearchParams({ answer: 'allow' });
      const forged = await browser.ask(page.url, { method: 'POST', body, headers: { origin: 'https://evil.example' } });
      assert.deepEqual([forged.status, forged.headers.get('location')], [400, null]);
      const [, ben] = stage.people;
      assert.ok(ben);
      const { browser: other } = await stage.signIn(ben);
      const uid = page.url.split('/').at(-1) ?? '';
      assert.match(visible((await other.open(page.url)).html), /This is over/);
      other.plant(stage.host, 'portico_interaction', uid, `/consent/${uid}`);
      const origin = stage.url;
      const stolen = await other.ask(page.url, { method: 'POST', body, headers: { origin } });
      assert.deepEqual([stolen.status, stolen.headers.get('location')], [400, null]);
      const silent = await browser.ask((await partner.begin({ prompt: 'none' })).url);
      assert.equal(new URL(silent.headers.get('location') ?? '').searchParams.get('error'), 'consent_required');
    });

    test('attack: device-code phishing: an address with the code in it connects nothing, and the page names the product', async () => {
      const tool = await add({ kind: 'native', name: 'Lure', deviceFlow: true });
      const config = await oidc.discovery(new URL(`${stage.url}/oidc`), tool.id, undefined, oidc.None(), {
        execute: [oidc.allowInsecureRequests],
      });
      const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
      const { browser } = await stage.signIn(anna());
      const opened = await browser.open(begun.verification_uri_complete ?? '');
      const shown = await browser.submit(opened, {});
      assert.match(visible(shown.html), /Connect Lure\?/);
      assert.match(visible(shown.html), /Did somebody send you this code or address\? Then do not go on/);
      const poll = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: begun.device_code };
      assert.equal(await errorOf(await token({ ...poll, client_id: tool.id })), 'authorization_pending');
      const forged = await browser.ask(`${stage.url}/oidc/device`, {
        method: 'POST',
        body: new URLSearchParams({ user_code: begun.user_code, confirm: 'yes', xsrf: 'guess' }),
        headers: { origin: 'https://evil.example' },
      });
      assert.ok(forged.status >= 400 || !/Connected/.test(forged.html));
      assert.equal(await errorOf(await token({ ...poll, client_id: tool.id })), 'authorization_pending');
    });

    test('attack: CRLF in what comes back to the product makes no header', async () => {
      const product = await addProduct(stage, 'Crlf');
      const state = 'a\r\nset-cookie: evil=1\r\n\r\n<script>';
      const { headers } = await openBrowser().ask((await product.begin({ prompt: 'none', state })).url);
      assert.equal(new URL(headers.get('location') ?? '').searchParams.get('state'), state);
      assert.ok(headers.getSetCookie().every((cookie) => !cookie.startsWith('evil')));
      assert.doesNotMatch(headers.get('location') ?? '', /[\r\n]/);
    });

    test('attack: oversize requests are refused, and nothing falls over', async () => {
      const big = 'x'.repeat(200_000);
      for (const path of ['/oidc/token', '/oidc/request', '/oidc/device/auth', '/oidc/token/introspection']) {
        const answer = await fetch(`${stage.url}${path}`, {
          method: 'POST',
          body: new URLSearchParams({ client_id: 'x', big }),
        });
        assert.ok(answer.status >= 400 && answer.status < 500, `${path}: ${answer.status}`);
      }
      const long = await fetch(`${stage.url}/oidc/auth?state=${'x'.repeat(30_000)}`);
      assert.ok(long.status >= 400 && long.status < 500, String(long.status));
    });

    test('attack: open redirect by the address after sign-out: only registered ones are followed', async () => {
      const product = await addProduct(stage, 'Bye');
      const { browser, tokens } = await product.signIn(anna());
      const { afterLogout } = product;
      for (const uri of [
        'https://evil.example/',
        `${afterLogout}/more`,
        afterLogout.replace('http://', 'http://evil.example@'),
        afterLogout.replace('localhost', 'localhost.evil.example'),
        afterLogout.replace(':9/', ':10/'),
        afterLogout.toUpperCase(),
        `${afterLogout}?x=1`,
        '//evil.example/',
        'javascript:alert(1)',
      ]) {
        const of = new URLSearchParams({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: uri });
        const page = await browser.ask(`${stage.url}/oidc/session/end?${of}`);
        assert.deepEqual([page.status, page.headers.get('location')], [400, null], uri);
      }
      assert.equal(await stage.isSignedIn(browser), true);
    });

    test('a page of another origin reads no tokens: only a single-page application’s own may ask', async () => {
      const spa = await addProduct(stage, 'Cors', 'https://cors.example', { kind: 'spa' });
      const { tokens } = await spa.signIn(anna());
      const refresh = (refresh_token: string, origin: string, of: Product = spa) =>
        token({ grant_type: 'refresh_token', client_id: of.clientId, refresh_token }, { origin });
      const foreign = await refresh(tokens.refresh_token ?? '', 'https://evil.example');
      assert.deepEqual([foreign.status, foreign.headers.get('access-control-allow-origin')], [400, null]);
      const own = await refresh(tokens.refresh_token ?? '', 'https://cors.example');
      assert.deepEqual(
        [
          own.status,
          own.headers.get('access-control-allow-origin'),
          own.headers.get('access-control-allow-credentials'),
        ],
        [200, 'https://cors.example', null],
      );
      const userinfo = await fetch(`${stage.url}/oidc/me`, {
        headers: { origin: 'https://evil.example', authorization: `Bearer ${tokens.access_token}` },
      });
      assert.equal(userinfo.headers.get('access-control-allow-origin'), null);
    });

    test('a product that is closed to an organization: what its people hold stops', async () => {
      const spa = await addProduct(stage, 'Closing', undefined, { kind: 'spa' });
      const { tokens } = await spa.signIn(anna());
      await changeClient(stage.world, byItself, spa.clientId, { organizations: ['another'] }, undefined);
      await new Promise((resolve) => setTimeout(resolve, 600));
      await assert.rejects(oidc.fetchUserInfo(spa.config, tokens.access_token, oidc.skipSubjectCheck), { status: 401 });
      await assert.rejects(oidc.refreshTokenGrant(spa.config, tokens.refresh_token ?? ''), { error: 'invalid_grant' });
    });

    test('attack: guessing codes of devices: told, and after thirty in a minute the address waits, with a right one too', async () => {
      const tool = await add({ kind: 'native', name: 'Guess', deviceFlow: true });
      const begun = await fetch(`${stage.url}/oidc/device/auth`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: tool.id, scope: 'openid' }),
      });
      const { verification_uri: at = '', user_code: right = '' } = (await begun.json()) as Record<string, string>;
      const browser = openBrowser();
      let refused = 0;
      for (let guess = 0; guess < 40 && refused === 0; guess++) {
        const page = await browser.open(at);
        const { status, html } = await browser.submit(page, { user_code: `BCDF-${String(guess).padStart(4, 'G')}` });
        if (status === 429) refused = guess;
        else assert.match(visible(html), /There is no such code/);
      }
      assert.ok(refused > 0 && refused <= 30, `refused after ${refused}`);
      const page = await browser.open(at);
      assert.equal((await browser.submit(page, { user_code: right })).status, 429);
      const { items } = await listEvents(stage.world, deployment, { limit: 100, order: 'newest' });
      assert.ok(items.some((it) => it.type === 'authentication.failed' && String(it.data['why']).includes('/device')));
    });
  });
}
