import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationPermissions } from '../applications/permissions.ts';
import { graphAs } from '../test-graph.ts';
import { startTestEntra } from '../test-tenant.ts';
import { directoryRoutes } from './directory-routes.ts';
import { setupRoutes } from './setup-routes.ts';

const bodies: readonly string[] = [
  '',
  '[]',
  'null',
  '5',
  '{"a":',
  '{"requests":[null]}',
  '{"value":[{"key":"BaseAddress","value":"x"}]}',
  '{"parameters":[{}],"criteria":5}',
  '{"@odata.id":"%zz/users/%zz"}',
  '{"keyCredential":{"key":"AAAA"},"proof":"a.b.c","keyCredentials":[{}]}',
  '{"displayName":"x","identifierUris":["::"],"mailNickname":"x"}',
  '{"requests":[{"id":1,"method":"NOPE","url":"//else.example/x"}],"synchronizationRules":[5]}',
];
const queries: readonly string[] = [
  '$filter=(',
  '$filter=x/any(a:a/b/c eq null)',
  '$filter=any(',
  '$orderby=x desc, y',
  '$expand=owners($select=id',
  '$search="a:b"',
  '$top=-1',
  '$skiptoken=e30',
  '$deltatoken=e30',
  '$select=',
  '%',
];

test('malformed requests get Graph’s envelope at every route, never a failure of the simulator', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 1 });
  const app = await entra.register({ permissions: [...applicationPermissions.keys()] });
  const { body: token } = await entra.token(entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  const graph = graphAs(entra, String(token['access_token']));
  const ask = async (method: string, path: string, body: string | undefined) => {
    const authorization = `Bearer ${String(token['access_token'])}`;
    const headers = { authorization, 'content-type': 'application/json', consistencylevel: 'eventual' };
    const init = body === undefined ? { method, headers } : { method, headers, body };
    const response = await fetch(`${entra.url}/v1.0${path}`, init);
    return { status: response.status, text: await response.text() };
  };
  const { contoso } = entra;
  const [application] = (await graph('GET', '/applications')).value;
  const [principal] = (await graph('GET', `/servicePrincipals?$filter=appId eq '${application?.['appId']}'`)).value;
  const user = contoso.users[0]?.id;
  const keys = new Map<string, unknown>([
    ['app', application?.['id']],
    ['principal', principal?.['id']],
    ['group', contoso.groups[0]?.id],
  ]);
  const strange: string[] = [];
  const routes = Object.keys({ ...directoryRoutes(), ...setupRoutes(), 'POST /$batch': undefined });
  for (const route of routes.filter((each) => !each.startsWith('DELETE'))) {
    const [method = '', pattern = ''] = route.split(' ');
    const path = pattern.replace(/:(\w+)/g, (_, name: string) => String(keys.get(name) ?? user));
    const paths = method === 'GET' ? queries.map((query) => `${path}?${query}`) : [path];
    for (const asked of [...paths, pattern.replace(/:\w+/g, "%27%zz'(x")])
      for (const body of method === 'GET' ? [undefined] : bodies) {
        const { status, text } = await ask(method, asked, body);
        if (status >= 500 || (status >= 400 && !text.includes('"innerError"')))
          strange.push(`${status} ${route} ${asked} ${body}`);
      }
  }
  assert.deepEqual(strange, []);
});
