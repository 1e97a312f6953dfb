import assert from 'node:assert/strict';
import test from 'node:test';
import { createWorld } from '../world.ts';
import { insertSignIn } from './sign-in-log.ts';

test('the log of sign-ins keeps the newest ones, with the time of the simulated clock', async () => {
  const world = await createWorld({ users: 1, groups: 0, now: () => 7, seed: 1, ending: new AbortController().signal });
  const [tenantId = ''] = world.tenants.keys();
  const signIn = { tenantId, userId: null, appId: 'a', resourceAppId: null, isInteractive: false, failureReason: '' };
  for (let errorCode = 0; errorCode <= 20_000; errorCode += 1)
    insertSignIn(world, { ...signIn, errorCode, correlationId: 'c' });
  assert.equal(world.signIns.length, 10_000);
  assert.deepEqual([world.signIns[0]?.errorCode, world.signIns.at(-1)?.errorCode], [10_001, 20_000]);
  assert.equal(world.signIns.at(-1)?.createdDateTime, 7);
});
