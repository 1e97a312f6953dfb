import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createSealer, rawStatement } from '#store';
import { dialects } from '../world.ts';
import { addTwoCustomers, eventsOf, openRest, type Rest, type TwoCustomers } from './rest.ts';

for (const dialect of dialects) {
  describe(`changes of a version (${dialect})`, () => {
    let rest: Rest;
    let customers: TwoCustomers;
    let key: string;
    before(async () => {
      rest = await openRest(dialect);
      customers = await addTwoCustomers(rest);
      key = await rest.issueKey();
    });
    after(() => rest.close());

    /** Each thing that has a version, by its path and a change of it. */
    const things = async (): Promise<[path: string, change: unknown][]> => {
      const { organization, connection } = customers.ours;
      const operator = await rest.client()('operators.create', { body: { name: 'Ada', role: 'reader' } });
      const webhook = await rest.client()('webhooks.create', { organization, body: { url: 'https://a.example/' } });
      return [
        [`/organizations/${organization}`, { name: 'Renamed' }],
        [`/connections/${connection}`, { signIn: false }],
        [`/operators/${operator.id}`, { name: 'Grace' }],
        [`/organizations/${organization}/webhooks/${webhook.id}`, { enabled: false }],
      ];
    };

    test('the ETag of an answer is its version, and changes with each change', async () => {
      for (const [path, change] of await things()) {
        const first = await rest.ask('PATCH', path, { key, body: change });
        const second = await rest.ask('PATCH', path, { key, body: change });
        assert.deepEqual([first.status, second.status], [200, 200]);
        assert.equal(first.headers.get('etag'), `"${first.body['version']}"`);
        assert.equal(Number(second.body['version']), Number(first.body['version']) + 1);
      }
    });

    test('If-Match with an older ETag is 412 and changes nothing; the present one, weak, or * is taken', async () => {
      for (const [path, change] of await things()) {
        const { headers, body: before } = await rest.ask('PATCH', path, { key, body: change });
        const etag = headers.get('etag') ?? '';
        const ask = (ifMatch: string) =>
          rest.ask('PATCH', path, { key, body: change, headers: { 'if-match': ifMatch } });
        const older = await ask(`"${Number(before['version']) - 1}"`);
        assert.deepEqual([older.status, older.problem.type], [412, 'urn:portico:problem:version-changed'], path);
        const taken = await ask(etag);
        assert.deepEqual([taken.status, taken.body['version']], [200, Number(before['version']) + 1], path);
        assert.equal((await ask(etag)).status, 412, 'the same ETag a second time');
        assert.equal((await ask(`W/${taken.headers.get('etag')}`)).status, 200);
        assert.equal((await ask('*')).status, 200);
      }
    });

    test('an If-Match that is no ETag is refused and named', async () => {
      for (const ifMatch of ['3', '"a"', '"1", "2"', '""', 'W/3', `"${'9'.repeat(16)}"`]) {
        const { status, problem } = await rest.ask('PATCH', `/connections/${customers.ours.connection}`, {
          key,
          body: { signIn: true },
          headers: { 'if-match': ifMatch },
        });
        assert.deepEqual([status, problem.errors?.[0]?.field], [400, 'If-Match'], ifMatch);
      }
    });

    test('a connection of another version is not deleted', async () => {
      const { connection } = customers.theirs;
      const path = `/connections/${connection}`;
      assert.equal((await rest.ask('DELETE', path, { key, headers: { 'if-match': '"99"' } })).status, 412);
      assert.equal((await rest.ask('GET', path, { key })).status, 200);
      assert.equal((await rest.ask('DELETE', path, { key, headers: { 'if-match': '"1"' } })).status, 204);
      assert.equal((await rest.ask('GET', path, { key })).status, 404);
    });

    test('of ten changes of one version at once one is taken', async () => {
      const path = `/organizations/${customers.ours.organization}`;
      const etag = (await rest.ask('GET', path, { key })).headers.get('etag') ?? '';
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          rest.ask('PATCH', path, { key, body: { name: `n${index}` }, headers: { 'if-match': etag } }),
        ),
      );
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(9).fill(412)]);
    });

    test('merge patch: what is absent stays, null unsets', async () => {
      const operator = await rest.client()('operators.create', {
        body: { name: 'Ada', email: 'ada@contoso.example', role: 'reader' },
      });
      const path = `/operators/${operator.id}`;
      const headers = { 'content-type': 'application/merge-patch+json' };
      const renamed = await rest.ask('PATCH', path, { key, body: { name: 'Grace' }, headers });
      assert.deepEqual([renamed.body['name'], renamed.body['email']], ['Grace', 'ada@contoso.example']);
      const unset = await rest.ask('PATCH', path, { key, body: { email: null }, headers });
      assert.deepEqual([unset.body['name'], unset.body['email']], ['Grace', null]);
    });
  });

  describe(`Idempotency-Key (${dialect})`, () => {
    let rest: Rest;
    let key: string;
    before(async () => {
      rest = await openRest(dialect, { now: Date.UTC(2027, 0, 1) });
      key = await rest.issueKey();
    });
    after(() => rest.close());

    const create = (idempotencyKey: string, name = 'Contoso', by = key) =>
      rest.ask('POST', '/organizations', {
        key: by,
        body: { name },
        headers: { 'idempotency-key': idempotencyKey },
      });
    const countOf = async (name: string) =>
      (await rest.client()('organizations.list', { query: { limit: 1000 } })).items.filter((it) => it.name === name)
        .length;

    test('the same request again gives the first answer again and does nothing', async () => {
      const first = await create('again', 'Again');
      const second = await create('again', 'Again');
      assert.deepEqual([first.status, second.status], [201, 201]);
      assert.deepEqual(second.body, first.body);
      assert.equal(await countOf('Again'), 1);
      assert.equal((await eventsOf(rest, String(first.body['id']))).length, 1);
    });

    test('another request with the same key is refused', async () => {
      await create('reused', 'Reused');
      const other = await create('reused', 'Other');
      assert.deepEqual([other.status, other.problem.type], [422, 'urn:portico:problem:key-reused']);
      const elsewhere = await rest.ask('POST', '/starting-point', {
        key,
        body: { startFrom: 'x' },
        headers: { 'idempotency-key': 'reused' },
      });
      assert.equal(elsewhere.status, 422);
      assert.equal(await countOf('Other'), 0);
    });

    test('the keys of one caller are not those of another', async () => {
      await create('shared', 'Shared');
      assert.equal((await create('shared', 'Shared', await rest.issueKey())).status, 201);
      assert.equal(await countOf('Shared'), 2);
    });

    test('a refused request leaves its key free', async () => {
      assert.equal((await create('free', '')).status, 400);
      const conflict = () =>
        rest.ask('POST', '/organizations/nobody/webhooks', {
          key,
          body: { url: 'https://a.example/' },
          headers: { 'idempotency-key': 'free' },
        });
      assert.equal((await conflict()).status, 404);
      assert.equal((await create('free', 'Free')).status, 201);
    });

    test('of ten at once one does the work; the others get its answer or are told to wait', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => create('at-once', 'At once')));
      assert.equal(await countOf('At once'), 1);
      for (const { status, problem } of answers)
        assert.ok(status === 201 || (status === 409 && problem.type === 'urn:portico:problem:conflict'));
      assert.equal((await create('at-once', 'At once')).status, 201);
    });

    test('after a day a key is forgotten; a request that never ended is taken up after a minute', async () => {
      await create('day', 'Day');
      rest.world.clock.now += 86_400_000;
      await create('day', 'Day');
      assert.equal(await countOf('Day'), 1);
      rest.world.clock.now += 1;
      await create('day', 'Day');
      assert.equal(await countOf('Day'), 2);
      await create('lost', 'Lost');
      await rest.world.execute("update idempotency set answer = null, status = null where key = 'lost'");
      assert.equal((await create('lost', 'Lost')).status, 409);
      rest.world.clock.now += 60_001;
      assert.equal((await create('lost', 'Lost')).status, 201);
      assert.equal(await countOf('Lost'), 2);
    });

    test('a key that is no visible ASCII of 1 to 200 characters is refused and named', async () => {
      for (const idempotencyKey of ['', ' ', 'a b', 'x'.repeat(201), 'ü']) {
        const { status, problem } = await create(idempotencyKey);
        assert.deepEqual(
          [status, problem.errors?.[0]?.field],
          [400, 'Idempotency-Key'],
          JSON.stringify(idempotencyKey),
        );
      }
    });

    test('the kept answer is sealed to its caller and key: it holds a credential', async () => {
      const issue = (idempotencyKey: string) =>
        rest.ask('POST', '/keys', {
          key,
          body: { name: 'secret', rights: ['users:read'] },
          headers: { 'idempotency-key': idempotencyKey },
        });
      const [one, two] = [await issue('one'), await issue('two')];
      assert.equal((await issue('one')).body['value'], one.body['value']);
      const rows = await rest.world.store.read(
        rawStatement("select * from idempotency where key in ('one', 'two')"),
        {},
      );
      assert.equal(rows.length, 2);
      assert.ok(!JSON.stringify(rows).includes(String(one.body['value']).slice(-43)));
      assert.ok(!JSON.stringify(rows).includes(String(two.body['value']).slice(-43)));
      await rest.world.execute(
        "update idempotency set answer = (select answer from idempotency where key = 'two') where key = 'one'",
      );
      assert.equal((await issue('one')).status, 500, 'a row moved over another opened');
      const caller = String(rows[0]?.['caller_id']);
      await rest.world.execute(
        `update idempotency set caller_id = 'other-${caller}' where caller_id = '${caller}' and key = 'two'`,
      );
      const sealed = String(rows.find((row) => row['key'] === 'two')?.['answer']);
      const sealer = createSealer(rest.world.config.sealingKeys ?? []);
      const place = { table: 'idempotency', organizationId: caller, id: 'two', column: 'answer' };
      assert.match(sealer.open(sealed, place), /pt_key_/);
      for (const [part, other] of Object.entries({ table: 'x', organizationId: 'x', id: 'x', column: 'x' }))
        assert.throws(() => sealer.open(sealed, { ...place, [part]: other }));
    });
  });
}
