import assert from 'node:assert/strict';
import test from 'node:test';
import { ConfigFault, simulateEntra, type TenantConfig } from '../index.ts';
import { openBrowser } from '../test-browser.ts';
import { startScimRecorder } from '../test-scim-recorder.ts';
import { readObject } from '../test-tenant.ts';
import { tenantSchema } from './tenant-config.ts';

const appId = '11111111-2222-4333-8444-555555555555';
const woodgrove = {
  name: 'Woodgrove Bank',
  id: '99999999-aaaa-4bbb-8ccc-dddddddddddd',
  domain: 'woodgrove.example',
  domains: ['woodgrove-bank.example'],
  signIn: { lockoutThreshold: 4 },
  policies: [{ displayName: 'No device codes', state: 'disabled', grantControls: { builtInControls: ['block'] } }],
  users: [
    {
      id: '77777777-aaaa-4bbb-8ccc-dddddddddddd',
      displayName: 'Ada Boss',
      userPrincipalName: 'ada@woodgrove.example',
      mail: 'ada@woodgrove-bank.example',
      credentials: { secondFactorRequired: true },
    },
    {
      displayName: 'Ben Clerk',
      userPrincipalName: 'ben@woodgrove.example',
      managerId: 'ada@woodgrove.example',
      department: 'Counter',
      roles: ['Cloud Application Administrator'],
    },
    {
      displayName: 'Gus Guest',
      userPrincipalName: 'gus_tailspin.example#EXT#@woodgrovebank.onmicrosoft.com',
      userType: 'Guest',
      homeTenantId: 'tailspin.example',
    },
  ],
  madeUpUsers: 20,
  madeUpGroups: 3,
  groups: [
    { displayName: 'Tellers', members: ['ben@woodgrove.example'] },
    { displayName: 'Everybody', members: ['Tellers', 'ada@woodgrove.example'] },
  ],
  applications: [
    {
      displayName: 'Ledger',
      appId,
      secret: { secretText: 'a-secret-of-the-env-file', endDateTime: '2199-01-01T00:00:00Z' },
      redirectUris: { web: ['https://ledger.example/cb'] },
      permissions: ['User.Read.All'],
      assignmentRequired: true,
      assignments: [{ users: ['ada@woodgrove.example'], groups: ['Tellers'] }],
    },
  ],
  faults: [{ name: 'throttle', path: '/groups' }],
} satisfies TenantConfig;

test('a tenant by description: people, managers, guests, groups, apps with their own id and secret, faults', async () => {
  const entra = await simulateEntra({ tenants: [woodgrove, { name: 'Tailspin', cloud: 'china', users: [] }] });
  try {
    const control = async (path: string) => readObject(await (await fetch(`${entra.url}/_control${path}`)).text());
    const [tenant, tailspin] = entra.tenants;
    assert.ok(tenant && tailspin);
    assert.deepEqual(
      [tenant.id, tenant.name, tenant.domain, tenant.domains],
      [
        woodgrove.id,
        'Woodgrove Bank',
        'woodgrove.example',
        ['woodgrove.example', 'woodgrove-bank.example', 'woodgrovebank.onmicrosoft.com'],
      ],
    );
    assert.deepEqual(
      [tenant.users.length, tenant.groups.length, tailspin.users.length, tailspin.domains],
      [23, 5, 0, ['tailspin.example', 'tailspin.partner.onmschina.cn']],
    );
    const [ada, ben, gus] = tenant.users;
    assert.deepEqual([ada?.id, ada?.mail], [woodgrove.users[0]?.id, 'ada@woodgrove-bank.example']);
    assert.deepEqual([ben?.managerId, ben?.department], [ada?.id, 'Counter']);
    assert.equal(gus?.homeTenantId, tailspin.id);
    const at = `/tenants/${tenant.id}`;
    assert.deepEqual((await control(`${at}/users/ben@woodgrove.example/roles`))['roles'], [
      'Cloud Application Administrator',
    ]);
    assert.equal((await control(`${at}/users/ada@woodgrove.example/credentials`))['secondFactorRequired'], true);
    assert.match(JSON.stringify(await control(`${at}/sign-in`)), /"lockoutThreshold":4/);
    assert.match(JSON.stringify(await control(`${at}/policies`)), /No device codes/);
    const everybody = tenant.groups.find(({ displayName }) => displayName === 'Everybody');
    const tellers = tenant.groups.find(({ displayName }) => displayName === 'Tellers');
    assert.deepEqual([...(everybody?.memberIds ?? [])], [tellers?.id, ada?.id]);
    const token = await fetch(`${entra.url}/${tenant.id}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: appId,
        client_secret: 'a-secret-of-the-env-file',
        scope: 'https://graph.microsoft.com/.default',
      }),
    });
    assert.equal(token.status, 200, await token.clone().text());
    const { active } = await control('/faults');
    assert.ok(Array.isArray(active));
    assert.deepEqual(
      active.map(({ name, path }) => [name, path]),
      [['throttle', '/groups']],
    );
    const { value } = await control(`/tenants/${tenant.id}/applications/${appId}/assignments`);
    assert.ok(Array.isArray(value));
    assert.deepEqual(
      value.map(({ principalId }) => principalId),
      [ada?.id, tellers?.id],
    );
    const url = new URL(`${entra.url}/${tenant.id}/oauth2/v2.0/authorize`);
    url.search = String(
      new URLSearchParams({
        client_id: appId,
        redirect_uri: 'https://ledger.example/cb',
        response_type: 'code',
        scope: 'openid',
      }),
    );
    const back = await openBrowser().signIn(url.href, 'ben@woodgrove.example');
    assert.ok(back.searchParams.has('code'));
  } finally {
    await entra.close();
  }
});

test('a provisioning job of a description runs from the beginning when it says so', async () => {
  await using recorder = await startScimRecorder();
  const provisioning = [{ baseAddress: recorder.url, secretToken: 't', started: true }, { baseAddress: recorder.url }];
  const entra = await simulateEntra({ tenants: [{ name: 'Contoso', madeUpUsers: 3, provisioning }] });
  try {
    for (;;) {
      const answer = await fetch(`${entra.url}/_control/tenants/${entra.tenants[0]?.id}/provisioning`);
      const { value } = readObject(await answer.text());
      assert.ok(Array.isArray(value));
      assert.equal(value[1].status, 'NotRun');
      if (value[0].cycles === 0) continue;
      assert.deepEqual([value[0].status, value[0].lastCycle.created], ['Active', 3]);
      break;
    }
  } finally {
    await entra.close();
  }
});

test('the same seed makes the same tenant of a description; made-up people give way to those who are named', async () => {
  const tenants = [
    {
      name: 'Contoso',
      users: [{ displayName: 'A', userPrincipalName: 'anna.dvorak@contoso.example' }],
      madeUpUsers: 9,
    },
  ];
  const ids = await Promise.all(
    [1, 1, 2].map(async (seed) => {
      const entra = await simulateEntra({ tenants, seed });
      await entra.close();
      return entra.tenants[0]?.users.map(({ id, userPrincipalName }) => [id, userPrincipalName]);
    }),
  );
  assert.deepEqual(ids[0], ids[1]);
  assert.notDeepEqual(ids[0], ids[2]);
  assert.equal(new Set(ids[0]?.map(([, name]) => name)).size, 10);
});

test('what is wrong with a description is told with the path of each field', async (t) => {
  const user = { displayName: 'A', userPrincipalName: 'a@contoso.example' };
  const cases: readonly [tenants: readonly unknown[], message: RegExp][] = [
    [[{}], /^tenants\.0\.name: /],
    [
      [{ name: 'A', domain: 'Not A Domain', madeUpUsers: -1 }],
      /^tenants\.0\.domain: is not a domain.*\ntenants\.0\.madeUpUsers: /,
    ],
    [[{ name: 'Contoso' }, { name: 'B', users: [{ displayName: 'A' }] }], /^tenants\.1\.users\.0\.userPrincipalName: /],
    [[{ name: 'A', people: 3 }], /^tenants\.0\.the whole: .*people/],
    [['Contoso'], /^tenants\.0\.the whole: /],
    [[{ name: 'B', users: [user] }], /^tenants\.0\.users\.0: userPrincipalName .* verified domain/],
    [[{ name: 'Contoso', users: [user, user] }], /^tenants\.0\.users\.1: .*is taken/],
    [[{ name: 'Contoso', users: [{ ...user, managerId: 'b@contoso.example' }] }], /^tenants\.0\.users\.0\.managerId: /],
    [
      [{ name: 'Contoso', groups: [{ displayName: 'G', members: ['nobody'] }] }],
      /^tenants\.0\.groups\.0\.members: .*'nobody'/,
    ],
    [
      [{ name: 'Contoso', applications: [{ displayName: 'A', redirectUris: { web: ['http://a.example'] } }] }],
      /^tenants\.0\.applications\.0\.redirectUris\.web: .*localhost only/,
    ],
    [
      [{ name: 'Contoso', applications: [1, 2].map((n) => ({ displayName: `${n}`, appId })) }],
      /^tenants\.0\.applications\.1\.appId: .*another application's/,
    ],
    [[{ name: 'Contoso', faults: [{ name: 'storm' }] }], /^tenants\.0\.faults\.0\.name: there is no fault 'storm'/],
    [
      [{ name: 'Contoso', provisioning: [{ baseAddress: 'http://a.example', scope: 'assigned', appId: 'x' }] }],
      /^tenants\.0\.provisioning\.0\.appId: /,
    ],
    [[{ name: 'Contoso' }, { name: 'Contoso' }], /^tenants\.1\.domain: 'contoso\.example' is another tenant's too/],
    [
      [
        { name: 'A', id: appId },
        { name: 'B', id: appId },
      ],
      /^tenants\.1\.id: /,
    ],
  ];
  for (const [tenants, message] of cases) {
    await t.test(JSON.stringify(tenants).slice(0, 70), async () => {
      await assert.rejects(simulateEntra({ tenants: tenants as TenantConfig[] }), (error) => {
        assert.ok(error instanceof ConfigFault);
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

test('the JSON Schema of the file names what may stand in it', () => {
  const { properties, required } = tenantSchema();
  assert.deepEqual(required, ['name']);
  assert.deepEqual(Object.keys(readObject(JSON.stringify(properties))), [
    '$schema',
    'name',
    'id',
    'cloud',
    'domain',
    'domains',
    'signIn',
    'policies',
    'users',
    'madeUpUsers',
    'groups',
    'madeUpGroups',
    'applications',
    'provisioning',
    'faults',
  ]);
});
