import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getDirectory, pageOfGroups, pageOfMembers, pageOfRequests, pageOfUsers } from '#directory';
import { startTestEntra, type TestEntra } from '../../simulator/test-tenant.ts';
import { dialects } from '../world.ts';
import { listen } from './listen.ts';
import { openScimWorld, type ScimWorld, type TestDirectory } from './scim-world.ts';

interface Person {
  id: string;
  displayName: string;
  userPrincipalName: string;
}
interface Job {
  run(action: string, body?: unknown): Promise<Record<string, unknown>>;
}

async function addJob(entra: TestEntra, origin: string, { id, token }: TestDirectory, flag: string): Promise<Job> {
  const jobs = `/tenants/${entra.contoso.id}/provisioning`;
  const job = await entra.control('POST', jobs, {
    baseAddress: `${origin}/scim/v2/${id}${flag}`,
    secretToken: token,
    mapping: { externalId: 'objectId' },
  });
  return { run: (action, body) => entra.control('POST', `${jobs}/${String(job['id'])}/${action}`, body) };
}

const everyone = async (world: ScimWorld, { organizationId, id }: TestDirectory) =>
  (await pageOfUsers(world, organizationId, id, { limit: 1000 })).items;

for (const dialect of dialects) {
  for (const flag of ['', '?aadOptscim062020']) {
    const client = flag === '' ? 'as it is by default' : 'with aadOptscim062020';
    describe(`Entra's provisioning client ${client}, on ${dialect}`, () => {
      test('initial cycle, incremental cycles, leavers', async () => {
        await using entra = await startTestEntra({ users: 250 });
        const world = await openScimWorld(dialect);
        const { directory } = world;
        await using server = await listen(world.door);
        const job = await addJob(entra, server.origin, directory, flag);

        const tested = await job.run('test');
        assert.equal(tested['ok'] ?? tested['succeeded'] ?? true, true, JSON.stringify(tested));

        const initial = await job.run('cycle');
        assert.deepEqual(initial['failures'], []);
        assert.deepEqual([initial['failed'], initial['stopped']], [0, null]);
        const shown = await getDirectory(world, directory.organizationId, directory.id);
        assert.deepEqual([shown.users, shown.activeUsers, shown.groups], [250, 250, 12]);
        const users = await everyone(world, directory);
        assert.equal(users.length, 250);
        const groups = await pageOfGroups(world, directory.organizationId, directory.id, { limit: 50 });
        const members = groups.items.reduce((sum, each) => sum + each.members, 0);
        assert.equal(members, initial['membersAdded']);
        for (const group of groups.items) {
          const page = await pageOfMembers(world, directory.organizationId, directory.id, group.id, { limit: 1000 });
          assert.equal(page.items.length, group.members);
          assert.ok(page.items.every(({ dangling }) => !dangling));
        }
        const versions = new Map(users.map((each) => [each.id, each.updatedAt]));

        const quiet = await job.run('cycle');
        assert.equal(quiet['requests'], 0);
        await job.run('restart');
        const again = await job.run('cycle');
        assert.deepEqual([again['created'], again['failed']], [0, 0]);
        for (const each of await everyone(world, directory)) assert.equal(each.updatedAt, versions.get(each.id));

        const people = (await entra.control('GET', `/tenants/${entra.contoso.id}/users?accountEnabled=true&limit=3`))[
          'value'
        ] as Person[];
        const [renamed, disabled, deleted] = people;
        assert.ok(renamed && disabled && deleted);
        const path = (person: Person) => `/tenants/${entra.contoso.id}/users/${person.id}`;
        await entra.control('PATCH', path(renamed), { displayName: 'Renamed Person', jobTitle: 'Chief' });
        await entra.control('PATCH', path(disabled), { accountEnabled: false });
        await entra.control('DELETE', path(deleted));
        const incremental = await job.run('cycle');
        assert.deepEqual([incremental['failed'], incremental['updated'], incremental['disabled']], [0, 1, 2]);
        const find = async (person: Person) => {
          const { organizationId, id } = directory;
          const { items } = await pageOfUsers(world, organizationId, id, {
            userName: person.userPrincipalName,
            limit: 2,
          });
          return items[0];
        };
        assert.equal((await find(renamed))?.displayName, 'Renamed Person');
        assert.deepEqual([(await find(disabled))?.active, (await find(deleted))?.active], [false, false]);
        const off = await getDirectory(world, directory.organizationId, directory.id);
        assert.deepEqual([off.users, off.activeUsers], [250, 248]);

        await entra.control('DELETE', `${path(deleted)}?hard=true`);
        const purged = await job.run('cycle');
        assert.equal(purged['deleted'], 1);
        assert.equal(await find(deleted), undefined);
        assert.equal((await getDirectory(world, directory.organizationId, directory.id)).users, 249);

        await world.door.close();
        const refused = await pageOfRequests(world, directory.organizationId, directory.id, {
          outcome: 'refused',
          limit: 10,
        });
        assert.deepEqual(
          refused.items.map(({ method, path: asked, outcome }) => [method, asked, outcome]),
          [],
        );
        await world.close();
      });
    });
  }
}
