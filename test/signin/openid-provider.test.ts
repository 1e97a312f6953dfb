import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { connectionChecks, createConnection, findLive, getConnection, pageOfSecrets } from '#connections';
import type { CreateConnection } from '#contract';
import { byItself } from '#events';
import { Problem } from '#http';
import { pageOfAccounts, pageOfLinks, pageOfSessions } from '#signin';
import { dialects } from '../world.ts';
import { visible } from './browser.ts';
import { connectUpstream, signInBy } from './openid-stage.ts';
import { type Stage, setStage } from './stage.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const all = { limit: 1000 };

for (const dialect of dialects) {
  describe(`signing in by any OpenID provider (${dialect})`, () => {
    let stage: Stage;
    let upstream: Upstream;
    before(async () => {
      stage = await setStage(dialect, { outside: { PORTICO_ALLOW_PRIVATE_ADDRESSES: 'true' } });
      upstream = await startUpstream('/realms/one');
      await connectUpstream(stage, upstream, 'another');
    });
    after(async () => {
      await stage.close();
      await upstream.close();
    });
    beforeEach(() => upstream.reset());

    const accounts = async () => (await pageOfAccounts(stage.world, stage.organizationId, all)).items;
    const signsIn = async (claims: Record<string, unknown>) => {
      upstream.claims = claims;
      const page = await signInBy(stage, 'another');
      assert.match(visible(page.html), /You are signed in/);
      return page;
    };
    const accountOf = async (email: string) => (await accounts()).find((it) => it.email === email);
    const input = (more: Partial<CreateConnection>): CreateConnection => ({
      id: 'refused',
      name: 'Refused',
      provider: 'openid',
      ...more,
    });
    const faultsOf = async (more: Partial<CreateConnection>) => {
      const made = createConnection(stage.world, byItself, stage.organizationId, input(more));
      const error = await made.catch((thrown: unknown) => thrown);
      assert.ok(error instanceof Problem, String(error));
      return (error.details.errors ?? []).map(({ field, detail }) => `${field}: ${detail}`).join('; ');
    };

    test('S4: the account is keyed by issuer and subject, and the secret has proven itself by the first code', async () => {
      await signsIn({ sub: 'anna', email: 'anna@another.example', email_verified: true, name: 'Anna' });
      const account = await accountOf('anna@another.example');
      assert.deepEqual([account?.name, account?.emailVerified], ['Anna', true]);
      const { items } = await pageOfLinks(stage.world, stage.organizationId, account?.id ?? '', all);
      assert.deepEqual(
        items.map(({ authority, objectId, connection }) => ({ authority, objectId, connection })),
        [{ authority: upstream.issuer, objectId: 'anna', connection: 'another' }],
      );
      const secrets = await pageOfSecrets(stage.world, stage.organizationId, 'another', all);
      assert.equal(secrets.items[0]?.state, 'current');
    });

    test('RFC 7518: RS256, PS256, ES256 and EdDSA, as its metadata names them', async () => {
      for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
        upstream.alg = alg;
        await signsIn({ sub: `by-${alg}` });
      }
    });

    test('S5: email_verified in every form: boolean, number, text, list; trustEmail is apart from it', async () => {
      for (const [index, [said, verified]] of (
        [
          [true, true],
          ['true', true],
          [1, true],
          ['1', true],
          [[true], true],
          [['mail5@x.example'], true],
          [false, false],
          ['false', false],
          [0, false],
          [['other@x.example'], false],
          ['perhaps', false],
          [undefined, false],
        ] as const
      ).entries()) {
        const email = `mail${index}@x.example`;
        await signsIn({ sub: `mail${index}`, email, email_verified: said });
        assert.equal((await accountOf(email))?.emailVerified, verified, JSON.stringify(said));
      }
    });

    test('OpenID Connect Core §5.3: userinfo has what the token lacks', async () => {
      upstream.userinfo = { sub: 'ben', email: 'ben@another.example', email_verified: 'true', name: 'Ben' };
      await signsIn({ sub: 'ben' });
      assert.deepEqual(
        [(await accountOf('ben@another.example'))?.emailVerified, upstream.seen.at(-1)],
        [true, '/realms/one/userinfo'],
      );
    });

    test('attack: userinfo of another subject is refused (OpenID Connect Core §5.3.2)', async () => {
      upstream.userinfo = { sub: 'victim', email: 'victim@another.example' };
      upstream.claims = { sub: 'mallory' };
      const page = await signInBy(stage, 'another');
      assert.match(visible(page.html), /proof of your sign-in is not valid/);
      assert.equal(await accountOf('victim@another.example'), undefined);
    });

    test('RFC 9207: an answer that names the right issuer is taken', async () => {
      upstream.answer = { iss: upstream.issuer };
      await signsIn({ sub: 'named' });
    });

    test('a session ends when the provider says so (session_expiry), and a past one is refused', async () => {
      const soon = Math.floor(Date.now() / 1000) + 600;
      const { browser } = await signsIn({ sub: 'short', session_expiry: soon });
      assert.ok(browser.cookie(stage.host, '__Host-portico_session'));
      upstream.claims = { sub: 'short', session_expiry: soon - 1200 };
      assert.match(visible((await signInBy(stage, 'another')).html), /You have to sign in anew/);
    });

    test('S11: a session is over at the provider’s own limit, and where that names none after its hours', async () => {
      const expiryOf = async (email: string) => {
        const { id = '' } = (await accountOf(email)) ?? {};
        const [session] = (await pageOfSessions(stage.world, stage.organizationId, id, all)).items;
        return Date.parse(session?.expiresAt ?? '');
      };
      const end = Math.floor(Date.now() / 1000) + 3;
      const limited = await signsIn({ sub: 'limited', email: 'limited@another.example', session_expiry: end });
      assert.equal(await expiryOf('limited@another.example'), end * 1000);
      assert.equal(await stage.isSignedIn(limited.browser), true);
      const free = await signsIn({ sub: 'free', email: 'free@another.example' });
      assert.ok(Math.abs((await expiryOf('free@another.example')) - Date.now() - 12 * 3_600_000) < 60_000);
      await setTimeout(end * 1000 - Date.now() + 5);
      assert.equal(await stage.isSignedIn(limited.browser), false);
      assert.equal(await stage.isSignedIn(free.browser), true);
    });

    test('max_age is passed on and auth_time checked (OpenID Connect Core §3.1.3.7)', async () => {
      const open = async (claims: Record<string, unknown>) => {
        upstream.claims = { sub: 'aged', ...claims };
        return visible((await signInBy(stage, 'another?max_age=300')).html);
      };
      const now = Math.floor(Date.now() / 1000);
      assert.match(await open({}), /You have to sign in anew/);
      assert.match(await open({ auth_time: now - 1000 }), /You have to sign in anew/);
      assert.match(await open({ auth_time: now - 100 }), /You are signed in/);
    });

    test('the checks say that it answers, what it can do, and that it takes the secret', async () => {
      const connection = await findLive(stage.world, stage.organizationId, 'another');
      assert.ok(connection);
      const answers = await Promise.all(connectionChecks.map((check) => check(stage.world, connection)));
      assert.deepEqual(
        answers.flat().map(({ name, outcome }) => `${name} ${outcome}`),
        ['openid.discovery passed', 'openid.flow passed', 'entra.secret passed'],
      );
    });

    test('the issuer is compared exactly; a metadata document may be given in its place', async () => {
      assert.match(await faultsOf({ startFrom: `${upstream.url}/realms/two` }), /^startFrom: .*HTTP 404/);
      upstream.metadata = { issuer: `${upstream.url}/realms/two` };
      assert.match(await faultsOf({ startFrom: upstream.issuer }), /^startFrom: .*says its issuer is/);
      upstream.metadata = { issuer: 'https://accounts.google.com' };
      const metadataUrl = `${upstream.issuer}/.well-known/openid-configuration`;
      assert.match(await faultsOf({ startFrom: metadataUrl }), /^startFrom: .*says its issuer is/);
      upstream.reset();
      const made = await createConnection(
        stage.world,
        byItself,
        stage.organizationId,
        input({ id: 'by-metadata', startFrom: metadataUrl, preset: 'keycloak' }),
      );
      assert.deepEqual(
        [made.draft?.issuer, made.draft?.metadataUrl, made.draft?.preset],
        [upstream.issuer, metadataUrl, 'keycloak'],
      );
    });

    test('what does not go together is refused with the field', async () => {
      const cases: [Partial<CreateConnection>, string][] = [
        [{ mailOut: true }, 'mailOut'],
        [{ mailIn: true }, 'mailIn'],
        [{ accountType: 'anyOrganization' }, 'accountType'],
        [{ authenticationContext: 'c1' }, 'authenticationContext'],
        [{ clientAuthentication: 'federatedCredential' }, 'clientAuthentication'],
        [{ responseType: 'code id_token' }, 'responseMode'],
        [{ startFrom: 'https://login.microsoftonline.com/common/v2.0' }, 'startFrom'],
        [{ startFrom: 'ftp://x.example' }, 'startFrom'],
        [{ startFrom: 'https://user:pass@x.example' }, 'startFrom'],
        [{ provider: 'entra', preset: 'google' }, 'preset'],
        [{ provider: 'entra', accountType: 'anyOrganization', trustEmail: true }, 'trustEmail'],
      ];
      for (const [more, field] of cases) assert.match(await faultsOf(more), new RegExp(`^${field}: `), field);
    });

    test('trustEmail alone verifies no address of a domain that the organization has not proven', async () => {
      await connectUpstream(stage, upstream, 'trusting', { trustEmail: true });
      upstream.claims = { sub: 'trusted', email: 'trusted@x.example' };
      await signInBy(stage, 'trusting');
      assert.equal((await accountOf('trusted@x.example'))?.emailVerified, false);
      assert.equal((await getConnection(stage.world, stage.organizationId, 'trusting')).live?.trustEmail, true);
    });
  });
}
