import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openRestWithTenant, problemOf, type RestWithTenant, registerApp } from './rest-with-tenant.ts';

describe('settings of a connection', () => {
  let rest: RestWithTenant;
  before(async () => {
    rest = await openRestWithTenant('sqlite');
  });
  after(() => rest.close());
  let made = 0;
  const create = (body: Record<string, unknown>) =>
    rest.client()('connections.create', {
      organization: rest.organization,
      body: { id: `con-${++made}`, name: 'Contoso', ...body },
    });

  test('tenant, issuer and addresses follow from any one of tenant id, domain, provider URL and metadata URL', async () => {
    const { admin, tenantUrl } = rest;
    const base = `${tenantUrl}/${admin.id}/v2.0`;
    const starts = [
      admin.id,
      admin.id.toUpperCase(),
      admin.domain,
      ` ${admin.domain}\u200b\n`,
      `\ufeff{${admin.id}}`,
      base,
      `${base}/.well-known/openid-configuration`,
      `${tenantUrl}/${admin.domain}/v2.0/.well-known/openid-configuration`,
    ];
    for (const startFrom of starts) {
      const found = await rest.client()('connections.start', { body: { startFrom } });
      assert.deepEqual(
        found,
        {
          cloud: 'simulated',
          tenantId: admin.id,
          authority: admin.id,
          issuer: base,
          providerUrl: base,
          metadataUrl: `${base}/.well-known/openid-configuration`,
          remark: null,
        },
        startFrom,
      );
    }
    const { draft } = await create({ startFrom: ` ${admin.domain}\u200b` });
    assert.deepEqual([draft?.tenantId, draft?.issuer, draft?.cloud], [admin.id, base, 'simulated']);
  });

  test('common stands for no single tenant: the issuer holds {tenantid}, and people of any organization may come', async () => {
    const { draft } = await create({ startFrom: `${rest.tenantUrl}/organizations/v2.0` });
    assert.deepEqual(
      [draft?.tenantId, draft?.accountType, draft?.issuer],
      [null, 'anyOrganization', `${rest.tenantUrl}/{tenantid}/v2.0`],
    );
  });

  test('what is pasted into the wrong field is named as what it is, and nothing is made', async () => {
    const { admin } = rest;
    const cases: [body: Record<string, unknown>, field: string, says: RegExp][] = [
      [
        { startFrom: 'somebody@contoso.example' },
        'startFrom',
        /this is an e-mail address; its domain contoso\.example/,
      ],
      [{ startFrom: 'https://portal.azure.com/#home' }, 'startFrom', /address of a portal page/],
      [{ startFrom: 'https://login.elsewhere.example/x' }, 'startFrom', /not a login host/],
      [{ startFrom: '   ' }, 'startFrom', /nothing here/],
      [{ startFrom: 'nonsense' }, 'startFrom', /neither a GUID, nor a domain, nor an address/],
      [{ startFrom: 'https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1' }, 'startFrom', /Azure AD B2C/],
      [{ startFrom: admin.domain, clientId: admin.id }, 'clientId', /this is the Directory \(tenant\) ID/],
      [{ clientId: `https://login.microsoftonline.com/${admin.id}` }, 'clientId', /this is a URL/],
      [{ clientId: 'api://6f0a3c1e-5b2d-4c8e-9f7a-1d2e3f4a5b6c' }, 'clientId', /Application ID URI/],
      [{ clientId: 'abc8Q~0123456789abcdefghijklmnopqrstuvwx' }, 'clientId', /looks like a client secret/],
      [{ clientId: '00000003-0000-0000-c000-000000000000' }, 'clientId', /the id of Microsoft Graph itself/],
      [{ tenantIds: ['abc'] }, 'tenantIds.0', /neither a GUID nor a domain/],
      [{ tenantIds: [admin.id, 'https://a.example/'] }, 'tenantIds.1', /this is a URL/],
    ];
    const count = async () => (await rest.client()('connections.list', {})).items.length;
    const before = await count();
    for (const [body, field, says] of cases) {
      const problem = await problemOf(create(body));
      assert.deepEqual([problem.status, problem.fields], [400, [field]], JSON.stringify(body));
      assert.match(problem.errors?.[0]?.detail ?? '', says);
    }
    assert.equal(await count(), before);
  });

  test('a tenant that nobody knows is refused with the code, an id that differs from discovery as well', async () => {
    const problem = await problemOf(create({ startFrom: 'no-such-tenant.example' }));
    assert.deepEqual([problem.status, problem.name, problem.fields], [422, 'refused-by-entra', ['startFrom']]);
    assert.match(problem.detail ?? '', /knows no tenant no-such-tenant\.example \(AADSTS9000\d+|AADSTS90002/);
  });

  test('blanks and invisible characters around a client id are stripped, upper case folded', async () => {
    const { appId } = await registerApp(rest);
    const { draft } = await create({ clientId: `\u200b ${appId.toUpperCase()}\u00a0\n` });
    assert.equal(draft?.clientId, appId);
  });

  test('an object id in place of the client id is found out by the secret, and named', async () => {
    const { admin } = rest;
    const app = await admin.registerApp({ displayName: 'Mistaken', secret: { displayName: 'x' } });
    const objectId = String(Reflect.get(app, 'id'));
    assert.notEqual(objectId, app.appId);
    const { id } = await create({ startFrom: admin.domain, clientId: objectId });
    const secret = await rest.client()('secrets.set', { connection: id, body: { value: app.secret.secretText } });
    const problem = await problemOf(rest.client()('secrets.rotate', { connection: id, secret: secret.id }));
    assert.deepEqual([problem.status, problem['aadsts']], [422, 'AADSTS700038']);
    assert.match(problem.detail ?? '', /did you copy the Object ID/);
  });

  test('redirect URIs and the Tenant URL are there before anything is typed, and come from PORTICO_URL', async () => {
    const { redirectUris, tenantUrl } = await create({ id: 'early' });
    assert.deepEqual(
      redirectUris.map(({ platform, uri }) => [platform, uri]),
      [
        ['web', 'http://localhost:3000/oauth/login/early/callback'],
        ['front-channel logout', 'http://localhost:3000/oauth/logout/early'],
      ],
    );
    assert.equal(tenantUrl, 'http://localhost:3000/scim/v2/early');
  });

  test('a connection id has 3 to 36 lower-case letters, digits and single inner dashes', async () => {
    for (const id of ['abc', 'a-bc', '123', 'a'.repeat(36), 'contoso-2-eu'])
      assert.equal((await create({ id })).id, id);
    for (const id of ['ab', 'a-b', 'Abc', 'a--bc', '-ab', 'ab-', 'a_b', 'a b', 'ä-b', 'a'.repeat(37), '../x', '']) {
      const problem = await problemOf(create({ id }));
      assert.deepEqual([problem.status, problem.fields[0]], [400, 'id'], id);
    }
  });
});
