import assert from 'node:assert/strict';
import test from 'node:test';
import { openBrowser } from './test-browser.ts';
import { openGraph } from './test-graph.ts';
import { authorizeUrl, callback, startTestEntra, type TestEntra } from './test-tenant.ts';

type Row = Readonly<Record<string, unknown>>;

const log = async (entra: TestEntra, query = ''): Promise<readonly Row[]> => {
  const { value } = await entra.control('GET', `/requests${query}`);
  assert.ok(Array.isArray(value));
  return value;
};

test('the log tells host, status, time, code, grant type, tenant and app of a request, and no secret', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  const app = await entra.register();
  const form = { grant_type: 'client_credentials', client_id: app.appId, client_secret: 'wrong-secret' };
  await fetch(`${entra.url}/contoso.example/oauth2/v2.0/token?client_secret=s3cret&a=1`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const [last] = await log(entra);
  assert.ok(last);
  const { time, ms, ...said } = last;
  assert.match(String(time), /^\d{4}-.*Z$/);
  assert.equal(typeof ms, 'number');
  assert.deepEqual(said, {
    method: 'POST',
    host: new URL(entra.url).host,
    path: '/contoso.example/oauth2/v2.0/token?client_secret=***&a=1',
    status: 401,
    code: 'AADSTS7000215',
    grantType: 'client_credentials',
    tenant: entra.contoso.id,
    app: app.appId,
  });
  await openBrowser().get(authorizeUrl(entra, 'contoso.example', app, { redirect_uri: `${callback}/other` }));
  await openBrowser().get(authorizeUrl(entra, 'contoso.example', app, { prompt: 'none' }));
  await openBrowser().get(authorizeUrl(entra, 'contoso.example', app, { prompt: 'none', response_mode: 'form_post' }));
  assert.deepEqual(
    (await log(entra, '?limit=3')).map(({ status, code, grantType }) => [status, code, grantType]),
    [
      [200, 'AADSTS50058', null],
      [302, 'AADSTS50058', null],
      [400, 'AADSTS50011', null],
    ],
  );
  const graph = await openGraph(entra, ['User.Read.All']);
  await graph('GET', '/users/nobody@contoso.example');
  const [missing] = await log(entra);
  assert.deepEqual([missing?.['code'], missing?.['tenant']], ['Request_ResourceNotFound', entra.contoso.id]);
  assert.notEqual(missing?.['app'], null);
  assert.equal(JSON.stringify(await log(entra, '?limit=2000')).includes('s3cret'), false);
});

test('the log is filtered by path, status, code, app and time', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const app = await entra.register();
  await fetch(`${entra.url}/common/discovery/v2.0/keys`);
  await entra.token('contoso.example', { grant_type: 'client_credentials', client_id: app.appId });
  await entra.control('POST', '/clock', { now: '2031-05-01T00:00:00Z' });
  await fetch(`${entra.url}/nowhere.example/v2.0/.well-known/openid-configuration`);
  const paths = async (query: string) => (await log(entra, query)).map(({ path }) => String(path).split('/')[1]);
  assert.deepEqual(await paths(''), ['nowhere.example', 'contoso.example', 'common']);
  assert.deepEqual(await paths('?path=DISCOVERY'), ['common']);
  assert.deepEqual(await paths('?status=200'), ['common']);
  assert.deepEqual(await paths('?status=4xx&limit=1'), ['nowhere.example']);
  assert.deepEqual(await paths('?code=aadsts90002'), ['nowhere.example']);
  assert.deepEqual(await paths(`?app=${app.appId.toUpperCase()}`), ['contoso.example']);
  assert.deepEqual(await paths('?since=2031-01-01T00:00:00Z'), ['nowhere.example']);
  for (const query of ['?status=99', '?since=lately', '?limit=x'])
    assert.equal((await fetch(`${entra.url}/_control/requests${query}`)).status, 400);
});

test('the claims of the tokens that were given out can be read, not the tokens; so many are kept', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const app = await entra.register();
  const form = {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  };
  const { body } = await entra.token(entra.contoso.id, form);
  const shown = await entra.control('GET', '/tokens');
  assert.ok(Array.isArray(shown['value']));
  const [token] = shown['value'];
  assert.deepEqual([token.claims.aud, token.claims.appid], ['https://graph.microsoft.com', app.appId]);
  assert.equal(JSON.stringify(shown).includes(String(body['access_token']).split('.')[2] ?? ''), false);
  for (let turn = 0; turn < 410; turn += 1) await entra.token(entra.contoso.id, form);
  const { value } = await entra.control('GET', '/tokens?limit=200');
  assert.ok(Array.isArray(value));
  assert.equal(value.length, 200);
});
