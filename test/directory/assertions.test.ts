import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import {
  connectionWork,
  distrustAssertions,
  issueCredential,
  pageOfAssertionTrusts,
  trustAssertions,
} from '#connections';
import { createScimDoor } from '#directory';
import { byItself, listEvents, sequenceSome } from '#events';
import type { Store } from '#store';
import { contoso, listen, metadata, refusal, signingKey, stranger } from '../entra/local-tenant.ts';
import { dialects } from '../world.ts';
import { openScimWorld, type ScimWorld, type TestDirectory } from './scim-world.ts';
import { askForToken, type TokenAnswer } from './token-request.ts';

const start = Date.UTC(2027, 0, 1);
const subject = 'd2f8ee76-c549-45b8-a143-f5b640669704';
const audience = 'api://b5ba7a93-4452-4522-aeb4-a2b5da870c16';
/** A tenant that nobody knows. */
const unknown = 'bbbbbbbb-cccc-dddd-eeee-ffffffffffff';
const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

for (const dialect of dialects) {
  describe(`assertions signed by Entra (${dialect})`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let entra: Awaited<ReturnType<typeof listen>>;
    let key: Awaited<ReturnType<typeof signingKey>>;
    let foreign: Awaited<ReturnType<typeof signingKey>>;
    let keys: object[];
    let down = false;
    before(async () => {
      key = await signingKey('key-1');
      foreign = await signingKey('key-of-stranger', `https://login.example/${stranger}/v2.0`);
      keys = [key.jwk];
      entra = await listen(({ path }) => {
        if (down) return { broken: true };
        const tenant = path.split('/')[1] ?? '';
        if (tenant === unknown)
          return { status: 400, json: refusal('invalid_tenant', 90002, 'There is no such tenant.') };
        return path.endsWith('/keys') ? { json: { keys } } : { json: metadata(entra.url, tenant) };
      });
      ({ directory, ...world } = await openScimWorld(dialect, {
        now: start,
        settings: { PORTICO_SIMULATOR_URL: entra.url },
      }));
      await trust(directory, { subject, audience });
    });
    after(async () => {
      await world.close();
      await entra.close();
    });
    beforeEach(() => {
      world.clock.now += 60_000;
    });

    const trust = (of: TestDirectory, input: { subject: string; audience?: string; tenantId?: string }) =>
      trustAssertions(world, byItself, of.organizationId, of.id, { name: 'Entra', tenantId: contoso, ...input });
    let serial = 0;
    /** The claims that Microsoft shows (MS-10), with some that differ. */
    const claims = (more: Record<string, unknown> = {}) => {
      const now = Math.floor(world.clock.now / 1000);
      return {
        aud: audience,
        iss: `${entra.url}/${contoso}/v2.0`,
        iat: now,
        nbf: now,
        exp: now + 3900,
        appid: audience.slice(6),
        oid: subject,
        sub: subject,
        tid: contoso,
        ver: '2.0',
        uti: `${++serial}`,
        ...more,
      };
    };
    let addresses = 0;
    const present = (assertion: string, more: Record<string, string> = {}, of = directory) =>
      askForToken(
        world.door,
        of.tenantUrl,
        {
          grant_type: 'client_credentials',
          client_id: of.id,
          client_assertion_type: jwtBearer,
          client_assertion: assertion,
          scope: 'scim',
          ...more,
        },
        {},
        { address: `198.51.100.${++addresses}` },
      );
    const errorOf = ({ status, body }: TokenAnswer) => [status, body['error']];
    const lastReason = async (of = directory) => {
      while ((await sequenceSome(world)) > 0);
      const query = { type: 'authentication.failed', order: 'newest', limit: 1 } as const;
      return String((await listEvents(world, of.organizationId, query)).items[0]?.data['why']);
    };
    const refused = async (assertion: string, why: RegExp, of = directory) => {
      assert.deepEqual(errorOf(await present(assertion, {}, of)), [401, 'invalid_client']);
      assert.match(await lastReason(of), why);
    };
    const statusWith = async (bearer: unknown) => {
      world.clock.now += 1001;
      return (await directory.send('GET', '/Users?count=0', undefined, { authorization: `Bearer ${bearer}` })).status;
    };

    for (const aud of [audience, `${audience}/.default`]) {
      test(`§1.1: an assertion for ${aud.replace(audience, 'api://<appid>')} gives an access token that opens the Tenant URL`, async () => {
        const usedAt = world.clock.now;
        const { status, body } = await present(await key.sign(claims({ aud })));
        assert.equal(status, 200, JSON.stringify(body));
        assert.deepEqual([body['token_type'], body['expires_in']], ['Bearer', 3600]);
        assert.equal(await statusWith(body['access_token']), 200);
        const { items } = await pageOfAssertionTrusts(world, directory.organizationId, directory.id, { limit: 10 });
        assert.equal(Date.parse(items[0]?.lastUsedAt ?? ''), usedAt);
      });
    }

    test('RFC 7521 §4.2: the client id may be left out, but not be another', async () => {
      assert.equal((await present(await key.sign(claims()), { client_id: '' })).status, 200);
      assert.deepEqual(errorOf(await present(await key.sign(claims()), { client_id: 'another' })), [
        401,
        'invalid_client',
      ]);
      assert.match(await lastReason(), /the client id of this token endpoint is contoso/);
    });

    test('attack: another tenant, another subject, another audience, another version of the issuer, a tid that contradicts', async () => {
      const { url } = entra;
      const cases: [more: Record<string, unknown>, why: RegExp][] = [
        [
          { iss: `${url}/${stranger}/v2.0`, tid: stranger },
          /^iss of the assertion: expected .*\/11111111-.*, seen .*aaaaaaaa-/,
        ],
        [{ iss: `https://sts.windows.net/${contoso}/` }, /^iss of the assertion: .*sts\.windows\.net/],
        [{ iss: undefined }, /^iss of the assertion: .* seen none$/],
        [{ tid: stranger }, /^tid of the assertion: expected 11111111-.*, seen "aaaaaaaa-/],
        [{ sub: 'somebody else' }, new RegExp(`^sub of the assertion: expected ${subject}, seen "somebody else"$`)],
        [{ sub: undefined }, /^sub of the assertion/],
        [{ aud: 'api://another' }, new RegExp(`^aud of the assertion: expected ${audience}, seen "api://another"$`)],
        [{ aud: [audience, 'api://another'] }, /^aud of the assertion: expected/],
        [{ aud: `${audience}/.default/.default` }, /^aud of the assertion: expected/],
        [{ aud: undefined }, /^aud of the assertion/],
      ];
      for (const [more, why] of cases) await refused(await key.sign(claims(more)), why);
    });

    test('attack: expired, not yet valid, without an end; a minute of skew is forgiven', async () => {
      const now = Math.floor(world.clock.now / 1000);
      await refused(await key.sign(claims({ exp: now - 61 })), /^exp of the assertion: expected after 20.*, seen 20/);
      await refused(await key.sign(claims({ nbf: now + 61 })), /^nbf of the assertion: expected before 20.*, seen 20/);
      await refused(await key.sign(claims({ exp: undefined })), /^exp of the assertion/);
      assert.equal((await present(await key.sign(claims({ exp: now - 58, nbf: now + 58 })))).status, 200);
    });

    test('attack: alg none, HS256 with the public key, RS384, and no algorithm at all', async () => {
      const payload = encode(claims());
      await refused(
        `${encode({ alg: 'none', kid: 'key-1' })}.${payload}.`,
        /^alg of the assertion: expected RS256, seen "none"$/,
      );
      const signed = `${encode({ alg: 'HS256', kid: 'key-1' })}.${payload}`;
      const pem = await exportSPKI(key.publicKey);
      for (const secret of [
        pem,
        JSON.stringify(key.jwk),
        createPublicKey(pem).export({ type: 'spki', format: 'der' }),
      ]) {
        const mac = createHmac('sha256', secret).update(signed).digest('base64url');
        await refused(`${signed}.${mac}`, /^alg of the assertion: expected RS256, seen "HS256"$/);
      }
      await refused(`${encode({ alg: 'RS384', kid: 'key-1' })}.${payload}.AAAA`, /seen "RS384"$/);
      await refused(`${encode({ kid: 'key-1' })}.${payload}.AAAA`, /seen none$/);
    });

    test("attack: a wrong kid, another tenant's key, a key of the attacker's under a good kid, a changed claim", async () => {
      const now = claims();
      const mine = await signingKey('key-1');
      await refused(await mine.sign(now), /^the signature of the assertion does not match its key$/);
      await refused(
        await (await signingKey('nowhere')).sign(now),
        /^kid of the assertion: expected one of .*, seen "nowhere"$/,
      );
      const [header, payload, signature] = (await key.sign(claims({ sub: 'me' }))).split('.');
      const changed = Buffer.from(payload ?? '', 'base64url')
        .toString()
        .replace('"me"', JSON.stringify(subject));
      await refused(`${header}.${Buffer.from(changed).toString('base64url')}.${signature}`, /^the signature/);
      const { privateKey, publicKey } = await generateKeyPair('RS256');
      const embedded = await new SignJWT(now)
        .setProtectedHeader({ alg: 'RS256', jwk: await exportJWK(publicKey), jku: 'https://evil.example/keys' })
        .sign(privateKey);
      await refused(embedded, /^kid of the assertion: .*, seen none$/);
    });

    test('a key that is published later is found by its kid; a key that only another issuer may use is not taken', async () => {
      const next = await signingKey('key-2');
      keys = [key.jwk, next.jwk, foreign.jwk];
      world.clock.now += 5 * 60_000;
      assert.equal((await present(await next.sign(claims()))).status, 200);
      await refused(
        await foreign.sign(claims()),
        /^the assertion is signed with a key that only https:\/\/login\.example/,
      );
      const asked = entra.seen.filter(({ path }) => path.endsWith('/keys')).length;
      for (let times = 0; times < 3; times++) await present(await (await signingKey('unknown')).sign(claims()));
      assert.ok(entra.seen.filter(({ path }) => path.endsWith('/keys')).length - asked <= 1);
    });

    test('attack: an assertion is good once, its last letter written otherwise included, and four at once', async () => {
      const assertion = await key.sign(claims());
      assert.equal((await present(assertion)).status, 200);
      await refused(assertion, /^the assertion was used before/);
      const last = assertion.at(-1) ?? '';
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      // The last letter of 256 bytes carries two bits; the four others are not looked at by who decodes leniently.
      const twin = alphabet[alphabet.indexOf(last) ^ 1] ?? '';
      assert.equal((await present(assertion.slice(0, -1) + twin)).status, 401);
      const another = await key.sign(claims());
      const atOnce = await Promise.all([1, 2, 3, 4].map(() => present(another)));
      assert.deepEqual(atOnce.map(({ status }) => status).sort(), [200, 401, 401, 401]);
    });

    test("attack: an assertion for another directory's trust opens nothing here, though the tenant is the same", async () => {
      const other = await world.addDirectory('fabrikam');
      await refused(await key.sign(claims()), /^no assertion is trusted here/, other);
      await trust(other, { subject: 'another workload', audience });
      await refused(await key.sign(claims()), /^sub of the assertion: expected another workload/, other);
      const { status } = await present(await key.sign(claims({ sub: 'another workload' })), {}, other);
      assert.equal(status, 200);
      await refused(await key.sign(claims({ sub: 'another workload' })), /^sub of the assertion/);
    });

    test('what is no assertion at all is refused in OAuth’s words, and nothing is asked of anybody', async () => {
      for (const text of ['x', 'a.b.c', `${encode({ alg: 'RS256' })}.${encode('text')}.x`, 'y'.repeat(30_000)])
        assert.deepEqual(errorOf(await present(text)), [401, 'invalid_client']);
      const assertion = await key.sign(claims());
      const { value } = await issueCredential(world, byItself, 'clientSecret', directory.organizationId, directory.id, {
        name: 's',
      });
      const cases: Record<string, string>[] = [
        { client_secret: value },
        { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
        { client_assertion_type: '' },
        { client_assertion: '' },
      ];
      for (const more of cases) assert.deepEqual(errorOf(await present(assertion, more)), [400, 'invalid_request']);
    });

    test('who is trusted no more gets no token, and what he got is out within a second', async () => {
      const made = await trust(directory, { subject: 'for a while', audience });
      const { body } = await present(await key.sign(claims({ sub: 'for a while' })));
      assert.equal(await statusWith(body['access_token']), 200);
      await distrustAssertions(world, byItself, directory.organizationId, directory.id, made.id);
      assert.equal(await statusWith(body['access_token']), 401);
      await refused(await key.sign(claims({ sub: 'for a while' })), /^sub of the assertion/);
    });

    test('RFC 7643 §5: ServiceProviderConfig tells the ways in that are set up', async () => {
      const typesOf = async ({ get }: TestDirectory) => {
        const schemes = (await get('/ServiceProviderConfig')).body['authenticationSchemes'];
        return (schemes as { type: string; name: string }[]).map(({ type, name }) => `${type}: ${name}`);
      };
      const fresh = await world.addDirectory('fresh');
      assert.deepEqual(await typesOf(fresh), ['oauthbearertoken: Bearer token']);
      await issueCredential(world, byItself, 'clientSecret', fresh.organizationId, fresh.id, { name: 's' });
      await trust(fresh, { subject, audience });
      assert.deepEqual(await typesOf(fresh), [
        'oauthbearertoken: Bearer token',
        'oauth2: OAuth 2.0 client credentials',
        'oauth2: OAuth 2.0 client assertion',
      ]);
    });

    test('who is trusted no more while the assertion is looked at gets no token', async () => {
      const made = await trust(directory, { subject: 'in between', audience });
      let isFirst = true;
      const write: Store['write'] = async (work) => {
        if (isFirst) {
          isFirst = false;
          await distrustAssertions(world, byItself, directory.organizationId, directory.id, made.id);
        }
        return world.store.write(work);
      };
      const door = createScimDoor({ ...world, store: { ...world.store, write } });
      const form = {
        grant_type: 'client_credentials',
        client_assertion_type: jwtBearer,
        client_assertion: await key.sign(claims({ sub: 'in between' })),
      };
      assert.deepEqual(errorOf(await askForToken(door, directory.tenantUrl, form)), [401, 'invalid_client']);
      assert.match(await lastReason(), /^the assertions of Entra are trusted no more$/);
      await door.close();
    });

    test('a tenant that Entra does not know is a refusal that says so, not an outage', async () => {
      const lost = await world.addDirectory('lost');
      await trust(lost, { subject, audience, tenantId: unknown });
      const iss = `${entra.url}/${unknown}/v2.0`;
      await refused(await key.sign(claims({ iss, tid: unknown })), /knows no tenant bbbbbbbb-.*AADSTS90002/, lost);
    });

    test('used assertions are forgotten when nobody could use them again', async () => {
      await present(await key.sign(claims()));
      const work = {
        kind: 'connections.purgeAccess',
        organizationId: directory.organizationId,
        subject: directory.id,
        attempts: 1,
      };
      const before = world.clock.now;
      world.clock.now += 3_961_000;
      assert.equal(await connectionWork['connections.purgeAccess']?.(world, work), undefined);
      world.clock.now = before;
    });

    test('a tenant that is not the connection’s own, a domain, or none where there are several: 400 that names the field', async () => {
      for (const tenantId of ['contoso.example', 'x y']) {
        await assert.rejects(trust(directory, { subject, audience, tenantId }), { problem: 'invalid-request' });
      }
      await assert.rejects(trust(directory, { subject, audience }), { problem: 'conflict' });
    });

    test('keys that cannot be had are 503 with Retry-After, never invalid_client', async () => {
      const assertion = await key.sign(claims());
      const before = world.clock.now;
      world.clock.now += 26 * 3_600_000;
      down = true;
      const answer = await present(assertion);
      down = false;
      world.clock.now = before;
      assert.deepEqual(errorOf(answer), [503, 'temporarily_unavailable']);
      assert.equal(answer.headers.get('retry-after'), '5');
    });

    test('§1.1: Secret Token left blank: Entra’s own token is refused, with words that tell what to do', async () => {
      const own = await key.sign({
        iss: `https://sts.windows.net/${contoso}/`,
        aud: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621',
      });
      const answer = await directory.send('GET', '/Users', undefined, { authorization: `Bearer ${own}` });
      assert.equal(answer.status, 401);
      assert.match(String(answer.body['detail']), /while the Secret Token is left blank: enter a Secret Token/);
      assert.match(
        await lastReason(),
        /iss https:\/\/sts\.windows\.net\/11111111.*, aud 8adf8e6e-67b2-4cf2-a259-e3dc5476c621/,
      );
    });
  });
}
