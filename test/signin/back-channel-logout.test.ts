import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { pauseConnection } from '#connections';
import { byItself } from '#events';
import { createOutboundFetch } from '#http';
import {
  changeAccount,
  deleteLink,
  endAllSessions,
  endSession,
  pageOfLinks,
  pageOfSessions,
  tellProduct,
} from '#signin';
import { rawStatement } from '#store';
import { until } from '../until.ts';
import { dialects } from '../world.ts';
import type { Browser } from './browser.ts';
import { addProduct, type Product } from './product.ts';
import { openProvisioning, type Provisioning } from './provisioning.ts';
import { type Stage, setStage } from './stage.ts';

/** What a product was sent at its logout address. */
interface Told {
  type: string | undefined;
  body: URLSearchParams;
}

for (const dialect of dialects) {
  describe(`back-channel logout to products (${dialect})`, () => {
    let stage: Stage;
    let provisioning: Provisioning;
    let server: Server;
    let base: string;
    const told: Told[] = [];
    let answers: number[] = [];
    before(async () => {
      server = createServer((request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk));
        request.on('end', () => {
          if (request.url === '/inward') return response.writeHead(302, { location: `${base}/logout` }).end();
          told.push({ type: request.headers['content-type'], body: new URLSearchParams(text) });
          return response.writeHead(answers.shift() ?? 200).end();
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      base = `http://localhost:${(server.address() as AddressInfo).port}`;
      stage = await setStage(dialect, { settings: { provisioning: true } });
      provisioning = await openProvisioning(stage);
    });
    after(async () => {
      server.close();
      await stage.close();
    });

    let used = 0;
    const nextPerson = () => stage.people[used++] ?? assert.fail();
    const product = (name: string, path = '/logout') =>
      addProduct(stage, name, undefined, { backchannelLogoutUri: `${base}${path}` });
    const all = { limit: 1000 };
    const signedIn = async (into: Product) => {
      const person = nextPerson();
      const { browser, tokens } = await into.signIn(person);
      const account = tokens.claims()?.sub ?? '';
      const [session] = (await pageOfSessions(stage.world, stage.organizationId, account, all)).items;
      return { person, browser, account, sid: tokens.claims()?.['sid'], session: session?.id ?? '' };
    };
    /** What products are told when this is done. */
    const toldBy = async (work: () => Promise<unknown>, many = 1): Promise<Told[]> => {
      const before = told.length;
      await work();
      await until(`${many} are told`, () => told.length >= before + many);
      return told.slice(before);
    };
    const verified = async ({ body }: Told, { clientId }: Product) => {
      const keys = (await (await fetch(`${stage.url}/oidc/jwks`)).json()) as JSONWebKeySet;
      const token = body.get('logout_token') ?? '';
      const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
        issuer: `${stage.url}/oidc`,
        audience: clientId,
      });
      return { payload, header: decodeProtectedHeader(token) };
    };

    test('OpenID Connect Back-Channel Logout 1.0 §2.4, §2.5: a signed logout token with sub, sid, jti, events, and no nonce', async () => {
      const shop = await product('Shop');
      const it = await signedIn(shop);
      assert.equal(typeof it.sid, 'string');
      const [request] = await toldBy(() =>
        endSession(stage.world, byItself, stage.organizationId, it.account, it.session),
      );
      assert.ok(request);
      assert.match(request.type ?? '', /^application\/x-www-form-urlencoded/);
      const { payload, header } = await verified(request, shop);
      assert.equal(header.typ, 'logout+jwt');
      assert.equal(header.alg, 'RS256');
      assert.deepEqual(payload['events'], { 'http://schemas.openid.net/event/backchannel-logout': {} });
      assert.deepEqual([payload.sub, payload['sid'], payload['nonce']], [it.account, it.sid, undefined]);
      assert.ok((payload.exp ?? 0) - (payload.iat ?? 0) <= 120);
      assert.match(payload.jti ?? '', /./);
      const events = () => stage.events('session.product_told');
      await until('the event is there', async () => (await events()).length > 0);
      const [event] = await events();
      assert.equal(event?.data['client'], shop.clientId);
      assert.ok(Number(event?.data['ms']) < 2000);
    });

    test('§2.1: discovery says that it is supported, with sid', async () => {
      const answer = await fetch(`${stage.url}/oidc/.well-known/openid-configuration`);
      const metadata = (await answer.json()) as Record<string, unknown>;
      assert.equal(metadata['backchannel_logout_supported'], true);
      assert.equal(metadata['backchannel_logout_session_supported'], true);
    });

    test('a client that signs with ES256 is told with ES256', async () => {
      const app = await addProduct(stage, 'Curve', undefined, {
        backchannelLogoutUri: `${base}/logout`,
        idTokenAlg: 'ES256',
      });
      const it = await signedIn(app);
      const [request] = await toldBy(() =>
        endSession(stage.world, byItself, stage.organizationId, it.account, it.session),
      );
      assert.ok(request);
      assert.equal((await verified(request, app)).header.alg, 'ES256');
    });

    test('each product of the session is told for itself, and one without an address is left alone', async () => {
      const [one, two] = [await product('One'), await product('Two')];
      const quiet = await addProduct(stage, 'Quiet');
      const it = await signedIn(one);
      await two.signIn(it.person, { browser: it.browser });
      await quiet.signIn(it.person, { browser: it.browser });
      const requests = await toldBy(
        () => endSession(stage.world, byItself, stage.organizationId, it.account, it.session),
        2,
      );
      const audiences = requests.map(({ body }) => {
        const [, payload = ''] = (body.get('logout_token') ?? '').split('.');
        return JSON.parse(Buffer.from(payload, 'base64url').toString()).aud;
      });
      assert.deepEqual(audiences.sort(), [one.clientId, two.clientId].sort());
    });

    const post = (browser: Browser, path: string) =>
      browser.ask(`${stage.url}${path}`, { method: 'POST', headers: { origin: stage.url } });
    const ways: Record<string, (it: Awaited<ReturnType<typeof signedIn>>, user: string) => Promise<unknown>> = {
      'sign-out here': ({ browser }) => post(browser, '/login/sign-out'),
      'all of the account': ({ account }) => endAllSessions(stage.world, byItself, stage.organizationId, account),
      'all of the organization': () => endAllSessions(stage.world, byItself, stage.organizationId, undefined),
      'front channel': async ({ browser }) => {
        const left = await browser.open(`${stage.entra.url}/${stage.entra.contoso.id}/oauth2/v2.0/logout`);
        const [, frame = ''] = /<iframe[^>]*src="([^"]+)"/.exec(left.html) ?? [];
        await fetch(frame.replaceAll('&amp;', '&'));
      },
      'account disabled': ({ account }) =>
        changeAccount(stage.world, byItself, stage.organizationId, account, { disabled: true }),
      'link removed': async ({ account }) => {
        const [link] = (await pageOfLinks(stage.world, stage.organizationId, account, all)).items;
        await deleteLink(stage.world, byItself, stage.organizationId, account, link?.id ?? '');
      },
      'SCIM disables the user': (_, user) => provisioning.switchTo(user, false),
      'SCIM deletes the user': (_, user) => provisioning.send('DELETE', `/Users/${user}`),
      'another person signs in': async ({ browser }) => {
        const page = await browser.open(`${stage.url}/oauth/login/${stage.connection}?prompt=select_account`);
        await browser.submit(page, { login: nextPerson().userPrincipalName });
      },
      'connection paused': () => pauseConnection(stage.world, byItself, stage.organizationId, stage.connection),
    };
    for (const [way, work] of Object.entries(ways)) {
      test(`the product is told within a second: ${way}`, async () => {
        const shop = await product(way.replaceAll(' ', '-'));
        const person = stage.people[used] ?? assert.fail();
        // A link stays while the directory has its user.
        const user = way === 'link removed' ? '' : await provisioning.create(person);
        const it = await signedIn(shop);
        const startedAt = performance.now();
        const [request] = await toldBy(() => work(it, user));
        assert.ok(performance.now() - startedAt < 1000, `${performance.now() - startedAt} ms`);
        assert.ok(request);
        const { payload } = await verified(request, shop);
        assert.deepEqual([payload.sub, payload['sid']], [it.account, it.sid]);
        if (way.startsWith('SCIM')) {
          const ofThis = async () =>
            (await stage.events('session.product_told')).find(({ subject }) => subject.id === it.session);
          await until('the event is there', async () => (await ofThis()) !== undefined);
          const ms = Number((await ofThis())?.data['ms']);
          assert.ok(ms > 0 && ms < 1000, `S17: from the arrival of the request to the 200 of the product: ${ms} ms`);
        }
        if (way === 'connection paused')
          await stage.sql(`update connection set state = 'active' where id = '${stage.connection}'`);
      });
    }

    test('a product that fails is told again a second later; one that never answers well is given up, and the event says why', async () => {
      const shop = await product('Slow');
      const it = await signedIn(shop);
      answers = [503];
      const requests = await toldBy(
        () => endSession(stage.world, byItself, stage.organizationId, it.account, it.session),
        2,
      );
      const tokens = requests.map(({ body }) => body.get('logout_token'));
      assert.notEqual(tokens[0], tokens[1], 'each attempt has a token of its own, so that none is too old');
      const dead = await signedIn(shop);
      const work = {
        kind: 'signin.tellProduct',
        organizationId: stage.organizationId,
        subject: `${dead.account}/${dead.session}/${shop.clientId}/${dead.sid}/${Date.now()}`,
      };
      answers = [500, 400];
      assert.deepEqual(await tellProduct(stage.world, { ...work, attempts: 1 }), { retryIn: 1000 });
      assert.equal(await tellProduct(stage.world, { ...work, attempts: 8 }), undefined);
      const [event] = (await stage.events('session.product_missed')).slice(-1);
      assert.deepEqual([event?.data['fault'], event?.data['attempts']], ['answered 400', 8]);
      assert.equal(await tellProduct(stage.world, { ...work, attempts: 9 }), undefined, 'nothing is left to be done');
    });

    test('attack: SSRF by the back-channel address: private, loopback, link-local, by name, by redirect', async () => {
      const guarded = { ...stage.world, fetch: createOutboundFetch({ allowPrivate: false, trusted: [] }) };
      const { port } = new URL(base);
      const addresses = [
        `http://127.0.0.1:${port}/logout`,
        `http://[::1]:${port}/logout`,
        `http://[::ffff:127.0.0.1]:${port}/logout`,
        `http://0x7f000001:${port}/logout`,
        'http://10.0.0.1/logout',
        'http://192.168.1.1/logout',
        'http://169.254.169.254/latest/meta-data',
        // A name that leads inside is refused when it is connected to, whatever it led to before: DNS rebinding.
        `http://localhost:${port}/logout`,
      ];
      const before = told.length;
      for (const address of addresses) {
        const it = await signedIn(await product(`Inward-${addresses.indexOf(address)}`));
        const rows = await stage.world.store.read(
          rawStatement(`select client_id as "clientId" from product_session where session_id = '${it.session}'`),
          {},
        );
        const clientId = String(rows[0]?.['clientId']);
        await stage.sql(
          `update client set settings = replace(settings, '${base}/logout', '${address}') where id = '${clientId}'`,
        );
        const subject = `${it.account}/${it.session}/${clientId}/${it.sid}/0`;
        const work = { kind: 'signin.tellProduct', organizationId: stage.organizationId, subject, attempts: 8 };
        await tellProduct(guarded, work);
        const [event] = (await stage.events('session.product_missed')).slice(-1);
        assert.equal(event?.data['client'], clientId, address);
        assert.match(String(event?.data['fault']), /an address inside/, address);
      }
      assert.equal(told.length, before);
      const it = await signedIn(await product('Redirected', '/inward'));
      answers = [];
      await endSession(stage.world, byItself, stage.organizationId, it.account, it.session);
      await setTimeout(500);
      assert.equal(told.length, before, 'a redirect is not followed');
    });
  });
}
