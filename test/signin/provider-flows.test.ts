import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createRemoteJWKSet, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import type { Client, ClientInput } from '#contract';
import { byItself } from '#events';
import { createClient, listConsents, revokeConsent } from '#signin';
import { dialects } from '../world.ts';
import { type Browser, openBrowser, type Page, visible } from './browser.ts';
import { addProduct } from './product.ts';
import { first, type Stage, setStage } from './stage.ts';

const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const source = { requestId: 'r', address: '192.0.2.1', userAgent: null };

for (const dialect of dialects) {
  describe(`flows of the provider (${dialect})`, () => {
    let stage: Stage;
    let orders: Client & { secret: string | null };
    let stock: Client & { secret: string | null };
    before(async () => {
      stage = await setStage(dialect);
      stock = await add({
        kind: 'api',
        name: 'Stock',
        identifier: 'https://stock.example/',
        apiScopes: ['stock.read', 'stock.write'],
        tokenFormat: 'jwt',
      });
      orders = await add({
        kind: 'api',
        name: 'Orders',
        identifier: 'https://orders.example/',
        apiScopes: ['orders.read', 'orders.write'],
        mayExchange: true,
        resources: [{ resource: 'https://stock.example/', scopes: ['stock.read'] }],
      });
    });
    after(() => stage.close());

    const add = (input: ClientInput) => createClient(stage.world, byItself, input);
    const configOf = (client: { id: string; secret: string | null }, auth?: oidc.ClientAuth) =>
      oidc.discovery(new URL(`${stage.url}/oidc`), client.id, client.secret ?? undefined, auth, {
        execute: [oidc.allowInsecureRequests],
      });
    const anna = () => first(stage.people);
    const asked = (client: ClientInput['resources']) => ({ resources: client ?? [] });
    const forOrders = asked([{ resource: 'https://orders.example/', scopes: ['orders.read', 'orders.write'] }]);

    test('a machine gets a token for an API, and only for what it may ask (RFC 6749 §4.4, RFC 8707 §2)', async () => {
      const machine = await add({
        kind: 'machine',
        name: 'Nightly',
        ...asked([{ resource: 'https://orders.example/', scopes: ['orders.read'] }]),
      });
      const config = await configOf(machine);
      const tokens = await oidc.clientCredentialsGrant(config, {
        scope: 'orders.read orders.write',
        resource: 'https://orders.example/',
      });
      assert.equal(tokens.scope, 'orders.read');
      assert.equal(tokens.refresh_token, undefined);
      const seen = await oidc.tokenIntrospection(await configOf(orders), tokens.access_token);
      assert.deepEqual(
        [seen.active, seen.client_id, seen.sub, seen.aud, seen.scope],
        [true, machine.id, undefined, 'https://orders.example/', 'orders.read'],
      );
      for (const resource of ['https://stock.example/', 'https://nothing.example/', 'https://orders.example']) {
        await assert.rejects(oidc.clientCredentialsGrant(config, { resource }), { error: 'invalid_target' }, resource);
      }
    });

    test('an API sees tokens that are meant for it, and no others', async () => {
      const product = await addProduct(stage, 'Buyer', undefined, forOrders);
      const parameters = { scope: 'openid orders.read', resource: 'https://orders.example/' };
      const { tokens } = await product.signIn(anna(), { parameters });
      const seen = await oidc.tokenIntrospection(await configOf(orders), tokens.access_token);
      assert.deepEqual(
        [seen.active, seen.scope, seen.sub, seen['org_id'], seen['roles']],
        [true, 'orders.read', tokens.claims()?.sub, stage.organizationId, []],
      );
      assert.deepEqual(await oidc.tokenIntrospection(await configOf(stock), tokens.access_token), { active: false });
      const plain = await product.signIn(anna());
      assert.deepEqual(await oidc.tokenIntrospection(await configOf(orders), plain.tokens.access_token), {
        active: false,
      });
      await assert.rejects(oidc.fetchUserInfo(product.config, tokens.access_token, oidc.skipSubjectCheck), {
        status: 403,
      });
    });

    test('an API that wants JWTs gets at+jwt of five minutes, with who it is (RFC 9068 §2)', async () => {
      const may = asked([{ resource: 'https://stock.example/', scopes: ['stock.read'] }]);
      const product = await addProduct(stage, 'Shelf', undefined, may);
      const parameters = { scope: 'openid stock.read', resource: 'https://stock.example/' };
      const { tokens } = await product.signIn(anna(), { parameters });
      assert.equal(tokens.expires_in, 300);
      const keys = createRemoteJWKSet(new URL(`${stage.url}/oidc/jwks`));
      const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
        typ: 'at+jwt',
        issuer: `${stage.url}/oidc`,
        audience: 'https://stock.example/',
      });
      assert.equal(protectedHeader.alg, 'RS256');
      assert.deepEqual(
        [payload['client_id'], payload['scope'], payload.sub, payload['org_id']],
        [product.clientId, 'stock.read', tokens.claims()?.sub, stage.organizationId],
      );
      assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
    });

    test('token exchange: an API goes on in the name of a person, no further than it may (RFC 8693 §2, §4.1)', async () => {
      const product = await addProduct(stage, 'Caller', undefined, forOrders);
      const parameters = { scope: 'openid orders.read', resource: 'https://orders.example/' };
      const { tokens, browser } = await product.signIn(anna(), { parameters });
      const config = await configOf(orders);
      const given = {
        subject_token: tokens.access_token,
        subject_token_type: accessToken,
        resource: 'https://stock.example/',
      };
      const exchanged = await oidc.genericGrantRequest(config, exchange, given);
      assert.equal(exchanged.scope, 'stock.read');
      assert.equal(exchanged['issued_token_type'], accessToken);
      const keys = createRemoteJWKSet(new URL(`${stage.url}/oidc/jwks`));
      const { payload } = await jwtVerify(exchanged.access_token, keys, { audience: 'https://stock.example/' });
      assert.deepEqual(
        [payload.sub, payload['act'], payload['client_id'], payload['org_id']],
        [tokens.claims()?.sub, { sub: orders.id }, orders.id, stage.organizationId],
      );
      assert.ok((payload.exp ?? 0) - (payload.iat ?? 0) <= 300);

      const refusals: readonly [Record<string, string>, string][] = [
        [{ scope: 'stock.write' }, 'invalid_scope'],
        [{ resource: 'https://orders.example/' }, 'invalid_target'],
        [{ subject_token: 'x'.repeat(43) }, 'invalid_grant'],
        [{ subject_token: tokens.id_token ?? '' }, 'invalid_grant'],
        [{ subject_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, 'invalid_request'],
        [{ actor_token: 'x' }, 'invalid_request'],
      ];
      for (const [change, error] of refusals) {
        await assert.rejects(oidc.genericGrantRequest(config, exchange, { ...given, ...change }), { error });
      }
      const plain = await product.signIn(anna(), { browser });
      const foreign = { ...given, subject_token: plain.tokens.access_token };
      await assert.rejects(oidc.genericGrantRequest(config, exchange, foreign), { error: 'invalid_grant' });
      await assert.rejects(oidc.genericGrantRequest(await configOf(stock), exchange, given), {
        error: 'invalid_request',
      });
      await assert.rejects(oidc.genericGrantRequest(product.config, exchange, given), { error: 'invalid_request' });

      const page = await browser.open(`${stage.url}/login`);
      await browser.submit(page, {});
      await assert.rejects(oidc.genericGrantRequest(config, exchange, given), { error: 'invalid_grant' });
    });

    test('a pushed request is taken once, and a client that has to push is refused without (RFC 9126 §2, §5)', async () => {
      const product = await addProduct(stage, 'Pusher', undefined, { requirePushedRequests: true });
      const { url, checks } = await product.begin();
      const refused = await openBrowser().ask(url);
      assert.match(
        refused.headers.get('location') ?? refused.html,
        /Pushed[+ ]Authorization[+ ]Request[+ ]must[+ ]be[+ ]used/,
      );
      const parameters = Object.fromEntries(new URL(url).searchParams);
      const pushed = await oidc.buildAuthorizationUrlWithPAR(product.config, parameters);
      assert.deepEqual([...pushed.searchParams.keys()].sort(), ['client_id', 'request_uri']);
      const browser = openBrowser();
      const answer = await product.reach(pushed.href, anna(), browser);
      assert.ok((await oidc.authorizationCodeGrant(product.config, answer, checks)).access_token);
      const again = await browser.open(pushed.href, (location) => location.startsWith(product.callback));
      assert.doesNotMatch(again.url, /[?&]code=/);
    });

    test('a client proves itself by a key of its own, each assertion once (RFC 7523 §3)', async () => {
      const assertionOf = (id: string, alg: string, key: Parameters<SignJWT['sign']>[0]) =>
        new SignJWT({ jti: `once ${alg}` })
          .setProtectedHeader({ alg, kid: 'k' })
          .setIssuer(id)
          .setSubject(id)
          .setAudience(`${stage.url}/oidc`)
          .setExpirationTime('1m')
          .sign(key);
      const present = async (assertion: string) =>
        fetch(`${stage.url}/oidc/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'client_credentials',
            resource,
            client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            client_assertion: assertion,
          }),
        }).then(({ status }) => status);
      const resource = 'https://orders.example/';
      for (const alg of ['RS256', 'PS256', 'Ed25519', 'EdDSA']) {
        const { privateKey: key, publicKey: shown } = await generateKeyPair(alg);
        const jwks = { keys: [{ ...(await exportJWK(shown)), kid: 'k', alg, use: 'sig' }] };
        const one = await add({ kind: 'machine', name: alg, authentication: 'privateKeyJwt', jwks, ...forOrders });
        assert.equal(await present(await assertionOf(one.id, alg, key)), 200, alg);
      }
      const { privateKey, publicKey } = await generateKeyPair('ES256');
      const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
      const machine = await add({
        kind: 'machine',
        name: 'Signer',
        authentication: 'privateKeyJwt',
        jwks: { keys: [jwk] },
        ...forOrders,
      });
      const config = await configOf(machine, oidc.PrivateKeyJwt({ key: privateKey, kid: 'k' }));
      assert.ok((await oidc.clientCredentialsGrant(config, { resource })).access_token);
      const assertion = await assertionOf(machine.id, 'ES256', privateKey);
      const ask = () => present(assertion);
      const statuses = await Promise.all([ask(), ask(), ask()]);
      assert.equal(statuses.filter((status) => status === 200).length, 1, String(statuses));
      assert.ok((await ask()) >= 400);
    });

    test('id tokens are signed as the client wants them, and the answer comes as it asks for', async () => {
      const product = await addProduct(stage, 'Curve', undefined, { idTokenAlg: 'ES256' });
      for (const mode of ['query', 'fragment', 'form_post']) {
        const { url, checks } = await product.begin({ response_mode: mode });
        const page = await reachPage(url, product.callback);
        const answer = answerOf(page, mode);
        assert.equal(answer.searchParams.get('iss'), `${stage.url}/oidc`, mode);
        const body = await fetch(`${stage.url}/oidc/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            code: answer.searchParams.get('code') ?? '',
            redirect_uri: product.callback,
            code_verifier: checks.pkceCodeVerifier ?? '',
            client_id: product.clientId,
            client_secret: product.secret,
          }),
        });
        const said = (await body.json()) as { id_token: string };
        assert.equal(decodeProtectedHeader(said.id_token).alg, 'ES256', mode);
      }
    });

    test('prompt=none answers without a page, max_age and prompt=login ask again, and auth_time is true', async () => {
      const product = await addProduct(stage, 'Prompt');
      const { browser, tokens } = await product.signIn(anna());
      const authTime = Number(tokens.claims()?.['auth_time']);
      assert.ok(Math.abs(authTime * 1000 - Date.now()) < 30_000);
      const nobody = await openBrowser().ask((await product.begin({ prompt: 'none' })).url);
      assert.equal(new URL(nobody.headers.get('location') ?? '').searchParams.get('error'), 'login_required');
      const known = await browser.ask((await product.begin({ prompt: 'none' })).url);
      assert.ok(new URL(known.headers.get('location') ?? '').searchParams.has('code'));
      await setTimeout(2100);
      const old = await browser.open((await product.begin({ max_age: '1' })).url, (to) =>
        to.startsWith(stage.entra.url),
      );
      assert.ok(old.url.startsWith(stage.entra.url), old.url);
    });

    test('a product of somebody else: the person is asked once, may say no, and may take it back', async () => {
      const product = await addProduct(stage, 'Partner', undefined, { firstParty: false });
      const begun = await product.begin();
      const browser = openBrowser();
      const page = await reachConsent(begun.url, browser, product.callback);
      assert.match(visible(page.html), /Allow Partner\?/);
      assert.match(visible(page.html), /your e-mail address/);
      assert.match(visible(page.html), /You go on to http:\/\/localhost:9/);
      const denied = await browser.submit(page, { answer: 'deny' }, (to) => to.startsWith(product.callback));
      assert.equal(new URL(denied.url).searchParams.get('error'), 'access_denied');

      const second = await product.begin();
      const again = await reachConsent(second.url, browser, product.callback);
      const allowed = await browser.submit(again, { answer: 'allow' }, (to) => to.startsWith(product.callback));
      const tokens = await oidc.authorizationCodeGrant(product.config, new URL(allowed.url), second.checks);
      const third = await browser.open((await product.begin()).url, (to) => to.startsWith(product.callback));
      assert.match(third.url, /[?&]code=/);
      const person = { organizationId: stage.organizationId, accountId: tokens.claims()?.sub ?? '' };
      assert.deepEqual(
        (await listConsents(stage.world, person)).map(({ client, scopes }) => [client.id, scopes]),
        [[product.clientId, { '': ['openid', 'profile', 'email'] }]],
      );
      const more = await product.begin({ scope: 'openid groups' });
      const asked = await reachConsent(more.url, browser, product.callback);
      assert.match(visible(asked.html), /the groups of your organization/);
      assert.doesNotMatch(visible(asked.html), /your e-mail address/);

      const named = { ...person, name: 'Anna', userName: 'anna' };
      await revokeConsent(stage.world, source, named, product.clientId);
      await assert.rejects(oidc.fetchUserInfo(product.config, tokens.access_token, person.accountId), { status: 401 });
      const fourth = await reachConsent((await product.begin()).url, browser, product.callback);
      assert.match(visible(fourth.html), /Allow Partner\?/);
      const silent = await browser.ask((await product.begin({ prompt: 'none' })).url);
      assert.equal(new URL(silent.headers.get('location') ?? '').searchParams.get('error'), 'consent_required');
      await assert.rejects(revokeConsent(stage.world, source, named, product.clientId), { problem: 'not-found' });
    });

    test('an application on the device comes back to any port of the loopback address, after a question (RFC 8252 §7.3, §8.6)', async () => {
      const native = await addProduct(stage, 'Desk', undefined, {
        kind: 'native',
        redirectUris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'app://auth', 'com.example.app:/cb'],
      });
      const { browser } = await native.signIn(anna(), { parameters: { redirect_uri: 'http://127.0.0.1/cb' } });
      for (const redirect of [
        'http://127.0.0.1:51234/cb',
        'http://[::1]:4000/cb',
        'app://auth',
        'com.example.app:/cb',
      ]) {
        const { url, checks } = await native.begin({ redirect_uri: redirect });
        const page = await browser.open(url);
        assert.match(visible(page.html), /Continue to Desk\?/, redirect);
        const goesTo = redirect.startsWith('http') ? new URL(redirect).origin : new URL(redirect).protocol;
        const policy = page.headers.get('content-security-policy') ?? '';
        assert.ok(policy.includes(`form-action 'self' ${goesTo};`), policy);
        const back = await browser.submit(page, { answer: 'allow' }, (to) => to.startsWith(redirect));
        const tokens = await oidc.authorizationCodeGrant(native.config, new URL(back.url), checks);
        assert.ok(tokens.refresh_token, 'a client without a secret refreshes');
      }
      const silent = await browser.ask((await native.begin({ redirect_uri: 'app://auth', prompt: 'none' })).url);
      assert.match(silent.headers.get('location') ?? '', /^app:\/\/auth\?error=interaction_required/);
    });

    test('a code of a device: shown, confirmed by its person, exchanged (RFC 8628 §3)', async () => {
      const tool = await add({ kind: 'native', name: 'Tool', deviceFlow: true });
      const config = await configOf(tool, oidc.None());
      const begun = await oidc.initiateDeviceAuthorization(config, { scope: 'openid profile' });
      assert.match(begun.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      const poll = () =>
        fetch(`${stage.url}/oidc/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
            device_code: begun.device_code,
            client_id: tool.id,
          }),
        }).then((answer) => answer.json() as Promise<Record<string, unknown>>);
      assert.equal((await poll())['error'], 'authorization_pending');

      const { browser } = await stage.signIn(anna());
      const enter = await browser.open(begun.verification_uri);
      const confirm = await browser.submit(enter, { user_code: begun.user_code.toLowerCase() });
      assert.match(visible(confirm.html), /Connect Tool\?/);
      assert.match(visible(confirm.html), new RegExp(begun.user_code));
      assert.equal((await poll())['error'], 'authorization_pending', 'a code alone connects nothing');
      const done = await browser.submit(confirm, { confirm: 'yes' });
      assert.match(visible(done.html), /Connected Tool goes on by itself/);
      const tokens = await poll();
      assert.equal(typeof tokens['id_token'], 'string');
      assert.equal(typeof tokens['refresh_token'], 'string');
      assert.equal((await poll())['error'], 'invalid_grant');
      const used = await browser.open(begun.verification_uri);
      assert.match(visible((await browser.submit(used, { user_code: begun.user_code })).html), /used already/);
    });

    test('a code of a device that its person turns down, or who signs in first', async () => {
      const tool = await add({ kind: 'native', name: 'Tool', deviceFlow: true });
      const config = await configOf(tool, oidc.None());
      const first = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
      const browser = openBrowser();
      const enter = await browser.open(first.verification_uri);
      const confirm = await browser.submit(enter, { user_code: first.user_code });
      const aborted = await browser.submit(confirm, { abort: 'yes' });
      assert.match(visible(aborted.html), /Nothing was connected/);
      await assert.rejects(oidc.pollDeviceAuthorizationGrant(config, { ...first, interval: 0.01 }), {
        error: 'access_denied',
      });

      const second = await oidc.initiateDeviceAuthorization(config, { scope: 'openid' });
      const page = await browser.submit(await browser.open(second.verification_uri), { user_code: second.user_code });
      let at = await browser.submit(page, { confirm: 'yes' });
      at = await browser.submit(at, { login: anna().userPrincipalName });
      assert.match(visible(at.html), /Connected/);
      const tokens = await oidc.pollDeviceAuthorizationGrant(config, { ...second, interval: 0.01 });
      assert.ok(tokens.access_token);
    });

    test('a person of another organization is told so, and nothing goes to the product', async () => {
      const product = await addProduct(stage, 'Private', undefined, { organizations: ['some-other'] });
      const { browser } = await stage.signIn(anna());
      const page = await browser.open((await product.begin()).url);
      assert.equal(page.status, 403);
      assert.match(visible(page.html), /Private is not open to your organization/);
      const silent = await browser.ask((await product.begin({ prompt: 'none' })).url);
      const back = new URL(silent.headers.get('location') ?? '');
      assert.deepEqual([back.searchParams.get('error'), back.searchParams.get('code')], ['access_denied', null]);
    });

    /** Opens an address and signs in until the browser is back at the product; gives the page there. */
    const reachPage = async (url: string, callback: string): Promise<Page> => {
      const browser = openBrowser();
      const isBack = (location: string) => location.startsWith(callback);
      let page = await browser.open(url, isBack);
      for (let form = 0; form < 3 && !isBack(page.url) && !page.html.includes(callback); form++) {
        page = await browser.submit(page, { login: anna().userPrincipalName }, isBack);
      }
      return page;
    };
    const reachConsent = async (url: string, browser: Browser, callback: string): Promise<Page> => {
      const page = await browser.open(url, (location) => location.startsWith(callback));
      return /Allow/.test(page.html) ? page : browser.submit(page, { login: anna().userPrincipalName });
    };
  });
}

/** What came back to the product, whichever way. */
function answerOf(page: Page, mode: string): URL {
  if (mode === 'query') return new URL(page.url);
  if (mode === 'fragment') return new URL(page.url.replace('#', '?'));
  const fields = [...page.html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  );
  return new URL(`http://form/?${new URLSearchParams(fields)}`);
}
