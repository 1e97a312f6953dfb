import assert from 'node:assert/strict';
import test from 'node:test';
import { connectJob, firstPatch, personAt } from '../test-provisioning.ts';
import { startScimRecorder } from '../test-scim-recorder.ts';
import { startTestEntra } from '../test-tenant.ts';

test('leavers: soft delete disables, restore enables without sending memberships again, hard delete deletes', async () => {
  await using entra = await startTestEntra({ users: 4, groups: 1 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connectJob(entra, recorder);
  const initial = await cycle();
  assert.equal(
    recorder.requests.some(({ body }) => body['active'] === false),
    false,
    'a disabled user is not created',
  );
  assert.deepEqual(initial['users'], { created: 4, updated: 0, disabled: 0, deleted: 0, failed: 0, skipped: 2 });
  const user = personAt(entra, 1);
  const path = `/tenants/${entra.contoso.id}/users/${user.id}`;

  await entra.control('DELETE', path);
  recorder.requests.length = 0;
  assert.equal((await cycle())['disabled'], 1);
  assert.deepEqual(firstPatch(recorder), [{ op: 'Replace', path: 'active', value: 'False' }]);
  assert.equal((await cycle())['requests'], 0);

  await entra.control('POST', `${path}/restore`);
  recorder.requests.length = 0;
  const restored = await cycle();
  assert.equal(restored['membersAdded'], 0);
  assert.deepEqual(firstPatch(recorder), [{ op: 'Replace', path: 'active', value: 'True' }]);

  await entra.control('DELETE', `${path}?hard=true`);
  recorder.requests.length = 0;
  assert.equal((await cycle())['deleted'], 1);
  assert.equal(recorder.requests.filter(({ method }) => method === 'DELETE').length, 1);
});

test('scope assigned: only assigned people and groups; who is unassigned and then deleted is disabled, never deleted', async () => {
  await using entra = await startTestEntra({ users: 4, groups: 2 });
  await using recorder = await startScimRecorder();
  const app = await entra.register();
  const assignments = `/tenants/${entra.contoso.id}/applications/${app.appId}/assignments`;
  const [one, two] = [personAt(entra, 0), personAt(entra, 1)];
  await entra.control('POST', assignments, { users: [one.id, two.id] });
  const { cycle } = await connectJob(entra, recorder, { scope: 'assigned', appId: app.appId });
  assert.equal((await cycle())['created'], 2);
  await entra.control('DELETE', `${assignments}/${two.id}`);
  assert.equal((await cycle())['disabled'], 1);
  await entra.control('DELETE', `/tenants/${entra.contoso.id}/users/${two.id}?hard=true`);
  const last = await cycle();
  assert.equal(last['deleted'], 0);
  assert.equal(
    recorder.requests.some(({ method }) => method === 'DELETE'),
    false,
  );
});

test('a create whose answer was lost meets its own first write: no second POST', async () => {
  await using entra = await startTestEntra({ users: 6, groups: 0 });
  await using recorder = await startScimRecorder();
  const lost = new Set<unknown>();
  recorder.mishap = ({ method, body }) => {
    if (method !== 'POST' || lost.has(body['userName'])) return undefined;
    lost.add(body['userName']);
    return 'cutAfter';
  };
  const { cycle } = await connectJob(entra, recorder);
  const report = await cycle();
  assert.equal(report['failed'], 0);
  assert.equal(recorder.requests.filter(({ method }) => method === 'POST').length, 6);
  assert.equal(recorder.resources.size, 6);
});

test('a target that does not answer: objects stay due and the next cycle sends them', async () => {
  await using entra = await startTestEntra({ users: 20, groups: 2 });
  await using recorder = await startScimRecorder();
  let broken = true;
  recorder.mishap = ({ method, path }) =>
    broken && (method === 'POST' || path.includes('/Groups')) ? 'cutBefore' : undefined;
  const { cycle, view } = await connectJob(entra, recorder);
  const first = await cycle();
  assert.match(String(first['stopped']), /does not answer/);
  assert.equal((await view())['watermark'], null);
  broken = false;
  const second = await cycle();
  assert.equal(second['failed'], 0);
  assert.equal(second['stopped'], null);
  assert.deepEqual((await view())['quarantine'], null);
  assert.equal([...recorder.resources.values()].filter(({ resourceType }) => resourceType === 'Users').length, 20);
});

test('a refused object is retried at the next cycle, then 6, 12 and 24 hours after the first failure', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  await using recorder = await startScimRecorder();
  const { userPrincipalName } = personAt(entra, 0);
  recorder.mishap = ({ method, body }) =>
    method === 'POST' && body['userName'] === userPrincipalName ? 409 : undefined;
  const { cycle } = await connectJob(entra, recorder);
  const tried = async (): Promise<unknown> => (await cycle())['failed'];
  const first = await cycle();
  assert.equal(first['failed'], 1);
  const failures = first['failures'];
  assert.ok(Array.isArray(failures));
  assert.equal(failures[0].status, 409);
  assert.equal(failures[0].name, userPrincipalName);
  const hours = (count: number): Promise<unknown> =>
    entra.control('POST', '/clock', { advanceMs: count * 3_600_000 + 1000 });
  assert.equal(await tried(), 1, 'next cycle');
  assert.equal(await tried(), 0, 'then not before six hours');
  await hours(6);
  assert.equal(await tried(), 1, 'six hours');
  assert.equal(await tried(), 0);
  await hours(6);
  assert.equal(await tried(), 1, 'twelve hours');
  await hours(12);
  assert.equal(await tried(), 1, 'twenty-four hours');
  await hours(24);
  assert.equal(await tried(), 1, 'then daily');
});

test('quarantine: 401, and 404 to a filter; a cycle that goes through ends it', async (t) => {
  await using entra = await startTestEntra({ users: 5, groups: 0 });
  await using recorder = await startScimRecorder();
  for (const status of [401, 404]) {
    await t.test(`${status}`, async () => {
      recorder.mishap = () => status;
      const { cycle, view } = await connectJob(entra, recorder);
      const report = await cycle();
      assert.match(String(report['stopped']), new RegExp(`: ${status}`));
      assert.ok(Number(report['requests']) <= 4);
      const shown = await view();
      assert.equal(shown['status'], 'Quarantine');
      recorder.mishap = () => undefined;
      await cycle();
      assert.equal((await view())['quarantine'], null);
    });
  }
});

test('a manager that is refused is retried as an object is, and counts as a reference', async () => {
  await using entra = await startTestEntra({ users: 3, groups: 0 });
  await using recorder = await startScimRecorder();
  recorder.mishap = ({ method, body }) =>
    method === 'PATCH' && JSON.stringify(body).includes('User:manager') ? 400 : undefined;
  const { cycle, view } = await connectJob(entra, recorder);
  const first = await cycle();
  assert.ok(Number(first['failed']) > 0);
  assert.equal(first['created'], 3);
  assert.equal((await view())['inEscrow'], first['failed']);
  assert.equal((await cycle())['failed'], first['failed'], 'next cycle');
  assert.equal((await cycle())['failed'], 0, 'then not before six hours');
  await entra.control('POST', '/clock', { advanceMs: 6 * 3_600_000 + 1000 });
  recorder.mishap = () => undefined;
  assert.equal((await cycle())['managersSet'], first['failed']);
  assert.equal((await view())['inEscrow'], 0);
});

test('after four weeks in quarantine the job is disabled, until it is started again', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  await using recorder = await startScimRecorder();
  recorder.mishap = () => 401;
  const { job, view } = await connectJob(entra, recorder, { intervalMs: 10 });
  await job('start');
  const becomes = async (status: string): Promise<void> => {
    for (let turn = 0; turn < 500 && (await view())['status'] !== status; turn++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal((await view())['status'], status);
  };
  await becomes('Quarantine');
  await entra.control('POST', '/clock', { advanceMs: 28 * 24 * 3_600_000 + 1000 });
  await becomes('Disabled');
  recorder.mishap = () => undefined;
  assert.notEqual((await job('start'))['status'], 'Disabled');
  await becomes('Active');
  await job('pause');
});

test('restart: everything is matched and compared again, without a PATCH for what is equal', async () => {
  await using entra = await startTestEntra({ users: 5, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, cycle } = await connectJob(entra, recorder);
  await cycle();
  await job('restart');
  recorder.requests.length = 0;
  const report = await cycle();
  assert.equal(report['kind'], 'initial');
  assert.equal(report['created'], 0);
  assert.equal(
    recorder.requests.some(({ method }) => method === 'POST'),
    false,
  );
});

test('start runs cycles in compressed time until pause', async () => {
  await using entra = await startTestEntra({ users: 2, groups: 0 });
  await using recorder = await startScimRecorder();
  const { job, view } = await connectJob(entra, recorder, { intervalMs: 20 });
  assert.equal((await job('start'))['status'], 'Active');
  while (Number((await view())['cycles']) < 3) await new Promise((resolve) => setTimeout(resolve, 10));
  await job('pause');
  assert.equal((await view())['status'], 'Paused');
});

test('a user whom the target lost is made again, and put into his groups again by his new id', async () => {
  await using entra = await startTestEntra({ users: 4, groups: 1 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connectJob(entra, recorder);
  await cycle();
  const user = personAt(entra, 1);
  const idAtTarget = (): string => {
    const found = [...recorder.resources.values()].find(({ userName }) => userName === user.userPrincipalName);
    return String(found?.['id']);
  };
  const lost = idAtTarget();
  recorder.resources.delete(lost);
  await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${user.id}`, { displayName: 'Again' });
  recorder.requests.length = 0;
  const report = await cycle();
  assert.deepEqual([report['created'], report['membersAdded'], report['membersRemoved']], [1, 1, 0]);
  assert.notEqual(idAtTarget(), lost);
  const added = recorder.requests.find(({ method, path }) => method === 'PATCH' && path.startsWith('/scim/Groups/'));
  assert.deepEqual(added?.body['Operations'], [
    { op: 'Add', path: 'members', value: [{ $ref: null, value: idAtTarget() }] },
  ]);
});

test('a target that refuses everybody: the report counts them all and names a thousand, and the job is put aside (MS: 5,000 and more than 40 %)', async () => {
  await using entra = await startTestEntra({ users: 5_000, groups: 0 });
  await using recorder = await startScimRecorder();
  recorder.mishap = () => 400;
  const { cycle, view } = await connectJob(entra, recorder, { requestsAtOnce: 16 });
  const report = await cycle();
  assert.equal(report['failed'], 5_002);
  assert.ok(Array.isArray(report['failures']));
  assert.equal(report['failures'].length, 1_000);
  assert.match(JSON.stringify((await view())['quarantine']), /EncounteredEscrowProportionThreshold.*5002 of 5002/);
});

test('a redirect is a refusal and is not followed', async () => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  recorder.mishap = ({ method }) => (method === 'POST' ? 302 : undefined);
  const { cycle } = await connectJob(entra, recorder);
  const { failures } = await cycle();
  assert.ok(Array.isArray(failures));
  assert.deepEqual([failures[0].status, failures[0].detail], [302, 'mishap']);
});

test('a cycle has as many requests under way as the job is set to', async () => {
  await using entra = await startTestEntra({ users: 40, groups: 0 });
  await using recorder = await startScimRecorder();
  recorder.mishap = () => 'noAnswer';
  const { cycle } = await connectJob(entra, recorder, { requestsAtOnce: 3 });
  const cut = assert.rejects(cycle());
  while (recorder.requests.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(recorder.requests.length, 3);
  await entra.close();
  await cut;
});

test('a cycle keeps its connections', async () => {
  await using entra = await startTestEntra({ users: 40, groups: 0 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connectJob(entra, recorder, { requestsAtOnce: 3 });
  assert.ok(Number((await cycle())['requests']) > 100);
  // One that was just answered may not be free yet when the next request goes.
  assert.ok(recorder.connections.made <= 6, `${recorder.connections.made} connections`);
});

test('a job that is set to a pace sends no faster', async () => {
  await using entra = await startTestEntra({ users: 5, groups: 0 });
  await using recorder = await startScimRecorder();
  const { cycle } = await connectJob(entra, recorder, { requestsPerSecond: 100 });
  const { requests, durationMs } = await cycle();
  assert.ok(Number(durationMs) >= (Number(requests) - 1) * 10 - 2, `${requests} requests in ${durationMs} ms`);
});

test('the end of the simulator ends a request that the target does not answer', async () => {
  const entra = await startTestEntra({ users: 1, groups: 0 });
  await using recorder = await startScimRecorder();
  recorder.mishap = () => 'noAnswer';
  const { cycle } = await connectJob(entra, recorder);
  const cut = assert.rejects(cycle());
  while (recorder.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await entra.close();
  await cut;
  while (recorder.connections.open > 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

test('provisioning control: bad input names the field', async (t) => {
  await using entra = await startTestEntra({ users: 1, groups: 0 });
  const cases: readonly [body: Record<string, unknown>, message: RegExp][] = [
    [{ secretToken: 't' }, /^baseAddress: /],
    [{ baseAddress: 'ftp://x', secretToken: 't' }, /^baseAddress: /],
    [{ baseAddress: 'http://x', secretToken: 't', dialect: 'new' }, /^dialect: /],
    [{ baseAddress: 'http://x', secretToken: 't', scope: 'assigned' }, /^appId: /],
    [{ baseAddress: 'http://x', secretToken: 't', interval: 5 }, /interval/],
    [{ baseAddress: 'http://x', secretToken: 't', requestsAtOnce: 0 }, /^requestsAtOnce: /],
    [{ baseAddress: 'http://x', secretToken: 't', requestsPerSecond: 0 }, /^requestsPerSecond: /],
  ];
  for (const [body, message] of cases) {
    await t.test(JSON.stringify(body), async () => {
      await assert.rejects(entra.control('POST', `/tenants/${entra.contoso.id}/provisioning`, body), (error: Error) => {
        assert.match(error.message, /: 400 /);
        assert.match(JSON.parse(error.message.slice(error.message.indexOf('{'))).error.message, message);
        return true;
      });
    });
  }
});
