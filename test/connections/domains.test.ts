import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  connectionOfDomain,
  connectionWork,
  createConnection,
  createDomain,
  createOrganization,
  deleteDomain,
  isDomainProven,
  pageOfDomains,
  trustDomain,
  verifyDomain,
} from '#connections';
import { byItself } from '#events';
import { Problem } from '#http';
import { dialects, openTestWorld, type TestWorld } from '../world.ts';
import { type DnsServer, startDnsServer } from './dns-server.ts';

const day = 86_400_000;

for (const dialect of dialects) {
  describe(`S6: e-mail domains (${dialect})`, () => {
    let dns: DnsServer;
    let world: TestWorld;
    let ours: string;
    let theirs: string;
    before(async () => {
      dns = await startDnsServer();
      world = await openTestWorld(dialect, { now: Date.now(), dns: dns.resolver });
      ours = (await createOrganization(world, byItself, { name: 'Ours' })).id;
      theirs = (await createOrganization(world, byItself, { name: 'Theirs' })).id;
    });
    after(async () => {
      await world.close();
      await dns.close();
    });

    const stateOf = async (domain: string, organizationId = ours) =>
      (await pageOfDomains(world, organizationId, { limit: 100 })).items.find((it) => it.domain === domain);
    const problem = async (done: Promise<unknown>) => {
      const error = await done.then(
        () => undefined,
        (it: unknown) => it,
      );
      assert.ok(error instanceof Problem, String(error));
      return error;
    };
    /** A live connection that names the domains, without a tenant at the other end. */
    const connect = async (organizationId: string, id: string, domains: string[]) => {
      await createConnection(world, byItself, organizationId, { id, name: id, domains });
      await world.execute(`update connection set state = 'active', live = draft, draft = null where id = '${id}'`);
      for (const domain of domains)
        await world.execute(
          `insert into domain_scope (domain, organization_id, connection_id) values ('${domain}', '${organizationId}', '${id}')`,
        );
    };
    const checkAgain = (domain: string) =>
      connectionWork['connections.checkDomain']?.(world, {
        kind: 'connections.checkDomain',
        organizationId: ours,
        subject: domain,
        attempts: 1,
      });

    test('a domain that is named routes nobody until its TXT record is there', async () => {
      await connect(ours, 'ours', ['proven.example']);
      const named = await stateOf('proven.example');
      assert.deepEqual([named?.state, named?.routes], ['pending', false]);
      assert.equal(await connectionOfDomain(world, 'proven.example'), undefined);

      const missing = await problem(verifyDomain(world, byItself, ours, 'proven.example'));
      assert.equal(missing.message, '_portico.proven.example has no TXT record');
      dns.records.set('_portico.proven.example', ['v=spf1 -all', 'portico-domain=guessed']);
      const wrong = await problem(verifyDomain(world, byItself, ours, 'proven.example'));
      assert.match(wrong.message, /holds "v=spf1 -all", "portico-domain=guessed", and not the token/);
      assert.equal(await isDomainProven({ run: world.store.read }, ours, 'proven.example'), false);

      dns.records.set('_portico.proven.example', ['v=spf1 -all', named?.recordValue ?? '']);
      assert.equal((await verifyDomain(world, byItself, ours, 'proven.example')).state, 'verified');
      assert.equal((await connectionOfDomain(world, 'Proven.Example'))?.id, 'ours');
      assert.equal(await isDomainProven({ run: world.store.read }, ours, 'proven.example'), true);
    });

    test('attack: a proven domain is refused to another customer, named in settings or by itself', async () => {
      const input = { id: 'grab', name: 'Grab', domains: ['proven.example'] };
      const refused = await problem(createConnection(world, byItself, theirs, input));
      assert.match(refused.message, /proven.example belongs to another customer/);
      assert.equal(
        (await problem(createDomain(world, byItself, theirs, { domain: 'proven.example' }))).problem,
        'conflict',
      );
    });

    test('attack: naming a domain first keeps nobody from proving it, and the one who only named it gets nobody', async () => {
      await connect(theirs, 'squatter', ['wanted.example']);
      await connect(ours, 'owner', ['wanted.example']);
      assert.equal(await connectionOfDomain(world, 'wanted.example'), undefined);
      dns.records.set('_portico.wanted.example', [(await stateOf('wanted.example'))?.recordValue ?? '']);
      assert.equal((await problem(verifyDomain(world, byItself, theirs, 'wanted.example'))).problem, 'wrong-state');
      await verifyDomain(world, byItself, ours, 'wanted.example');
      assert.equal((await connectionOfDomain(world, 'wanted.example'))?.id, 'owner');
      assert.equal((await problem(trustDomain(world, byItself, theirs, 'wanted.example', true))).problem, 'conflict');
    });

    test('free-mail domains are refused, and the field is named', async () => {
      const input = { id: 'free', name: 'Free', domains: ['fine.example', 'outlook.com'] };
      const refused = await problem(createConnection(world, byItself, ours, input));
      assert.deepEqual(
        refused.details.errors,
        [{ field: 'domains.0', detail: 'is a free-mail domain' }].map((it) => ({ ...it, field: 'domains.1' })),
      );
      assert.equal(
        (await problem((async () => createDomain(world, byItself, ours, { domain: 'gmx.de' }))())).problem,
        'invalid-request',
      );
    });

    test('an operator takes a domain on trust: it routes, and proves no address', async () => {
      await connect(ours, 'trusting', ['trusted.example']);
      const trusted = await trustDomain(world, byItself, ours, 'trusted.example', true);
      assert.deepEqual([trusted.state, trusted.trusted, trusted.routes], ['pending', true, true]);
      assert.equal((await connectionOfDomain(world, 'trusted.example'))?.id, 'trusting');
      assert.equal(await isDomainProven({ run: world.store.read }, ours, 'trusted.example'), false);
      await trustDomain(world, byItself, ours, 'trusted.example', false);
      assert.equal(await connectionOfDomain(world, 'trusted.example'), undefined);
    });

    test('a lost record is announced and counts a week later; a server that does not answer says nothing', async () => {
      const domain = 'proven.example';
      const [record] = dns.records.get(`_portico.${domain}`)?.slice(1) ?? [];
      dns.fails = true;
      await checkAgain(domain);
      assert.equal((await stateOf(domain))?.state, 'verified');
      dns.fails = false;
      dns.records.delete(`_portico.${domain}`);
      assert.deepEqual(await checkAgain(domain), { again: day / 4 });
      assert.deepEqual([(await stateOf(domain))?.state, (await stateOf(domain))?.routes], ['failing', true]);
      dns.records.set(`_portico.${domain}`, [record ?? '']);
      assert.deepEqual(await checkAgain(domain), { again: day });
      assert.equal((await stateOf(domain))?.failingSince, null, 'it is back');

      dns.records.delete(`_portico.${domain}`);
      await checkAgain(domain);
      world.clock.now += 7 * day - 1;
      await checkAgain(domain);
      assert.equal((await connectionOfDomain(world, domain))?.id, 'ours');
      world.clock.now += 1;
      assert.equal(await checkAgain(domain), undefined);
      assert.deepEqual([(await stateOf(domain))?.state, (await stateOf(domain))?.routes], ['lost', false]);
      assert.equal(await connectionOfDomain(world, domain), undefined);
      await createDomain(world, byItself, theirs, { domain });
    });

    test('a domain in use is not forgotten, one that is not is free', async () => {
      assert.equal((await problem(deleteDomain(world, byItself, ours, 'wanted.example'))).problem, 'wrong-state');
      await createDomain(world, byItself, ours, { domain: 'spare.example' });
      await trustDomain(world, byItself, ours, 'spare.example', true);
      await deleteDomain(world, byItself, ours, 'spare.example');
      assert.equal(await stateOf('spare.example'), undefined);
      await createDomain(world, byItself, theirs, { domain: 'spare.example' });
    });
  });
}
