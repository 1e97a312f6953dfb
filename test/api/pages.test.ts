import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dialects } from '../world.ts';
import { addTwoCustomers, allEntries, eventsOf, openRest, pathOf, type Rest, type TwoCustomers } from './rest.ts';

for (const dialect of dialects) {
  describe(`lists (${dialect})`, () => {
    let rest: Rest;
    let customers: TwoCustomers;
    let key: string;
    const many = 7;
    before(async () => {
      rest = await openRest(dialect);
      key = await rest.issueKey();
      customers = await addTwoCustomers(rest);
      const call = rest.client();
      for (const { organization, connection } of Object.values(customers)) {
        for (let index = 0; index < many; index++) {
          await call('connections.create', { organization, body: { id: `${connection}-${index}`, name: `n${index}` } });
          await call('webhooks.create', { organization, body: { url: `https://a.example/${index}` } });
          await call('tokens.create', { directory: connection, body: {} });
          await call('secrets.set', {
            connection,
            body: { value: `abc8Q~0123456789abcdefghijklmnopqrstu${index}wx` },
          });
          await call('operators.create', { body: { name: `o${index}`, role: 'reader' } });
          await call('keys.create', { body: { name: `k${index}`, rights: ['users:read'] } });
          await call('organizations.create', { body: { name: `more ${index}` } });
        }
        await eventsOf(rest, organization);
      }
    });
    after(() => rest.close());

    /** Goes through a list to its end; gives each page's ids. */
    const walk = async (path: string, limit: number): Promise<string[][]> => {
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const query = new URLSearchParams({ limit: String(limit), ...(cursor === undefined ? {} : { cursor }) });
        const answer = await rest.ask('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`, { key });
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(
          Object.keys(answer.body).filter((name) => name !== 'items' && name !== 'nextCursor'),
          [],
          'a list has no totals',
        );
        pages.push((answer.body['items'] as { id: string }[]).map(({ id }) => id));
        cursor = answer.body['nextCursor'] as string | undefined;
      } while (cursor !== undefined && pages.length < 100);
      return pages;
    };

    for (const [name, entry] of allEntries.filter(([, { query }]) => query !== undefined && 'limit' in query.shape)) {
      test(`${name}: pages go on where the one before ended, and together are the whole`, async () => {
        const path = pathOf(entry, customers.ours);
        const needsAnother = /\{(?!organization|connection|directory)\w+\}/.test(entry.path);
        if (needsAnother) return;
        const [whole = []] = await walk(path, 1000);
        for (const limit of [1, 3, whole.length]) {
          if (limit === 0) continue;
          const pages = await walk(path, limit);
          assert.deepEqual(pages.flat(), whole, `limit ${limit}`);
          assert.equal(new Set(whole).size, whole.length);
          for (const page of pages.slice(0, -1)) assert.equal(page.length, limit);
        }
      });
    }

    test('lists hold what they should: those of one organization only its own', async () => {
      const { organization, connection } = customers.ours;
      const count = async (path: string) => (await walk(path, 1000)).flat().length;
      assert.equal(await count(`/connections?organization=${organization}`), many + 1);
      assert.equal(await count(`/organizations/${organization}/webhooks`), many);
      assert.equal(await count(`/connections/${connection}/secrets`), many);
      assert.equal(await count(`/directories/${connection}/tokens`), many);
      assert.equal(await count('/organizations'), 2 + 2 * many);
    });

    test('50 are listed where no limit is given', async () => {
      const { organization } = customers.theirs;
      for (let index = many; index < 60; index++)
        await rest.client()('webhooks.create', { organization, body: { url: `https://b.example/${index}` } });
      const page = await rest.client()('webhooks.list', { organization });
      assert.equal(page.items.length, 50);
      assert.ok(page.nextCursor);
    });

    test('events oldest first are a feed: its last cursor finds what comes later, and only that', async () => {
      const { organization } = customers.ours;
      const call = rest.client();
      const all = await eventsOf(rest, organization);
      assert.deepEqual(
        all.map(({ position }) => position),
        all.map((_, index) => index + 1),
      );
      const query = { order: 'oldest', limit: 1000 } as const;
      const { nextCursor = '' } = await call('events.list', { organization, query });
      const nothing = await call('events.list', { organization, query: { ...query, cursor: nextCursor } });
      assert.deepEqual([nothing.items, nothing.nextCursor], [[], nextCursor]);
      await call('organizations.update', { organization, body: { name: 'Renamed' } });
      await eventsOf(rest, organization);
      const later = await call('events.list', { organization, query: { ...query, cursor: nextCursor } });
      assert.deepEqual(
        later.items.map(({ type, data }) => [type, data]),
        [['organization.updated', { before: 'Ours', after: 'Renamed' }]],
      );
      const newest = await call('events.list', { organization, query: { limit: 1, type: 'organization.updated' } });
      assert.deepEqual(newest.items, later.items);
    });
  });
}
