import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { issueCredential, pageOfCredentials, trustAssertions, withdrawCredential } from '#connections';
import { getDirectory, pageOfRequests } from '#directory';
import { byItself } from '#events';
import { startTestEntra, type TestEntra } from '../../simulator/test-tenant.ts';
import { dialects } from '../world.ts';
import { listen } from './listen.ts';
import { openScimWorld, type TestDirectory } from './scim-world.ts';

const subject = 'd2f8ee76-c549-45b8-a143-f5b640669704';
const audience = 'api://b5ba7a93-4452-4522-aeb4-a2b5da870c16';

for (const dialect of dialects) {
  describe(`the simulated tenant provisions by each way in (${dialect})`, () => {
    /** Contoso with Portico, and jobs of Contoso that provision into one directory. */
    const stage = async (users: number) => {
      const entra = await startTestEntra({ users });
      const world = await openScimWorld(dialect, { settings: { PORTICO_SIMULATOR_URL: entra.url } });
      const server = await listen(world.door);
      return {
        entra,
        world,
        server,
        [Symbol.asyncDispose]: async () => {
          await server[Symbol.asyncDispose]();
          await world.close();
          await entra.close();
        },
      };
    };
    const addJob = async (entra: TestEntra, origin: string, { id }: TestDirectory, settings: object) => {
      const jobs = `/tenants/${entra.contoso.id}/provisioning`;
      const baseAddress = `${origin}/scim/v2/${id}`;
      const job = await entra.control('POST', jobs, { baseAddress, mapping: { externalId: 'objectId' }, ...settings });
      const path = `${jobs}/${String(job['id'])}`;
      return {
        run: (action: string) => entra.control('POST', `${path}/${action}`),
        change: (changed: object) => entra.control('PATCH', path, changed),
        view: () => entra.control('GET', path),
      };
    };

    test('client credentials by header, body and both, and an assertion: an initial cycle each, without a failure', async () => {
      await using on = await stage(40);
      const { entra, world, server } = on;
      const secretOf = async ({ organizationId, id }: TestDirectory) =>
        (await issueCredential(world, byItself, 'clientSecret', organizationId, id, { name: 'Entra' })).value;
      const endpoint = (id: string) => ({ tokenEndpoint: `${server.origin}/scim/oauth2/${id}/token`, clientId: id });
      const ways = {
        header: async (of: TestDirectory) => ({
          way: 'clientCredentials',
          sentIn: 'header',
          clientSecret: await secretOf(of),
        }),
        body: async (of: TestDirectory) => ({
          way: 'clientCredentials',
          sentIn: 'body',
          clientSecret: await secretOf(of),
        }),
        both: async (of: TestDirectory) => ({
          way: 'clientCredentials',
          sentIn: 'both',
          clientSecret: await secretOf(of),
        }),
        assertion: async ({ organizationId, id }: TestDirectory) => {
          const trusted = { name: 'Entra', subject, audience, tenantId: entra.contoso.id };
          await trustAssertions(world, byItself, organizationId, id, trusted);
          return { way: 'assertion', subject, audience: `${audience}/.default` };
        },
      };
      for (const [name, prepare] of Object.entries(ways)) {
        const directory = await world.addDirectory(`by-${name}`);
        const authentication = { ...endpoint(directory.id), ...(await prepare(directory)) };
        const job = await addJob(entra, server.origin, directory, { authentication });
        assert.equal((await job.run('test'))['ok'], true, JSON.stringify(await job.run('test')));
        const cycle = await job.run('cycle');
        assert.deepEqual([cycle['failed'], cycle['stopped'], cycle['failures']], [0, null, []], name);
        const { users, groups } = await getDirectory(world, directory.organizationId, directory.id);
        assert.deepEqual([users, groups > 0], [40, true]);
      }
    });

    test('a Secret Token left blank: Entra sends its own token, and its page shows what to do', async () => {
      await using on = await stage(5);
      const { entra, world, server } = on;
      const job = await addJob(entra, server.origin, world.directory, {});
      const tested = await job.run('test');
      assert.equal(tested['ok'], false);
      assert.match(String(tested['message']), /left blank: enter a Secret Token that Portico issued/);
    });

    test('a wrong client secret: the job stops, and its page says invalid_client', async () => {
      await using on = await stage(5);
      const { entra, world, server } = on;
      const { id } = world.directory;
      const authentication = {
        way: 'clientCredentials',
        tokenEndpoint: `${server.origin}/scim/oauth2/${id}/token`,
        clientId: id,
        clientSecret: 'wrong',
        sentIn: 'header',
      };
      const job = await addJob(entra, server.origin, world.directory, { authentication });
      assert.match(String((await job.run('test'))['message']), /^The token endpoint answered 401 invalid_client/);
      await job.run('cycle');
      assert.equal((await job.view())['status'], 'Quarantine');
    });

    test('P1: a Secret Token is rotated while a cycle runs, without a failed request', async () => {
      await using on = await stage(300);
      const { entra, world, server } = on;
      const { directory } = world;
      const { organizationId, id } = directory;
      const old = await issueCredential(world, byItself, 'token', organizationId, id, { name: 'old' });
      const job = await addJob(entra, server.origin, directory, { secretToken: old.value });
      const running = job.run('cycle');
      const usedBy = async (tokenId: string) =>
        (await pageOfCredentials(world, 'token', organizationId, id, { limit: 10 })).items.find(
          (it) => it.id === tokenId,
        )?.lastUsedAt ?? null;
      let isOver = false;
      void running.finally(() => {
        isOver = true;
      });
      while (!isOver && (await usedBy(old.id)) === null) await pause(5);
      const next = await issueCredential(world, byItself, 'token', organizationId, id, { name: 'next' });
      await job.change({ secretToken: next.value });
      while (!isOver && (await usedBy(next.id)) === null) await pause(5);
      assert.equal(isOver, false, 'the cycle was over before its token was rotated');
      // What was on its way with the old one is answered by now.
      await pause(200);
      await withdrawCredential(world, byItself, 'token', organizationId, id, old.id);
      const cycle = await running;
      assert.deepEqual([cycle['failed'], cycle['stopped'], cycle['failures']], [0, null, []]);
      assert.equal((await getDirectory(world, organizationId, id)).users, 300);
      await world.door.close();
      const { items } = await pageOfRequests(world, organizationId, id, { outcome: 'refused', limit: 10 });
      assert.deepEqual(items, []);
    });
  });
}
