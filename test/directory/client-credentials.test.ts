import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connectionWork, issueCredential, pageOfCredentials, pauseConnection, withdrawCredential } from '#connections';
import { changeSettings, createScimDoor } from '#directory';
import { byItself, deployment, listEvents, sequenceSome } from '#events';
import { type Store, StoreUnavailable } from '#store';
import { dialects } from '../world.ts';
import { call, openScimWorld, type ScimWorld, type TestDirectory } from './scim-world.ts';
import { askForToken, basicOf, type TokenAnswer } from './token-request.ts';

const day = 86_400_000;
const start = Date.UTC(2027, 0, 1);
const grant = { grant_type: 'client_credentials' };

for (const dialect of dialects) {
  describe(`OAuth client credentials (${dialect})`, () => {
    let world: ScimWorld;
    let directory: TestDirectory;
    let secret: string;
    before(async () => {
      ({ directory, ...world } = await openScimWorld(dialect, { now: start }));
      secret = (await issue(directory)).value;
    });
    after(() => world.close());

    const issue = (of: TestDirectory, expiresAt?: string) =>
      issueCredential(world, byItself, 'clientSecret', of.organizationId, of.id, { name: 'Entra', expiresAt });
    const ask = (form: Record<string, string> | string, headers = {}, from = {}) =>
      askForToken(world.door, directory.tenantUrl, form, headers, from);
    const inBody = (value = secret, of = directory) =>
      askForToken(world.door, of.tenantUrl, { ...grant, client_id: of.id, client_secret: value });
    const errorOf = ({ status, body }: TokenAnswer) => [status, body['error']];
    /** What SCIM says to a bearer, when nothing is believed any more. */
    const statusWith = async (bearer: unknown, of = directory) => {
      world.clock.now += 1001;
      return (await of.send('GET', '/Users?count=0', undefined, { authorization: `Bearer ${bearer}` })).status;
    };
    const reasons = async (organizationId = directory.organizationId) => {
      while ((await sequenceSome(world)) > 0);
      const query = { type: 'authentication.failed', order: 'newest', limit: 100 } as const;
      return (await listEvents(world, organizationId, query)).items.map(({ data }) => data['why']);
    };
    /** Each refusal counts towards the limit of its address. */
    let addresses = 0;
    const elsewhere = () => ({ address: `198.51.100.${++addresses}` });

    for (const [way, form, header] of [
      ['in the Basic header', () => grant, () => basicOf(directory.id, secret)],
      ['in the body', () => ({ ...grant, client_id: directory.id, client_secret: secret }), () => undefined],
      [
        'in both at once, where they agree',
        () => ({ ...grant, client_id: directory.id, client_secret: secret }),
        () => basicOf(directory.id, secret),
      ],
    ] as const) {
      test(`§1.1: credentials ${way} give an access token of an hour that opens the Tenant URL`, async () => {
        const authorization = header();
        const answer = await ask(form(), authorization === undefined ? {} : { authorization });
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        const { access_token: token, ...rest } = answer.body;
        assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600 });
        assert.match(String(token), /^pt_scimaccess_/);
        assert.equal(await statusWith(token), 200);
      });
    }

    test('RFC 6749 §2.3.1: what stands in the Basic header is form-encoded, however much of it', async () => {
      const encoded = [...secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
      const authorization = `Basic ${Buffer.from(`${directory.id}:${encoded}`).toString('base64')}`;
      assert.equal((await ask(grant, { authorization })).status, 200);
    });

    test('[MS-9]: fields that nobody knows are ignored, scope and baseAddress among them', async () => {
      const form = {
        ...grant,
        client_id: directory.id,
        client_secret: secret,
        scope: 'scim',
        baseAddress: 'https://x',
      };
      assert.equal((await ask(form)).status, 200);
      assert.equal((await ask(`${new URLSearchParams(form)}&baseAddress=y`)).status, 200);
    });

    test('an access token is over at its end, and is purged; the time is a setting of the directory, 1 to 6 hours', async () => {
      const { organizationId, id } = directory;
      await changeSettings(world, byItself, organizationId, id, { accessTokenMinutes: 360 }, undefined);
      const { body } = await inBody();
      assert.equal(body['expires_in'], 21_600);
      const at = world.clock.now;
      world.clock.now = at + 21_600_000 - 4000;
      assert.equal(await statusWith(body['access_token']), 200);
      world.clock.now = at + 21_600_000 - 1001;
      assert.equal(await statusWith(body['access_token']), 401);
      const work = { kind: 'connections.purgeAccess', organizationId, subject: id, attempts: 1 };
      await inBody();
      const purge = connectionWork['connections.purgeAccess'];
      assert.deepEqual(await purge?.(world, work), { again: 3_600_000 });
      world.clock.now += 21_600_000;
      assert.equal(await purge?.(world, work), undefined);
      await changeSettings(world, byItself, organizationId, id, { accessTokenMinutes: 60 }, undefined);
    });

    test('a client secret lives two years unless told, one year at least, three at most', async () => {
      const now = world.clock.now;
      assert.equal(Date.parse((await issue(directory)).expiresAt), now + 730 * day);
      for (const days of [365, 1095]) await issue(directory, new Date(now + days * day).toISOString());
      for (const days of [-1, 0, 90, 1098]) {
        await assert.rejects(async () => issue(directory, new Date(now + days * day).toISOString()), {
          problem: 'invalid-request',
        });
      }
    });

    test('several client secrets are valid at once; the last use of each is seen', async () => {
      const [one, two] = [await issue(directory), await issue(directory)];
      for (const { value } of [one, two]) assert.equal((await inBody(value)).status, 200);
      const { items } = await pageOfCredentials(world, 'clientSecret', directory.organizationId, directory.id, {
        limit: 100,
      });
      for (const { id } of [one, two]) {
        const found = items.find((it) => it.id === id);
        assert.equal(found?.lastUsedAt, new Date(world.clock.now).toISOString());
      }
      assert.equal(JSON.stringify(items).includes(one.value.slice(-43)), false);
    });

    test('a revoked client secret gives no token, and those that it gave are out within a second; others stay', async () => {
      const [one, two] = [await issue(directory), await issue(directory)];
      const tokens = [(await inBody(one.value)).body['access_token'], (await inBody(two.value)).body['access_token']];
      for (const token of tokens) assert.equal(await statusWith(token), 200);
      await withdrawCredential(world, byItself, 'clientSecret', directory.organizationId, directory.id, one.id);
      const refused = await inBody(one.value);
      assert.deepEqual(errorOf(refused), [401, 'invalid_client']);
      assert.match(String(refused.body['error_description']), /^the client secret Entra was revoked/);
      assert.deepEqual([await statusWith(tokens[0]), await statusWith(tokens[1])], [401, 200]);
      const { items } = await pageOfCredentials(world, 'clientSecret', directory.organizationId, directory.id, {
        limit: 100,
      });
      const revokedAt = (id: string) => items.find((it) => it.id === id)?.revokedAt ?? null;
      assert.deepEqual([revokedAt(one.id) === null, revokedAt(two.id)], [false, null]);
      await assert.rejects(
        withdrawCredential(world, byItself, 'clientSecret', directory.organizationId, directory.id, one.id),
        {
          problem: 'not-found',
        },
      );
    });

    test('a client secret past its end gives no token, and says when it ended', async () => {
      const end = world.clock.now + 365 * day;
      const { value } = await issue(directory, new Date(end).toISOString());
      const before = world.clock.now;
      world.clock.now = end - 1;
      assert.equal((await inBody(value)).status, 200);
      world.clock.now = end;
      const refused = await inBody(value);
      assert.deepEqual(errorOf(refused), [401, 'invalid_client']);
      assert.match(String(refused.body['error_description']), new RegExp(`ended on ${new Date(end).toISOString()}`));
      world.clock.now = before;
    });

    test("attack: another directory's client secret gives no token, under its own client id or the other's", async () => {
      await reasons();
      const other = await world.addDirectory('fabrikam');
      const sibling = await world.addDirectory('contoso-two', directory.organizationId);
      for (const their of [other, sibling]) {
        const { value } = await issue(their);
        for (const clientId of [directory.id, their.id]) {
          const form = { ...grant, client_id: clientId, client_secret: value };
          assert.deepEqual(errorOf(await ask(form, {}, elsewhere())), [401, 'invalid_client']);
        }
      }
      assert.match(String((await reasons())[0]), /the client id of this token endpoint is contoso, not "contoso-two"/);
      assert.match(String((await reasons())[1]), /not a client secret of this directory/);
    });

    test("attack: an access token opens no other directory, of another organization or one's own", async () => {
      const { body } = await inBody();
      for (const their of [
        await world.addDirectory('tailspin'),
        await world.addDirectory('contoso-three', directory.organizationId),
      ])
        assert.equal(await statusWith(body['access_token'], their), 401);
    });

    test('attack: each credential is good for one thing: a client secret, a Secret Token and an access token in the place of another', async () => {
      const { body } = await inBody();
      assert.equal(await statusWith(secret), 401);
      for (const value of [directory.token, String(body['access_token'])])
        assert.deepEqual(errorOf(await inBody(value)), [401, 'invalid_client']);
      for (const kind of ['scim', 'scimclient', 'key'])
        assert.equal(await statusWith(String(body['access_token']).replace('scimaccess', kind)), 401);
    });

    test('attack: another secret under a good public id, a shorter one, none: nothing is told apart', async () => {
      const changed = secret.slice(0, -1) + (secret.endsWith('A') ? 'B' : 'A');
      const token = String((await inBody()).body['access_token']);
      const seen = new Set<string>();
      for (const value of [changed, secret.slice(0, -1), `${secret}A`, 'x', token]) {
        const form = { ...grant, client_id: directory.id, client_secret: value };
        const { status, body } = await ask(form, {}, elsewhere());
        seen.add(JSON.stringify([status, body]));
      }
      const nowhere = { ...grant, client_id: 'nobody', client_secret: secret };
      const unknown = await askForToken(world.door, directory.tenantUrl.replace('contoso', 'nobody'), nowhere);
      seen.add(JSON.stringify([unknown.status, unknown.body]));
      assert.equal(seen.size, 1, [...seen].join('\n'));
      assert.equal(await statusWith(token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')), 401);
    });

    test('attack: an address that keeps failing gets 429 with Retry-After; a good secret comes in from there all the same', async () => {
      const from = { address: '192.0.2.77' };
      const attempt = (value: string) => ask({ ...grant, client_id: directory.id, client_secret: value }, {}, from);
      for (let failed = 0; failed < 30; failed++) assert.equal((await attempt('x')).status, 401);
      const limited = await attempt('x');
      assert.deepEqual(errorOf(limited), [429, 'temporarily_unavailable']);
      assert.match(limited.headers.get('retry-after') ?? '', /^[1-9]\d?$/);
      assert.equal((await attempt(secret)).status, 200);
    });

    test('RFC 6749 §5.2: every refusal in its words', async () => {
      const good = { ...grant, client_id: directory.id, client_secret: secret };
      const { client_secret: _, ...withoutSecret } = good;
      const { client_id: __, ...withoutId } = good;
      const cases: [form: Record<string, string> | string, headers: Record<string, string>, error: unknown[]][] = [
        [{ client_id: directory.id, client_secret: secret }, {}, [400, 'invalid_request']],
        [{ ...good, grant_type: '' }, {}, [400, 'invalid_request']],
        [{ ...good, grant_type: 'password' }, {}, [400, 'unsupported_grant_type']],
        [{ ...good, grant_type: 'authorization_code' }, {}, [400, 'unsupported_grant_type']],
        [withoutSecret, {}, [400, 'invalid_request']],
        [withoutId, {}, [400, 'invalid_request']],
        [`${new URLSearchParams(good)}&client_secret=x`, {}, [400, 'invalid_request']],
        [good, { authorization: basicOf(directory.id, 'another') }, [400, 'invalid_request']],
        [good, { authorization: basicOf('another', secret) }, [400, 'invalid_request']],
        [good, { authorization: `Bearer ${secret}` }, [401, 'invalid_client']],
        [good, { authorization: 'Basic %%%' }, [401, 'invalid_client']],
        [good, { authorization: `Basic ${Buffer.from('no colon').toString('base64')}` }, [401, 'invalid_client']],
        [good, { authorization: `Basic ${Buffer.from('a:%zz').toString('base64')}` }, [401, 'invalid_client']],
        [JSON.stringify(good), { 'content-type': 'application/json' }, [400, 'invalid_request']],
        [`${new URLSearchParams(good)}&x=${'y'.repeat(70_000)}`, {}, [413, 'invalid_request']],
      ];
      for (const [form, headers, error] of cases) {
        const answer = await ask(form, headers, elsewhere());
        assert.deepEqual(errorOf(answer), error, JSON.stringify([form, headers]).slice(0, 200));
        assert.match(String(answer.body['error_description']), /^[ !#-[\]-~]+$/);
        if (answer.status === 401) assert.equal(answer.headers.get('www-authenticate'), 'Basic realm="Portico"');
      }
      const url = `${directory.tenantUrl.replace('/v2/', '/oauth2/')}/token`;
      const got = await world.door(new Request(url), { requestId: 'r', address: '', userAgent: null });
      assert.deepEqual([got.status, got.headers.get('allow')], [405, 'POST']);
    });

    test('a database that does not answer is 503 with Retry-After, never invalid_client', async () => {
      const store: Store = {
        ...world.store,
        read: async () => Promise.reject(new StoreUnavailable(new Error('gone'))),
      };
      const door = createScimDoor({ ...world, store });
      const answer = await askForToken(door, directory.tenantUrl, {
        ...grant,
        client_id: directory.id,
        client_secret: secret,
      });
      assert.deepEqual(errorOf(answer), [503, 'temporarily_unavailable']);
      assert.equal(answer.headers.get('retry-after'), '5');
    });

    test('whoever comes with an access token is recorded by the client secret that it came of', async () => {
      const { value, id } = await issue(directory);
      const bearer = String((await inBody(value)).body['access_token']);
      const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: 'by-oauth' };
      const headers = { authorization: `Bearer ${bearer}` };
      assert.equal((await call(world.door, 'POST', `${directory.tenantUrl}/Users`, user, headers)).status, 201);
      while ((await sequenceSome(world)) > 0);
      const query = { type: 'user.created', order: 'newest', limit: 1 } as const;
      const [created] = (await listEvents(world, directory.organizationId, query)).items;
      assert.deepEqual(
        [created?.actor.type, created?.actor.id, created?.actor.name],
        ['provisioning-client', id, 'Entra'],
      );
    });

    test('a refusal is in the events of its organization; without a directory in those of the deployment', async () => {
      const before = (await reasons(deployment)).length;
      await askForToken(
        world.door,
        directory.tenantUrl.replace('contoso', 'nobody'),
        { ...grant, client_id: 'x', client_secret: 'y' },
        {},
        elsewhere(),
      );
      assert.equal((await reasons(deployment)).length, before + 1);
    });

    test('a paused connection is closed to access tokens too, and says so: 403', async () => {
      const { body } = await inBody();
      await pauseConnection(world, byItself, directory.organizationId, directory.id);
      assert.equal(await statusWith(body['access_token']), 403);
    });
  });
}
