import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApi } from '#api';
import { type Store, StoreUnavailable } from '#store';
import { openRest } from './rest.ts';

test('an outage of the database is 503 with Retry-After and a request id, never an empty list or a 404', async () => {
  const rest = await openRest('sqlite');
  try {
    const key = await rest.issueKey();
    const down = () => Promise.reject(new StoreUnavailable(new Error('down')));
    const store: Store = { ...rest.world.store, read: down, write: down };
    const door = createApi({ ...rest.world, store });
    for (const path of ['/organizations', '/organizations/x', '/connections/x', '/session']) {
      const request = new Request(`${rest.world.config.url}/api/v1${path}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const answer = await door(request, { requestId: 'request-7', address: '192.0.2.1', userAgent: null });
      const problem = (await answer.json()) as Record<string, unknown>;
      assert.deepEqual([answer.status, problem['type']], [503, 'urn:portico:problem:unavailable'], path);
      assert.ok(Number(answer.headers.get('retry-after')) > 0);
      assert.equal(problem['requestId'], 'request-7');
    }
  } finally {
    await rest.close();
  }
});
