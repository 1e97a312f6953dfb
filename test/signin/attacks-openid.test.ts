import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { createConnection, createOrganization } from '#connections';
import { byItself } from '#events';
import { createOutboundFetch, Problem } from '#http';
import { pageOfAccounts, pageOfLinks } from '#signin';
import { dialects } from '../world.ts';
import { openBrowser, visible } from './browser.ts';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { first, type Stage, setStage } from './stage.ts';
import { sign, startUpstream, type Upstream } from './upstream.ts';

const all = { limit: 1000 };
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

for (const dialect of dialects) {
  describe(`attacks by way of an OpenID provider (${dialect})`, () => {
    let stage: Stage;
    let upstream: Upstream;
    before(async () => {
      stage = await setStage(dialect, { outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
      upstream = await startUpstream();
      await connectUpstream(stage, upstream, 'another');
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });
    beforeEach(() => upstream.reset());

    /** Signs in, expects a refusal, and gives its reason and what the admin is told. */
    const refused = async (id = 'another'): Promise<string> => {
      const page = await signInBy(stage, id);
      assert.equal(page.status, 400, visible(page.html));
      assert.equal(page.browser.cookie(stage.host, '__Host-portico_session'), undefined);
      const event = (await stage.events('sign_in.refused')).at(-1);
      return `${event?.data['reason']}: ${event?.data['detail']}`;
    };

    test('attack: account takeover by another customer’s e-mail: a provider vouches for no address of a domain that is another customer’s, nor of free mail', async () => {
      const evil = await createOrganization(stage.world, byItself, { name: 'Evil' });
      await connectUpstream({ ...stage, organizationId: evil.id }, upstream, 'evil');
      const vouchedFor = async (id: string, email: string) => {
        upstream.claims = { sub: `${id} ${email}`, email, email_verified: true };
        await signInBy(stage, id);
        const organizationId = id === 'evil' ? evil.id : stage.organizationId;
        const { items } = await pageOfAccounts(stage.world, organizationId, all);
        return items.find((it) => it.email === email)?.emailVerified;
      };
      const { domain } = stage.entra.contoso;
      assert.equal(await vouchedFor('evil', `victim@${domain}`), false);
      assert.equal(await vouchedFor('evil', `victim2@${domain.toUpperCase()}`), false);
      assert.equal(await vouchedFor('another', `own@${domain}`), true);
      for (const address of ['victim@gmail.com', 'victim@Outlook.com'])
        assert.equal(await vouchedFor('another', address), false, address);
      assert.equal(await vouchedFor('another', 'somebody@elsewhere.example'), true, 'a domain that is nobody’s here');
    });

    test('attack: alg none', async () => {
      upstream.forge = (claims) => `${part({ alg: 'none' })}.${part(claims)}.`;
      assert.match(await refused(), /^token: algorithm: .*"none"/);
    });

    test('attack: HS256 with the public key as the secret', async () => {
      upstream.forge = async (claims) => {
        const key = upstream.keys['RS256']?.publicKey;
        assert.ok(key);
        return new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256', kid: 'key-RS256' })
          .sign(Buffer.from(await exportSPKI(key)));
      };
      assert.match(await refused(), /^token: algorithm: .*"HS256"/);
    });

    test('attack: the key of another issuer, under the same kid', async () => {
      const { privateKey } = await generateKeyPair('RS256');
      upstream.forge = (claims) => sign(upstream, claims, privateKey);
      assert.match(await refused(), /^token: signature: /);
    });

    test('attack: jku, x5u and jwk in the header are not looked at', async () => {
      const pair = await generateKeyPair('RS256', { extractable: true });
      const jwk = await exportJWK(pair.publicKey);
      let asked = 0;
      const evil = createServer((_request, response) => {
        asked += 1;
        response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'evil' }] }));
      });
      await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
      const address = `http://localhost:${(evil.address() as AddressInfo).port}/keys`;
      for (const header of [{ jku: address }, { x5u: address }, { jwk }, { jku: address, kid: 'key-RS256' }]) {
        upstream.header = { kid: 'evil', ...header };
        upstream.forge = (claims) => sign(upstream, claims, pair.privateKey);
        assert.match(await refused(), /^token: (unknownKey|signature): /);
      }
      assert.equal(asked, 0);
      await new Promise((resolve) => evil.close(resolve));
    });

    test('attack: another issuer, audience, nonce or authorized party, a token without subject or of yesterday', async () => {
      const yesterday = Math.floor(Date.now() / 1000) - 86_400;
      for (const [claims, words] of [
        [{ iss: `${upstream.issuer}/` }, /^token: issuer: /],
        [{ iss: 'https://accounts.google.com' }, /^token: issuer: /],
        [{ aud: 'another-client' }, /^token: audience: /],
        [{ aud: ['portico', 'another-client'] }, /^token: audience: /],
        [{ azp: 'another-client' }, /^token: audience: /],
        [{ nonce: 'x' }, /^nonce: /],
        [{ nonce: undefined }, /^nonce: /],
        [{ sub: '' }, /^token: subject: /],
        [{ sub: 'x'.repeat(256) }, /^token: subject: /],
        [{ exp: yesterday, iat: yesterday }, /^clock: /],
        [{ at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }, /^token: hash: /],
      ] as const) {
        upstream.claims = claims;
        assert.match(await refused(), words);
      }
    });

    test('attack: an oversize token is refused before it is read', async () => {
      upstream.claims = { filler: 'x'.repeat(120_000) };
      assert.match(await refused(), /^token: malformed: /);
    });

    test('attack: mix-up: an answer that names another issuer is refused (RFC 9207)', async () => {
      upstream.answer = { iss: 'https://login.microsoftonline.com/common/v2.0' };
      assert.match(await refused(), /^token: invalid_issuer: /);
    });

    test('attack: mix-up: the answer of this provider is none of Entra’s connection, nor the other way', async () => {
      const browser = openBrowser();
      const isCallback = (location: string) => location.includes('/callback?');
      const { url } = await browser.open(`${stage.url}/oauth/login/another`, isCallback);
      const page = await browser.open(url.replace('/another/', '/contoso/'));
      assert.match(visible(page.html), /not known here/);
    });

    test('nOAuth: attack: a provider that says a known e-mail, tid and oid makes an account of its own', async () => {
      const victim = first(stage.people);
      await stage.signIn(victim);
      upstream.claims = {
        sub: victim.id,
        oid: victim.id,
        tid: stage.entra.contoso.id,
        email: victim.mail,
        email_verified: true,
        preferred_username: victim.userPrincipalName,
      };
      const page = await signInBy(stage, 'another');
      assert.match(visible(page.html), /You are signed in/);
      const { items } = await pageOfAccounts(stage.world, stage.organizationId, all);
      const same = items.filter((it) => it.email === victim.mail);
      assert.equal(same.length, 2);
      const authorities = await Promise.all(
        same.map(async ({ id }) => (await pageOfLinks(stage.world, stage.organizationId, id, all)).items),
      );
      assert.deepEqual(
        authorities.map((links) => first(links).authority).sort(),
        [stage.entra.contoso.id, upstream.issuer].sort(),
      );
    });

    test('attack: PKCE downgrade: a provider that names no S256 still gets a challenge and a verifier', async () => {
      const plain = await startUpstream();
      plain.metadata = { code_challenge_methods_supported: ['plain'] };
      await connectUpstream(stage, plain, 'plain-pkce');
      const start = await openBrowser().ask(`${stage.url}/oauth/login/plain-pkce`);
      const { searchParams } = new URL(start.headers.get('location') ?? '');
      assert.equal(searchParams.get('code_challenge_method'), 'S256');
      assert.equal(searchParams.get('code_challenge')?.length, 43);
      assert.match(visible((await signInBy(stage, 'plain-pkce')).html), /You are signed in/);
      await plain.close();
    });

    test('JWKS flood: attack: unknown kids ask for the keys once, and people sign in meanwhile', async () => {
      const flooded = await startUpstream();
      await connectUpstream(stage, flooded, 'flooded');
      assert.match(visible((await signInBy(stage, 'flooded')).html), /You are signed in/);
      const before = flooded.seen.filter((it) => it === '/jwks').length;
      for (let attempt = 0; attempt < 5; attempt++) {
        flooded.header = { kid: `unknown-${attempt}` };
        assert.match(await refused('flooded'), /unknownKey/);
      }
      flooded.header = {};
      const pages = await Promise.all([1, 2, 3].map(() => signInBy(stage, 'flooded')));
      for (const page of pages) assert.match(visible(page.html), /You are signed in/);
      assert.equal(flooded.seen.filter((it) => it === '/jwks').length, before + 1);
      await flooded.close();
    });

    test('CRLF: attack: line ends in what comes along stand in no header', async () => {
      const evil = encodeURIComponent('x\r\nset-cookie: evil=1');
      for (const search of [`login_hint=${evil}`, `interaction=${evil}`, `acr_values=${evil}`, `prompt=${evil}`]) {
        const answer = await fetch(`${stage.url}/oauth/login/another?${search}`, { redirect: 'manual' });
        assert.equal(answer.status, 303);
        assert.ok(!answer.headers.getSetCookie().some((it) => it.startsWith('evil')));
      }
    });

    test('cookie tossing: attack: a browser cookie planted for a path or twice does not end a sign-in elsewhere', async () => {
      const isCallback = (location: string) => location.includes('/callback?');
      const attacker = openBrowser();
      const { url } = await attacker.open(`${stage.url}/oauth/login/another`, isCallback);
      const planted = attacker.cookie(stage.host, '__Host-portico_signin') ?? '';
      // A browser takes no `__Host-` cookie from a sibling; names without the prefix, or with its own value, open nothing.
      const victim = openBrowser();
      victim.plant(stage.host, 'portico_signin', planted);
      victim.plant(stage.host, '__Secure-portico_signin', planted);
      const page = await victim.open(url);
      assert.match(visible(page.html), /kept no cookie|another browser/);
    });
  });

  describe(`SSRF by addresses that people enter (${dialect})`, () => {
    let stage: Stage;
    let upstream: Upstream;
    const guarded = createOutboundFetch({ allowPrivate: false, trusted: [] });
    let isSet = false;
    before(async () => {
      stage = await setStage(dialect, { fetch: (input, init) => (isSet ? guarded : fetch)(input, init) });
      isSet = true;
      upstream = await startUpstream();
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });
    const faultOf = async (startFrom: string): Promise<string> => {
      const made = createConnection(stage.world, byItself, stage.organizationId, {
        id: 'inward',
        name: 'Inward',
        provider: 'openid',
        startFrom,
      });
      const error = await made.catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Problem, String(error));
      return error.details.detail;
    };

    test('attack: SSRF by metadata URL: private, loopback and link-local addresses are not asked', async () => {
      for (const host of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '192.168.1.1', '[::1]', '[fd00::1]', 'localhost'])
        assert.match(await faultOf(`https://${host}/`), /address inside|neither an issuer/, host);
      assert.match(await faultOf('http://metadata.example/'), /begins with https/);
      assert.equal(upstream.seen.length, 0);
    });

    test('attack: SSRF by DNS: a name that leads inside is refused at the moment of connecting', async () => {
      const { port } = new URL(upstream.url);
      assert.match(await faultOf(`https://localhost:${port}/`), /address inside/);
    });
  });
}
