import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { claimsOf, readObject, startTestEntra } from '../test-tenant.ts';

test('control: bad input is refused with a code and a message that names the field', async (t) => {
  await using entra = await startTestEntra();
  const { id, users } = entra.contoso;
  const app = await entra.register();
  const cases: readonly [method: string, path: string, body: unknown, status: number, message: RegExp][] = [
    ['GET', '/nothing', undefined, 404, /nothing at \/_control\/nothing/],
    ['PUT', '/clock', {}, 405, /takes GET, POST/],
    ['GET', '/tenants/nobody', undefined, 404, /tenant 'nobody'/],
    ['GET', `/tenants/${id}/users/nobody`, undefined, 404, /user 'nobody'/],
    ['GET', `/tenants/${id}/users?limit=x`, undefined, 400, /^limit: /],
    ['PATCH', `/tenants/${id}/users/${users[0]?.id}`, { accountEnabled: 'no' }, 400, /^accountEnabled: /],
    ['PATCH', `/tenants/${id}/users/${users[0]?.id}`, { shoeSize: 44 }, 400, /shoeSize/],
    [
      'PATCH',
      `/tenants/${id}/users/${users[0]?.id}`,
      { userPrincipalName: 'a@elsewhere.example' },
      400,
      /userPrincipalName .* verified domain/,
    ],
    [
      'PATCH',
      `/tenants/${id}/users/${users[0]?.id}`,
      { userPrincipalName: users[1]?.userPrincipalName },
      400,
      /is taken/,
    ],
    ['PATCH', `/tenants/${id}/users/${users[0]?.id}`, { managerId: 'x' }, 400, /^managerId: /],
    ['PATCH', `/tenants/${id}/users/${users[0]?.id}`, '{', 400, /not JSON/],
    [
      'POST',
      `/tenants/${id}/applications`,
      { displayName: 'A', redirectUris: { web: ['http://product.example/cb'] } },
      400,
      /^redirectUris\.web: .*localhost only/,
    ],
    [
      'POST',
      `/tenants/${id}/applications`,
      { displayName: 'A', redirectUris: { web: [`https://a.example/${'x'.repeat(260)}`] } },
      400,
      /256 characters/,
    ],
    ['POST', `/tenants/${id}/applications`, { displayName: 'A', permissions: ['Mail.Sned'] }, 400, /^permissions\.0: /],
    ['POST', `/tenants/${id}/applications`, {}, 400, /^displayName: /],
    ['DELETE', `/tenants/${id}/applications/${app.appId}/secrets/nope`, undefined, 404, /secret 'nope'/],
    ['POST', '/clock', { now: 'yesterday' }, 400, /^now: /],
    ['POST', '/clock', {}, 400, /takes now or advanceMs, and frozen/],
    ['POST', '/clock', { now: '2027-01-01T00:00:00Z', advanceMs: 1 }, 400, /not both/],
    ['POST', '/clock', { frozen: 'yes' }, 400, /^frozen: /],
    ['POST', '/clock', { advanceMs: Number.MAX_SAFE_INTEGER }, 400, /^advanceMs: .* 9999/],
    ['POST', '/snapshots', { label: 'x' }, 400, /label/],
    ['POST', '/snapshots/nope/restore', undefined, 404, /snapshot 'nope'/],
  ];
  for (const [method, path, body, status, message] of cases) {
    await t.test(`${method} ${path} ${JSON.stringify(body)?.slice(0, 60)}`, async () => {
      const response = await fetch(`${entra.url}/_control${path}`, {
        method,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const { error } = readObject(await response.text());
      assert.equal(response.status, status);
      assert.match(String(readObject(JSON.stringify(error))['message']), message);
    });
  }
});

test('control: a failed registration leaves nothing behind', async () => {
  await using entra = await startTestEntra();
  const before = await entra.control('GET', `/tenants/${entra.contoso.id}/applications`);
  const response = await fetch(`${entra.url}/_control/tenants/${entra.contoso.id}/applications`, {
    method: 'POST',
    body: JSON.stringify({ displayName: 'A', redirectUris: { web: ['ftp://x'] } }),
  });
  assert.equal(response.status, 400);
  assert.deepEqual(await entra.control('GET', `/tenants/${entra.contoso.id}/applications`), before);
});

test('control: a secret is shown once, then only its hint', async () => {
  await using entra = await startTestEntra();
  const app = await entra.register();
  const shown = await entra.control('GET', `/tenants/${entra.contoso.id}/applications/${app.appId}`);
  assert.equal(JSON.stringify(shown).includes(app.secret), false);
  assert.match(JSON.stringify(shown['secrets']), new RegExp(`"hint":"${app.secret.slice(0, 3)}"`));
});

test('control: a user is deleted softly, restored, and deleted for good', async () => {
  await using entra = await startTestEntra();
  const path = `/tenants/${entra.contoso.id}/users`;
  const made = await entra.control('POST', path, {
    displayName: 'New One',
    userPrincipalName: 'new.one@contoso.example',
  });
  await entra.control('DELETE', `${path}/${made['id']}`);
  const gone = await entra.control('GET', `${path}?deleted=true`);
  assert.equal(gone['count'], 1);
  const back = await entra.control('POST', `${path}/${made['id']}/restore`);
  assert.equal(back['deletedDateTime'], null);
  await entra.control('DELETE', `${path}/${made['id']}?hard=true`);
  assert.equal((await fetch(`${entra.url}/_control${path}/${made['id']}`)).status, 404);
});

test('control: groups with members added and removed', async () => {
  await using entra = await startTestEntra();
  const [one, two] = entra.contoso.users;
  const path = `/tenants/${entra.contoso.id}/groups`;
  const group = await entra.control('POST', path, { displayName: 'Two', members: [one?.userPrincipalName] });
  const changed = await entra.control('POST', `${path}/${group['id']}/members`, { add: [two?.id], remove: [one?.id] });
  assert.deepEqual(changed['members'], [two?.id]);
  const renamed = await entra.control('PATCH', `${path}/${group['id']}`, { displayName: 'Renamed' });
  assert.equal(renamed['displayName'], 'Renamed');
  await entra.control('DELETE', `${path}/${group['id']}`);
});

test('control: people and groups are listed by pages, with how many there are; a group in a list counts its members', async () => {
  await using entra = await startTestEntra({ users: 30, groups: 3 });
  const { id, users, groups } = entra.contoso;
  const page = await entra.control('GET', `/tenants/${id}/users?skip=2&limit=3`);
  assert.ok(Array.isArray(page['value']));
  assert.equal(page['count'], users.length);
  assert.deepEqual(
    page['value'].map((user) => user.id),
    users.slice(2, 5).map((user) => user.id),
  );
  const disabled = await entra.control('GET', `/tenants/${id}/users?accountEnabled=false&skip=1`);
  assert.ok(Array.isArray(disabled['value']));
  assert.deepEqual([disabled['count'], disabled['value'].length], [2, 1]);
  const { count, value } = await entra.control('GET', `/tenants/${id}/groups?skip=1&limit=1`);
  assert.ok(Array.isArray(value));
  assert.deepEqual([count, value.length, value[0].id], [3, 1, groups[1]?.id]);
  assert.deepEqual([value[0].memberCount, value[0].members], [groups[1]?.memberIds.size, undefined]);
});

test('the start page lists tenants and people', async () => {
  await using entra = await startTestEntra();
  const page = await (await fetch(entra.url)).text();
  assert.match(page, new RegExp(entra.contoso.id));
  assert.match(page, /Fabrikam/);
});

test('the clock can be frozen, moved while it stands, and runs on from where it stood', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const clock = (body?: unknown) => entra.control(body === undefined ? 'GET' : 'POST', '/clock', body);
  assert.equal((await clock())['frozen'], false);
  const at = '2027-01-01T00:00:00.000Z';
  assert.deepEqual(await clock({ now: at, frozen: true }), { now: at, frozen: true });
  await delay(20);
  assert.deepEqual(await clock(), { now: at, frozen: true });
  assert.deepEqual(await clock({ advanceMs: 60_000 }), { now: '2027-01-01T00:01:00.000Z', frozen: true });
  const app = await entra.register();
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  assert.equal(claimsOf(body['access_token'])['iat'], Date.parse('2027-01-01T00:01:00Z') / 1000);
  const running = await clock({ frozen: false });
  await delay(20);
  const passed = Date.parse(String((await clock())['now'])) - Date.parse('2027-01-01T00:01:00Z');
  assert.equal(running['frozen'], false);
  assert.ok(passed >= 20 && passed < 60_000, `${passed} ms`);
});
