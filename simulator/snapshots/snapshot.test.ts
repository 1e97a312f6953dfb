import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { openBrowser } from '../test-browser.ts';
import { graphAs } from '../test-graph.ts';
import { connectJob, personAt } from '../test-provisioning.ts';
import { startScimRecorder } from '../test-scim-recorder.ts';
import { authorizeUrl, callback, readObject, startTestEntra, type TestEntra } from '../test-tenant.ts';
import { createWorld } from '../world.ts';
import { worldMembers } from './world-state.ts';

const readState = (bytes: Uint8Array): Record<string, unknown> => deserialize(bytes).state;

test('every member of the world is said to be state or machinery', async () => {
  const plan = { users: 2, groups: 1, now: Date.now, seed: 1, ending: new AbortController().signal };
  assert.deepEqual(Object.keys(await createWorld(plan)).sort(), Object.keys(worldMembers).sort());
});

/** Lets everything happen that leaves a trace in the world. */
async function live(entra: TestEntra) {
  const recorder = await startScimRecorder();
  const app = await entra.register({ permissions: ['Mail.Send', 'User.Read.All'] });
  const job = await connectJob(entra, recorder, { intervalMs: 60_000 });
  await job.cycle();
  const browser = openBrowser();
  const location = await browser.signIn(
    authorizeUrl(entra, entra.contoso.id, app, { scope: 'openid offline_access' }),
    personAt(entra, 1).userPrincipalName,
  );
  const { body: tokens } = await entra.token(entra.contoso.id, {
    grant_type: 'authorization_code',
    code: `${location.searchParams.get('code')}`,
    redirect_uri: callback,
    client_id: app.appId,
    client_secret: app.secret,
  });
  await entra.control('POST', '/mail', {
    from: 'a@outside.example',
    to: personAt(entra, 1).userPrincipalName,
    subject: 'Before',
    attachments: [{ name: 'a.bin', contentBytes: Buffer.from([1, 2, 3]).toString('base64') }],
  });
  return { recorder, app, job, browser, tokens };
}

test('a snapshot brings the whole world back: people, apps, grants, sessions, mail, jobs, clock, random, keys, faults', async () => {
  await using entra = await startTestEntra();
  const { recorder, app, job, browser, tokens } = await live(entra);
  await using _target = recorder;
  await entra.control('POST', '/faults', { name: 'throttle', path: '/groups', times: 2 });
  const { linked } = await job.view();
  const { id } = await entra.control('POST', '/snapshots', { name: 'before' });
  const before = readState(entra.snapshot());
  const next = await entra.control('POST', `/tenants/${entra.contoso.id}/groups`, { displayName: 'Next' });
  const redeem = () =>
    entra.token(entra.contoso.id, {
      grant_type: 'refresh_token',
      refresh_token: String(tokens['refresh_token']),
      client_id: app.appId,
      client_secret: app.secret,
    });

  const another = authorizeUrl(entra, entra.contoso.id, app, { prompt: 'select_account' });
  await browser.signIn(another, personAt(entra, 2).userPrincipalName);
  await entra.control('DELETE', `/tenants/${entra.contoso.id}/users/${personAt(entra, 1).id}?hard=true`);
  await entra.control('DELETE', `/tenants/${entra.contoso.id}/applications/${app.appId}`);
  await entra.control('POST', '/clock', { advanceMs: 400 * 86_400_000, frozen: true });
  await entra.control('DELETE', '/faults');
  await entra.control('POST', '/keys/rotate');
  await entra.control('POST', '/keys/rotate');
  await job.job('restart');
  assert.equal((await redeem()).status, 400);

  await entra.control('POST', `/snapshots/${id}/restore`);
  assert.deepEqual(Object.keys(readState(entra.snapshot())), Object.keys(before));
  assert.deepEqual(readState(entra.snapshot()), before);
  // The same random stream: what is made next has the id that it had the first time.
  const again = await entra.control('POST', `/tenants/${entra.contoso.id}/groups`, { displayName: 'Next' });
  assert.equal(again['id'], next['id']);
  const { status, body } = await redeem();
  assert.equal(status, 200, JSON.stringify(body));
  const keys = createRemoteJWKSet(new URL(`${entra.url}/${entra.contoso.id}/discovery/v2.0/keys`));
  await jwtVerify(String(body['id_token']), keys);
  // The browser's session has one account again, so that nobody has to choose.
  const silent = await browser.get(authorizeUrl(entra, entra.contoso.id, app, { prompt: 'none' }));
  assert.ok(silent.headers.get('location')?.includes('code='), silent.headers.get('location') ?? '');
  const { value } = await entra.control('GET', `/mail?address=${personAt(entra, 1).userPrincipalName}`);
  assert.ok(Array.isArray(value));
  assert.deepEqual([value[0].subject, value[0].attachments[0].size], ['Before', 3]);
  assert.equal((await job.view())['linked'], linked);
});

test('a snapshot is good in another simulator, its open file too; what is none is refused and changes nothing', async () => {
  await using one = await startTestEntra();
  const app = await one.register({ displayName: 'Carried over', permissions: ['User.Read.All'] });
  const { id } = await one.control('POST', '/snapshots');
  const file = Buffer.from(await (await fetch(`${one.url}/_control/snapshots/${id}`)).arrayBuffer());
  await using two = await startTestEntra({ snapshot: file, seed: 7 });
  assert.equal(two.contoso.id, one.contoso.id);
  const { body } = await two.token(one.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  // Signed by the same key: the first simulator takes it too.
  assert.equal((await graphAs(one, String(body['access_token']))('GET', '/users?$top=1')).status, 200);
  const shown = await two.control('GET', `/tenants/${one.contoso.id}/applications/${app.appId}`);
  assert.equal(shown['displayName'], 'Carried over');
  for (const [bytes, message] of [
    [Buffer.from('{"kind":"json"}'), /is not a snapshot/],
    [file.subarray(0, file.length - 9), /is not a snapshot/],
    [serialize({ ...deserialize(file), version: 0 }), /another version/],
    [serialize({ ...deserialize(file), state: { tenants: new Map() } }), /another version/],
  ] as const)
    await assert.rejects(two.restore(bytes), message);
  assert.equal(two.contoso.users.length, one.contoso.users.length);
});

test('a restore ends the cycle under way; a started job begins that cycle again, and finds what was written', async () => {
  await using entra = await startTestEntra();
  await using recorder = await startScimRecorder();
  const { job, view } = await connectJob(entra, recorder, { intervalMs: 600_000, requestsAtOnce: 1 });
  let held = 0;
  recorder.mishap = () => (recorder.requests.length > 20 && ++held > 0 ? 503 : undefined);
  await job('start');
  while (held === 0) await delay(5);
  const snapshot = entra.snapshot();
  assert.equal((await view())['running'], true);
  const written = recorder.resources.size;
  await entra.restore(snapshot);
  recorder.mishap = () => undefined;
  for (;;) {
    const { running, cycles } = await view();
    if (running === false && Number(cycles) > 0) break;
    await delay(5);
  }
  const { lastCycle, status } = await view();
  const report = readObject(JSON.stringify(lastCycle));
  assert.deepEqual([status, report['kind'], report['failed'], report['stopped']], ['Active', 'initial', 0, null]);
  assert.ok(written > 0);
  assert.equal(
    [...recorder.resources.values()].filter((resource) => resource['resourceType'] === 'Users').length,
    entra.contoso.users.filter((user) => user.accountEnabled).length,
  );
  await job('pause');
  await entra.restore(snapshot);
  assert.equal((await view())['status'], 'Active');
});

test('an answer that a fault holds back goes out when a state without the fault comes back', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const snapshot = entra.snapshot();
  await entra.control('POST', '/faults', { name: 'hold-answer', times: 1 });
  const held = fetch(entra.url);
  while ((await timesLeft(entra)) !== 0) await delay(5);
  await entra.restore(snapshot);
  assert.equal((await held).status, 200);
});

async function timesLeft(entra: TestEntra): Promise<unknown> {
  const { active } = await entra.control('GET', '/faults');
  return Array.isArray(active) ? active[0].timesLeft : undefined;
}
