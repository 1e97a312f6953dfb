import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { getDirectory, pageOfCycles, pageOfRequests } from '#directory';
import { startTestEntra } from '../../simulator/test-tenant.ts';
import { dialects } from '../world.ts';
import { listen } from './listen.ts';
import { openScimWorld } from './scim-world.ts';

/** The agent in the customer's network: it makes Entra's requests to Portico, one connection each, under the Tenant URL's own name. */
async function startAgent(
  portico: string,
  tenantHost: string,
): Promise<{ origin: string; [Symbol.asyncDispose](): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const { host: _, connection: __, ...headers } = incoming.headers;
    const relayed = ask(
      `${portico}${incoming.url}`,
      { method: incoming.method, headers: { ...headers, host: tenantHost }, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    relayed.on('error', () => outgoing.destroy());
    incoming.pipe(relayed);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

for (const dialect of dialects) {
  describe(`P12: behind the on-premises provisioning agent, on ${dialect}`, () => {
    test('connection test, initial and incremental cycle, on demand; addresses are those of PORTICO_URL', async () => {
      await using entra = await startTestEntra({ users: 40 });
      const world = await openScimWorld(dialect);
      const { directory } = world;
      await using server = await listen(world.door);
      await using agent = await startAgent(server.origin, 'portico.corp.internal');
      const jobs = `/tenants/${entra.contoso.id}/provisioning`;
      const { id } = await entra.control('POST', jobs, {
        baseAddress: `${agent.origin}/scim/v2/${directory.id}`,
        secretToken: directory.token,
        mapping: { externalId: 'objectId' },
      });
      const run = (action: string, body?: unknown) => entra.control('POST', `${jobs}/${String(id)}/${action}`, body);

      assert.equal((await run('test'))['ok'], true);
      const initial = await run('cycle');
      assert.deepEqual([initial['failed'], initial['stopped']], [0, null]);
      const shown = await getDirectory(world, directory.organizationId, directory.id);
      assert.deepEqual([shown.users, shown.activeUsers, shown.groups], [40, 40, 12]);

      const { value } = await entra.control('GET', `/tenants/${entra.contoso.id}/users?accountEnabled=true&limit=1`);
      const [person] = value as { id: string; userPrincipalName: string }[];
      assert.ok(person);
      await entra.control('PATCH', `/tenants/${entra.contoso.id}/users/${person.id}`, { accountEnabled: false });
      assert.equal((await run('cycle'))['disabled'], 1);
      assert.equal((await run('on-demand', { userId: person.id }))['failure'], null);

      await world.door.close();
      const query = { outcome: 'all' as const, status: 201, limit: 1 };
      const { items } = await pageOfRequests(world, directory.organizationId, directory.id, query);
      assert.equal(items[0]?.method, 'POST');
      const found = await directory.find('/Users', `userName eq "${person.userPrincipalName}"`);
      const [resource] = found.body['Resources'] as { active: boolean; meta: { location: string } }[];
      assert.equal(resource?.active, false);
      assert.ok(resource?.meta.location.startsWith(`${world.config.url}/scim/v2/`), resource?.meta.location);
      const cycles = await pageOfCycles(world, directory.organizationId, directory.id, { limit: 10 });
      assert.deepEqual([cycles.items[0]?.kind, cycles.items[0]?.created, cycles.items[0]?.failed], ['initial', 52, 0]);
      await world.close();
    });
  });
}
