import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser } from '../test-browser.ts';
import {
  authorizeUrl,
  callback,
  claimsOf,
  startTestEntra,
  type TestApp,
  type TestEntra,
  type TokenReply,
} from '../test-tenant.ts';

let entra: TestEntra;
/** The app people sign in to, and the API it calls. */
let web: TestApp;
let api: TestApp;
let anna: string;
before(async () => {
  entra = await startTestEntra();
  web = await entra.register({ displayName: 'Web' });
  api = await entra.register({
    displayName: 'API',
    identifierUris: ['https://api.contoso.example'],
    requestedAccessTokenVersion: 2,
  });
  await entra.register({ displayName: 'Other', identifierUris: ['https://other.contoso.example'] });
  anna = String(entra.contoso.users[0]?.userPrincipalName);
});
after(() => entra.close());

/** Signs Anna in to an app and gives the whole token answer. */
async function signIn(app: TestApp, scope: string): Promise<Record<string, unknown>> {
  const url = authorizeUrl(entra, entra.contoso.id, app, { scope });
  const code = (await openBrowser().signIn(url, anna)).searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', client_id: app.appId, client_secret: app.secret };
  return (await entra.token(entra.contoso.id, { ...form, redirect_uri: callback, code })).body;
}

const tokenFor = async (scope: string): Promise<string> => String((await signIn(web, scope))['access_token']);

const exchange = (
  assertion: string,
  form: Record<string, string> = {},
  tenant = entra.contoso.id,
): Promise<TokenReply> =>
  entra.token(tenant, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    client_id: api.appId,
    client_secret: api.secret,
    scope: 'https://graph.microsoft.com/User.Read',
    assertion,
    ...form,
  });

const refusal = ({ status, body }: TokenReply): unknown[] => [
  status,
  body['error'],
  body['error_codes'],
  body['suberror'],
];

describe('on behalf of (OAuth 2.0 On-Behalf-Of flow)', () => {
  test('without consent to the API’s own permissions: invalid_grant, AADSTS65001, suberror consent_required, no error_uri', async () => {
    const reply = await exchange(await tokenFor('https://api.contoso.example/read'));
    assert.deepEqual(refusal(reply), [400, 'invalid_grant', [65001], 'consent_required']);
    assert.equal('error_uri' in reply.body, false);
    assert.match(String(reply.body['error_description']), /named 'API'\. Send an interactive authorization request/);
  });

  test('once the user consented, the API gets a token of his for the next API; with offline_access a refresh token', async () => {
    await signIn(api, 'openid https://graph.microsoft.com/User.Read');
    const assertion = await tokenFor('https://api.contoso.example/read');
    assert.equal(claimsOf(assertion)['aud'], api.appId);
    const { status, body } = await exchange(assertion);
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'ext_expires_in', 'scope', 'token_type']);
    const { aud, upn, scp, appid, appidacr } = claimsOf(body['access_token']);
    assert.deepEqual(
      [aud, upn, scp, appid, appidacr],
      ['https://graph.microsoft.com', anna, 'User.Read', api.appId, '1'],
    );
    const offline = await exchange(assertion, { scope: 'https://graph.microsoft.com/.default offline_access openid' });
    const next = await entra.token(entra.contoso.id, {
      grant_type: 'refresh_token',
      client_id: api.appId,
      client_secret: api.secret,
      refresh_token: String(offline.body['refresh_token']),
    });
    assert.equal(claimsOf(next.body['access_token'])['scp'], 'openid User.Read');
    assert.equal(claimsOf(offline.body['id_token'])['aud'], api.appId);
  });

  test('the tenant may be left to the assertion, and v1 takes a resource', async () => {
    const assertion = await tokenFor('https://api.contoso.example/read');
    assert.equal((await exchange(assertion, {}, 'common')).status, 200);
    const body = new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      client_id: api.appId,
      client_secret: api.secret,
      assertion,
      resource: 'https://graph.microsoft.com',
    });
    const old = await fetch(`${entra.url}/${entra.contoso.id}/oauth2/token`, { method: 'POST', body });
    const { expires_in, resource } = (await old.json()) as Record<string, unknown>;
    assert.deepEqual([expires_in, resource], ['3599', 'https://graph.microsoft.com']);
  });

  test('refusals in Entra’s codes', async (t) => {
    const good = await tokenFor('https://api.contoso.example/read');
    const [head = '', payload = '', signature = ''] = good.split('.');
    const forged = [head, payload, signature.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))].join('.');
    const foreign = [Buffer.from('{"alg":"RS256","kid":"of-nobody"}').toString('base64url'), payload, signature].join(
      '.',
    );
    const idToken = String((await signIn(web, 'openid profile'))['id_token']);
    const appOnly = await entra.token(entra.contoso.id, {
      grant_type: 'client_credentials',
      client_id: web.appId,
      client_secret: web.secret,
      scope: 'https://api.contoso.example/.default',
    });
    const cases: readonly [name: string, assertion: string, form: Record<string, string>, refused: unknown[]][] = [
      ['no JWT', 'abc', {}, [400, 'invalid_request', [50027], undefined]],
      ['a signature that does not fit', forged, {}, [400, 'invalid_grant', [50013], undefined]],
      ['a key of nobody', foreign, {}, [400, 'invalid_grant', [50013], undefined]],
      ['an id_token', idToken, {}, [400, 'invalid_grant', [240002], undefined]],
      [
        'a token for another app',
        await tokenFor('https://other.contoso.example/read'),
        {},
        [400, 'invalid_grant', [500131], undefined],
      ],
      ['a token for Graph', await tokenFor('User.Read'), {}, [400, 'invalid_grant', [500131], undefined]],
      [
        'a token without a user',
        String(appOnly.body['access_token']),
        {},
        [400, 'invalid_grant', [7000114], undefined],
      ],
      ['a wrong secret', good, { client_secret: 'no' }, [401, 'invalid_client', [7000215], undefined]],
      ['another use', good, { requested_token_use: 'exchange' }, [400, 'invalid_request', [9002313], undefined]],
      ['no use', good, { requested_token_use: '' }, [400, 'invalid_request', [900144], undefined]],
      ['no assertion', '', {}, [400, 'invalid_request', [900144], undefined]],
      ['an unknown API', good, { scope: 'api://nobody/.default' }, [400, 'invalid_resource', [500011], undefined]],
    ];
    for (const [name, assertion, form, refused] of cases)
      await t.test(name, async () => assert.deepEqual(refusal(await exchange(assertion, form)), refused));
    await t.test('no secret', async () => {
      const reply = await entra.token(entra.contoso.id, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        requested_token_use: 'on_behalf_of',
        scope: 'User.Read',
        client_id: api.appId,
        assertion: good,
      });
      assert.deepEqual(refusal(reply), [401, 'invalid_client', [7000218], undefined]);
    });
    await t.test('another tenant', async () => {
      const multi = await entra.register({
        signInAudience: 'AzureADMultipleOrgs',
        identifierUris: ['https://multi.example'],
      });
      const assertion = await tokenFor('https://multi.example/read');
      const form = { client_id: multi.appId, client_secret: multi.secret };
      assert.deepEqual(refusal(await exchange(assertion, form, entra.fabrikam.id)), [
        400,
        'invalid_grant',
        [50013],
        undefined,
      ]);
    });
    await t.test('a token whose time is over', async () => {
      await entra.control('POST', '/clock', { advanceMs: 2 * 3_600_000 });
      const reply = await exchange(good);
      assert.deepEqual(refusal(reply), [400, 'invalid_grant', [500133], undefined]);
      assert.equal(reply.body['error_uri'], `${entra.url}/error?code=500133`);
    });
    await t.test('a user who was disabled, and one who was deleted', async () => {
      const fresh = await tokenFor('https://api.contoso.example/read');
      const path = `/tenants/${entra.contoso.id}/users/${anna}`;
      await entra.control('PATCH', path, { accountEnabled: false });
      assert.deepEqual(refusal(await exchange(fresh)), [400, 'invalid_grant', [50057], undefined]);
      await entra.control('DELETE', path);
      assert.deepEqual(refusal(await exchange(fresh)), [400, 'invalid_grant', [500341], undefined]);
    });
  });
});
