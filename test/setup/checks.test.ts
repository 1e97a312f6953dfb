import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  type CheckOf,
  changeConnection,
  getConnection,
  issueCredential,
  type LiveConnection,
  pageOfSecrets,
  setSecret,
  switchSecret,
  withEntra,
} from '#connections';
import type { Check, Connection } from '#contract';
import { byItself } from '#events';
import { checkConnection, runChecks, testConnection } from '#setup';
import type { TestApp } from '../../simulator/test-tenant.ts';
import { type Contoso, openContoso } from './connect-contoso.ts';

const day = 86_400_000;
let contoso: Contoso;
let app: TestApp;

before(async () => {
  contoso = await openContoso();
  app = await contoso.entra.register();
});
after(() => contoso[Symbol.asyncDispose]());

const draftOf = ({ organization, id, draft, live }: Connection): LiveConnection => {
  const settings = draft ?? live;
  assert.ok(settings);
  return { organizationId: organization, id, settings };
};

async function checksOf(connection: Connection, world = contoso.world): Promise<Map<string, Check>> {
  const checks = await runChecks(world, draftOf(connection), 'request-1');
  return new Map(checks.map((check) => [check.name, check]));
}

const outcomes = (checks: ReadonlyMap<string, Check>) =>
  Object.fromEntries([...checks].map(([name, { outcome }]) => [name, outcome]));

test('a complete connection passes every check', async () => {
  const checks = await checksOf(await contoso.connect(app));
  const { entra } = contoso;
  assert.deepEqual(outcomes(checks), {
    'entra.discovery': 'passed',
    'entra.cloud': 'passed',
    'entra.issuer': 'passed',
    'entra.clock': 'passed',
    'entra.secret': 'passed',
    'entra.redirectUri': 'passed',
    'signin.registration': 'passed',
    'signin.domains': 'passed',
  });
  assert.equal(
    checks.get('entra.discovery')?.saw,
    `Tenant ${entra.contoso.id} answers at ${entra.url}/${entra.contoso.id}/v2.0/.well-known/openid-configuration, region EU.`,
  );
  assert.equal(checks.get('entra.issuer')?.saw, `Both sides say ${entra.url}/${entra.contoso.id}/v2.0.`);
});

test('a wrong secret is told from the Secret ID, with code and correlation id', async () => {
  const secret = (await checksOf(await contoso.connect(app, {}, { secret: 'wrong~secret-0123456789' }))).get(
    'entra.secret',
  );
  assert.equal(secret?.outcome, 'failed');
  assert.match(secret.saw, /^Refused with AADSTS7000215: .* Correlation id [0-9a-f-]{36}, .+\.$/);
  assert.match(secret.next ?? '', /Value/);
  assert.match(secret.next ?? '', /repeat this in a minute/);
});

test('an expired secret says so', async () => {
  const ended = await contoso.entra.register({
    secret: { startDateTime: '2020-01-01T00:00:00Z', endDateTime: '2021-01-01T00:00:00Z' },
  });
  const secret = (await checksOf(await contoso.connect(ended))).get('entra.secret');
  assert.equal(secret?.outcome, 'failed');
  assert.match(secret.saw, /^Refused with AADSTS7000222: /);
  assert.doesNotMatch(secret.next ?? '', /repeat this in a minute/);
});

test('an object id in place of the client id is named as what it most often is', async () => {
  const secret = (await checksOf(await contoso.connect(app, { clientId: app.id }))).get('entra.secret');
  assert.equal(secret?.outcome, 'failed');
  assert.match(secret.saw, /^Refused with AADSTS700038: .*did you copy the Object ID/);
});

test('a redirect URI that is not registered is named, letter by letter', async () => {
  const elsewhere = await contoso.entra.register({
    redirectUris: { web: ['https://portico.example/oauth/login/x/callback'] },
  });
  const connection = await contoso.connect(elsewhere, {}, { registered: false });
  const check = (await checksOf(connection)).get('entra.redirectUri');
  const uri = `http://localhost:3000/oauth/login/${connection.id}/callback`;
  assert.equal(check?.outcome, 'failed');
  assert.equal(check.saw, `${uri} is not registered (AADSTS50011).`);
  assert.equal(check.next, `Add it under Authentication > Web > Redirect URIs, exactly as it stands here: ${uri}`);
});

test('an application that is not known leaves the redirect URI unseen', async () => {
  const check = (await checksOf(await contoso.connect(app, { clientId: app.id }))).get('entra.redirectUri');
  assert.equal(check?.outcome, 'waiting');
  assert.match(check.saw, /^Not seen: Microsoft Entra refuses with AADSTS7000\d\d before/);
});

test('no secret at all is a failed check with where to make one', async () => {
  const secret = (await checksOf(await contoso.connect(app, {}, { secret: null }))).get('entra.secret');
  assert.equal(secret?.outcome, 'failed');
  assert.equal(secret.saw, 'This connection has no client secret.');
});

test('a second secret that is refused is a warning while the one in use works', async () => {
  const connection = await contoso.connect(app);
  const { items } = await pageOfSecrets(contoso.world, contoso.organizationId, connection.id, { limit: 10 });
  await switchSecret(contoso.world, byItself, contoso.organizationId, connection.id, items[0]?.id ?? '');
  await setSecret(contoso.world, byItself, contoso.organizationId, connection.id, { value: 'wrong~secret-0123456789' });
  const checks = await runChecks(contoso.world, draftOf(connection), null);
  const found = checks.filter(({ name }) => name === 'entra.secret');
  assert.deepEqual(
    found.map(({ outcome, title }) => [outcome, /in use|waiting/.exec(title)?.[0]]),
    [
      ['passed', 'in use'],
      ['warning', 'waiting'],
    ],
  );
});

test('a secret near its end is a warning with the days left', async () => {
  const connection = await contoso.connect(app, {}, { secret: null });
  const expiresAt = new Date(contoso.world.now() + 10.5 * day).toISOString();
  await setSecret(contoso.world, byItself, contoso.organizationId, connection.id, { value: app.secret, expiresAt });
  const secret = (await checksOf(connection)).get('entra.secret');
  assert.equal(secret?.outcome, 'warning');
  assert.equal(secret.saw, 'Microsoft Entra gave a token for it. It ends in 10 days.');
});

test('a tenant that is gone fails discovery; what depends on it waits', async () => {
  const connection = await contoso.connect(app);
  const draft = draftOf(connection);
  const tenantId = 'deadbeef-0000-4000-8000-000000000001';
  const checks = await runChecks(contoso.world, { ...draft, settings: { ...draft.settings, tenantId } }, null);
  const found = new Map(checks.map((check) => [check.name, check]));
  assert.equal(found.get('entra.discovery')?.outcome, 'failed');
  assert.match(found.get('entra.discovery')?.saw ?? '', new RegExp(`knows no tenant ${tenantId} \\(AADSTS90002\\)`));
  assert.equal(found.get('entra.cloud')?.outcome, 'waiting');
  assert.equal(found.get('entra.issuer')?.outcome, 'waiting');
});

test('a tenant of another cloud fails the cloud check, which names the right one', async () => {
  const connection = await contoso.connect(app);
  const draft = draftOf(connection);
  // What the US Government's login host answers for a tenant of the global cloud.
  const routed: typeof fetch = (input, init) =>
    fetch(String(input).replace('https://login.microsoftonline.us', contoso.entra.url), init);
  const settings = { ...draft.settings, cloud: 'usgov' as const };
  const checks = await runChecks({ ...contoso.world, fetch: routed }, { ...draft, settings }, null);
  const cloud = checks.find(({ name }) => name === 'entra.cloud');
  assert.equal(cloud?.outcome, 'failed');
  assert.equal(cloud.next, 'Set the cloud of this connection to global.');
});

test('an issuer that discovery does not name fails', async () => {
  const draft = draftOf(await contoso.connect(app));
  const settings = { ...draft.settings, issuer: `${contoso.entra.url}/other/v2.0` };
  const checks = await runChecks(contoso.world, { ...draft, settings }, null);
  assert.equal(checks.find(({ name }) => name === 'entra.issuer')?.outcome, 'failed');
});

test('a login host that does not answer fails discovery, and the clock waits', async () => {
  const draft = draftOf(await contoso.connect(app));
  const refused: typeof fetch = () =>
    Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
  const checks = await runChecks(withEntra({ ...contoso.world, fetch: refused }), draft, null);
  assert.deepEqual(
    checks.map(({ name, outcome }) => [name, outcome]),
    [
      ['entra.discovery', 'failed'],
      ['entra.cloud', 'waiting'],
      ['entra.issuer', 'waiting'],
      ['entra.clock', 'waiting'],
      ['entra.secret', 'waiting'],
      ['entra.redirectUri', 'waiting'],
      ['signin.registration', 'passed'],
      ['signin.domains', 'passed'],
    ],
  );
});

for (const [offset, outcome, said] of [
  [-10 * 60_000, 'failed', "This machine's clock is 10 minutes behind Microsoft Entra's."],
  [90_000, 'failed', /^This machine's clock is (89|90|91) seconds ahead of Microsoft Entra's\.$/],
  [40_000, 'warning', /ahead of/],
  [5_000, 'passed', /ahead of/],
] as const) {
  test(`a clock ${offset / 1000} seconds off: ${outcome}`, async () => {
    const world = { ...contoso.world, now: () => Date.now() + offset };
    const clock = (await checksOf(await contoso.connect(app), world)).get('entra.clock');
    assert.equal(clock?.outcome, outcome);
    if (typeof said === 'string') assert.equal(clock.saw, said);
    else assert.match(clock.saw, said);
  });
}

test('a missing application permission is named, with the Exchange role that does the same', async () => {
  const sender = await contoso.entra.register({ permissions: ['Mail.Send'] });
  const connection = await contoso.connect(sender, { signIn: false, mailOut: true });
  const check = (await checksOf(connection)).get('entra.permissions');
  assert.equal(check?.outcome, 'warning');
  assert.equal(check.saw, 'The token lacks Mail.ReadWrite; it has Mail.Send. Exchange roles do not show in a token.');
  assert.match(check.next ?? '', /Application Mail\.ReadWrite/);
  await contoso.entra.control('PATCH', `/tenants/${contoso.entra.contoso.id}/applications/${sender.appId}`, {
    permissions: ['Mail.Send', 'Mail.ReadWrite'],
  });
  assert.equal((await checksOf(connection)).get('entra.permissions')?.outcome, 'passed');
});

test('a domain on the list of tenants is answered with its tenant id', async () => {
  const shared = await contoso.entra.register({ signInAudience: 'AzureADMultipleOrgs' });
  const connection = await contoso.connect(shared, {
    accountType: 'selectedTenants',
    tenantIds: [contoso.entra.contoso.id, contoso.entra.fabrikam.domain],
  });
  const check = (await checksOf(connection)).get('entra.tenants');
  assert.equal(check?.outcome, 'failed');
  assert.equal(
    check.saw,
    `${contoso.entra.fabrikam.domain} is a domain; its tenant id is ${contoso.entra.fabrikam.id}.`,
  );
});

test('provisioning without a Secret Token is a warning; with one it passes', async () => {
  const connection = await contoso.connect(app, { provisioning: true });
  assert.equal((await checksOf(connection)).get('provisioning.token')?.saw, 'No Secret Token was issued yet.');
  await issueCredential(contoso.world, byItself, 'token', contoso.organizationId, connection.id, {
    name: 'Secret Token',
  });
  assert.equal((await checksOf(connection)).get('provisioning.token')?.outcome, 'passed');
});

test('a check that throws is failed with the request id; one that hangs is failed at its limit', async () => {
  const draft = draftOf(await contoso.connect(app));
  const throws: CheckOf = async () => {
    throw new Error('unforeseen');
  };
  const hangs: CheckOf = () => new Promise(() => undefined);
  const checks = await runChecks(contoso.world, draft, 'request-7', [throws, hangs], 30);
  assert.deepEqual(
    checks.map(({ name, outcome, saw, next }) => ({ name, outcome, saw, next })),
    [
      {
        name: 'setup.throws',
        outcome: 'failed',
        saw: 'It failed here, in a way that was not foreseen.',
        next: 'Look for request-7 in the log.',
      },
      {
        name: 'setup.hangs',
        outcome: 'failed',
        saw: 'No answer within 0.03 seconds.',
        next: 'Check the network between this machine and Microsoft Entra, then repeat the checks.',
      },
    ],
  );
});

test('a draft that passes is tested; one that fails is not', async () => {
  const { world, organizationId } = contoso;
  const connection = await contoso.connect(app);
  const report = await testConnection(world, byItself, organizationId, connection.id);
  assert.equal(report.settings, 'draft');
  assert.equal((await getConnection(world, organizationId, connection.id)).state, 'tested');
  await changeConnection(world, byItself, organizationId, connection.id, { clientId: app.id }, undefined);
  const failed = await testConnection(world, byItself, organizationId, connection.id);
  assert.ok(failed.checks.some(({ outcome }) => outcome === 'failed'));
  assert.equal((await getConnection(world, organizationId, connection.id)).state, 'draft');
  assert.equal((await checkConnection(world, byItself, organizationId, connection.id)).settings, 'draft');
});

test('a connection that only provisions needs no app registration of its own', async () => {
  const { world, organizationId } = contoso;
  const only = { clientId: null, signIn: false, provisioning: true };
  const connection = await contoso.connect(app, only, { secret: null, registered: false });
  const { checks } = await testConnection(world, byItself, organizationId, connection.id);
  assert.deepEqual(
    checks.filter(({ outcome }) => outcome === 'failed'),
    [],
  );
  assert.equal((await getConnection(world, organizationId, connection.id)).state, 'tested');
});

test('a draft that is not complete is refused, naming the fields', async () => {
  const { world, organizationId } = contoso;
  const connection = await contoso.connect(app, { clientId: null });
  await assert.rejects(testConnection(world, byItself, organizationId, connection.id), {
    problem: 'wrong-state',
    details: {
      detail: 'the connection is not complete',
      remedy: 'fill in what is missing',
      errors: [{ field: 'clientId', detail: 'the Application (client) ID is missing' }],
    },
  });
});
