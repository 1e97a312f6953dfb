import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { allRights, type EntryName } from '#contract';
import { dialects } from '../world.ts';
import { addTwoCustomers, allEntries, openRest, pathOf, type Rest, type TwoCustomers, validBodies } from './rest.ts';

/** What a key of one organization gets where the path names none: what belongs to the deployment is refused. */
const unscopedForOneOrganization: Partial<Record<EntryName, number>> = {
  'session.get': 200,
  'session.end': 409,
  'organizations.list': 200,
  'connections.list': 200,
  'connections.start': 502,
  'keys.create': 400,
  'aadsts.explain': 404,
  'refusedSignIns.explain': 404,
};

for (const dialect of dialects) {
  describe(`refusals (${dialect})`, () => {
    let rest: Rest;
    let customers: TwoCustomers;
    before(async () => {
      rest = await openRest(dialect, { fetch: () => Promise.reject(new Error('no network here')) });
      customers = await addTwoCustomers(rest);
    });
    after(() => rest.close());

    for (const [name, entry] of allEntries) {
      test(`${name}: 401 without a credential, and with a wrong one`, async () => {
        const path = pathOf(entry, customers.ours);
        const body = entry.body === undefined ? {} : { body: {} };
        const without = await rest.ask(entry.method, path, body);
        assert.equal(without.status, 401);
        assert.equal(without.problem.type, 'urn:portico:problem:not-authenticated');
        assert.equal(without.headers.get('www-authenticate'), 'Bearer realm="Portico"');
        const wrong = await rest.ask(entry.method, path, {
          ...body,
          key: `pt_key_${'0'.repeat(24)}_${'A'.repeat(43)}`,
          address: `198.51.100.${name}`,
        });
        assert.equal(wrong.status, 401);
        assert.equal(wrong.headers.get('content-type'), 'application/problem+json');
      });

      if (entry.right !== 'signed-in') {
        const { right } = entry;
        test(`${name}: 403 that names ${right} with every other right`, async () => {
          const key = await rest.issueKey(allRights.filter((it) => it !== right));
          const answer = await rest.ask(entry.method, pathOf(entry, customers.ours), {
            key,
            ...(entry.body === undefined ? {} : { body: {} }),
          });
          assert.equal(answer.status, 403);
          assert.equal(answer.problem.type, 'urn:portico:problem:missing-right');
          assert.equal(answer.problem['right'], right);
        });
      }

      const scope = /\{(organization|connection|directory)\}/.exec(entry.path)?.[1];
      test(`${name}: ${scope === undefined ? 'what belongs to no organization is not for' : '404 with'} a key of another organization`, async () => {
        const key = await rest.issueKey(allRights, customers.theirs.organization);
        const given = { key, ...(entry.body === undefined ? {} : { body: validBodies[name] }) };
        const answer = await rest.ask(entry.method, pathOf(entry, customers.ours), given);
        if (scope === undefined) {
          assert.equal(answer.status, unscopedForOneOrganization[name] ?? 403, answer.text);
          assert.ok(!answer.text.includes(customers.ours.organization));
          assert.ok(!answer.text.includes(customers.ours.connection));
          return;
        }
        assert.equal(answer.status, 404);
        const unknown = await rest.ask(entry.method, pathOf(entry), given);
        assert.equal(unknown.status, 404);
        const withoutIds = (text: string) =>
          text
            .replaceAll(/request-\d+/g, '')
            .replaceAll(customers.ours.organization, 'nobody')
            .replaceAll(customers.ours.connection, 'nobody');
        assert.equal(withoutIds(answer.text), withoutIds(unknown.text), 'it tells that the thing is there');
      });
    }

    test('an organization of others cannot be picked from the list of connections', async () => {
      const key = await rest.issueKey(allRights, customers.theirs.organization);
      const path = (organization: string) => `/connections?organization=${organization}`;
      assert.equal((await rest.ask('GET', path(customers.ours.organization), { key })).status, 404);
      const own = await rest.ask('GET', path(customers.theirs.organization), { key });
      assert.deepEqual(
        [own.status, (own.body['items'] as { id: string }[]).map(({ id }) => id)],
        [200, [customers.theirs.connection]],
      );
    });

    test('a key of one organization issues keys of that organization only, with its own rights only', async () => {
      const { organization } = customers.theirs;
      const key = await rest.issueKey(['keys:issue', 'users:read'], organization);
      const issue = (body: unknown) => rest.ask('POST', '/keys', { key, body });
      const other = await issue({
        name: 'wider',
        rights: ['users:read'],
        organization: customers.ours.organization,
      });
      assert.deepEqual([other.status, other.problem.errors?.[0]?.field], [400, 'organization']);
      const more = await issue({ name: 'more', rights: ['users:read', 'mail:read'], organization });
      assert.deepEqual([more.status, more.problem['right']], [403, 'mail:read']);
      assert.equal((await issue({ name: 'same', rights: ['users:read'], organization })).status, 201);
    });

    test('what is nowhere is 404, and a method that an address does not take is 405 with those it takes', async () => {
      const nowhere = await rest.ask('GET', '/nowhere');
      assert.deepEqual([nowhere.status, nowhere.problem.type], [404, 'urn:portico:problem:not-found']);
      const put = await rest.ask('PUT', '/organizations');
      assert.deepEqual([put.status, put.headers.get('allow')], [405, 'GET, POST']);
    });
  });
}
