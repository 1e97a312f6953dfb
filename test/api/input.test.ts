import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import type { Entry } from '#contract';
import { rawStatement, type Tables, tables } from '#store';
import { dialects } from '../world.ts';
import { addTwoCustomers, allEntries, openRest, pathOf, type Rest, type TwoCustomers, validBodies } from './rest.ts';

/** A JSON Schema as far as these tests ask. */
interface Schema {
  type?: string | string[];
  anyOf?: Schema[];
  enum?: unknown[];
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

/** A body that is wrong in one place, and the field that the answer has to name. */
interface Spoiled {
  how: string;
  body: Record<string, unknown>;
  field: string;
}

function spoil(entry: Entry, valid: Readonly<Record<string, unknown>>): Spoiled[] {
  const schema = z.toJSONSchema(entry.body ?? z.never(), { io: 'input', unrepresentable: 'any' }) as Schema;
  const found: Spoiled[] = [{ how: 'an unknown field', body: { ...valid, surprise: 1 }, field: 'surprise' }];
  for (const field of schema.required ?? []) {
    const { [field]: _, ...rest } = valid;
    found.push({ how: `${field} is missing`, body: rest, field });
  }
  for (const [field, given] of Object.entries(schema.properties ?? {})) {
    const put = (how: string, value: unknown, at = field) =>
      found.push({ how: `${field} ${how}`, body: { ...valid, [field]: value }, field: at });
    // What may be null too is said in either of two ways.
    const choices =
      given.anyOf ?? (Array.isArray(given.type) ? given.type.map((type) => ({ ...given, type })) : [given]);
    const it = choices.find(({ type }) => type !== 'null') ?? {};
    put('is an object', { a: 1 });
    if (!choices.some(({ type }) => type === 'null')) put('is null', null);
    if (it.type !== 'integer') put('is a number', 42);
    if (it.type === 'boolean') put('is the text "true"', 'true');
    if (it.type === 'integer') for (const value of [1.5, -1, 1e20, '60']) put(`is ${JSON.stringify(value)}`, value);
    if (it.enum !== undefined) put('is none of its words', 'nothing-of-the-kind');
    if (it.maxLength !== undefined) put('is too long', 'x'.repeat(it.maxLength + 1));
    if (it.type === 'array') {
      put('is text', 'text');
      put('holds an object', [{ a: 1 }], `${field}.0`);
      const [one] = (valid[field] as unknown[]) ?? [];
      if (it.maxItems !== undefined && one !== undefined) put('has too many', Array(it.maxItems + 1).fill(one));
    }
  }
  return found;
}

const withBody = allEntries.filter(([, entry]) => entry.body !== undefined);

test('there is a valid body for every entry that takes one', () => {
  for (const [name, entry] of withBody) {
    const parsed = entry.body?.safeParse(validBodies[name]);
    assert.ok(parsed?.success, `${name}: ${parsed?.error?.message}`);
  }
});

for (const dialect of dialects) {
  describe(`bad input (${dialect})`, () => {
    let rest: Rest;
    let customers: TwoCustomers;
    let key: string;
    before(async () => {
      rest = await openRest(dialect, {
        settings: { PORTICO_BODY_LIMIT: '65536' },
        fetch: () => Promise.reject(new Error('no network here')),
      });
      customers = await addTwoCustomers(rest);
      key = await rest.issueKey();
      await rest.ask('GET', '/session', { key });
    });
    after(() => rest.close());

    const ask = (entry: Entry, body: unknown, headers: Record<string, string> = {}) =>
      rest.ask(entry.method, pathOf(entry, customers.ours), { key, body, headers });

    /** Every row of every table, so that "nothing was written" can be seen. */
    const snapshot = async (): Promise<string> => {
      const rows = Object.keys(tables).map(
        async (name) =>
          [name, await rest.world.store.read(rawStatement(`select * from ${name as keyof Tables}`), {})] as const,
      );
      return JSON.stringify(await Promise.all(rows));
    };
    const leavesNothing = async (work: () => Promise<void>): Promise<void> => {
      const before = await snapshot();
      await work();
      assert.equal(await snapshot(), before, 'something was written');
    };

    for (const [name, entry] of withBody) {
      const valid = validBodies[name] ?? {};

      test(`${name}: what is wrong with a field is said of that field, and nothing is written`, () =>
        leavesNothing(async () => {
          for (const { how, body, field } of spoil(entry, valid)) {
            const { status, problem } = await ask(entry, body);
            assert.deepEqual([status, problem.type], [400, 'urn:portico:problem:invalid-request'], how);
            const fields = problem.errors?.map((error) => error.field) ?? [];
            assert.ok(
              fields.some((it) => it === field || it.startsWith(`${field}.`)),
              `${how}: it names ${fields.join(', ')}`,
            );
          }
        }));

      test(`${name}: a body that is no JSON object`, () =>
        leavesNothing(async () => {
          for (const body of ['{', '{"a":', '', '{"a":1}}', '\u0000', '{a:1}']) {
            const { status, problem } = await ask(entry, body);
            assert.deepEqual([status, problem.type], [400, 'urn:portico:problem:malformed-json'], body);
          }
          for (const body of [
            'null',
            '[]',
            '"text"',
            '42',
            'true',
            '[{}]',
            `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
          ]) {
            const { status, problem } = await ask(entry, body);
            assert.deepEqual([status, problem.type], [400, 'urn:portico:problem:invalid-request'], body.slice(0, 20));
            assert.equal(problem.errors?.[0]?.field, 'body');
          }
        }));

      test(`${name}: a body of another type, or over the limit`, () =>
        leavesNothing(async () => {
          for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'json', '']) {
            const { status, problem } = await ask(entry, JSON.stringify(valid), { 'content-type': type });
            assert.deepEqual([status, problem.type], [415, 'urn:portico:problem:unsupported-media-type'], type);
          }
          const large = JSON.stringify({ ...valid, name: 'x'.repeat(65_536) });
          for (const headers of [{}, { 'content-length': String(large.length) }]) {
            const { status, problem } = await ask(entry, large, headers);
            assert.deepEqual([status, problem.type], [413, 'urn:portico:problem:too-large']);
          }
        }));

      test(`${name}: text that databases and parsers stumble over is refused or taken, and never fails here`, async () => {
        for (const text of ['a\u0000b', 'a\ud800b', '\uffff', '\u202e', '💥'.repeat(10), '\u001f', "'; --", '%s', '{}'])
          for (const [field, value] of Object.entries(valid)) {
            const spoiled = typeof value === 'string' ? text : Array.isArray(value) ? [text] : value;
            const { status } = await ask(entry, { ...valid, [field]: spoiled });
            assert.ok(status < 500 || status === 502, `${field} as ${JSON.stringify(text)}: ${status}`);
          }
        const polluting = JSON.stringify(valid).replace('{', '{"__proto__":{"right":"all"},"constructor":{},');
        assert.equal((await ask(entry, polluting)).status, 400);
      });
    }

    test('an id in the path that is none is 404, whatever it is', async () => {
      const ids = [
        '%00',
        'a%00b',
        '%F0%9F%92%A5',
        '%ED%A0%80',
        '%',
        '%zz',
        "'%20or%201=1",
        '..%2F..',
        'x'.repeat(3000),
        '*',
      ];
      for (const [name, entry] of allEntries.filter(([, { path }]) => path.includes('{'))) {
        for (const id of ids) {
          const last =
            entry.path
              .match(/\{(\w+)\}/g)
              ?.at(-1)
              ?.slice(1, -1) ?? '';
          const known: Record<string, string> = { ...customers.ours };
          delete known[last];
          for (const params of [{}, known] as Record<string, string>[]) {
            const path = entry.path.replace(/\{(\w+)\}/g, (_, parameter: string) => params[parameter] ?? id);
            const answer = await rest.ask(entry.method, path, {
              key,
              ...(entry.body === undefined ? {} : { body: validBodies[name] }),
            });
            assert.equal(answer.status, 404, `${name} at ${path.slice(0, 100)}: ${answer.text.slice(0, 200)}`);
          }
        }
      }
    });

    test('a query that is not valid is refused, and its parameter named', async () => {
      const lists = allEntries.filter(([, { query }]) => query !== undefined);
      const spoiled: [query: string, field: string][] = [
        ['limit=0', 'limit'],
        ['limit=1001', 'limit'],
        ['limit=-1', 'limit'],
        ['limit=1.5', 'limit'],
        ['limit=many', 'limit'],
        ['limit=1&limit=many', 'limit'],
        ['surprise=1', 'surprise'],
        [`cursor=${'x'.repeat(501)}`, 'cursor'],
      ];
      for (const [name, entry] of lists) {
        for (const [query, field] of spoiled) {
          const { status, problem } = await rest.ask('GET', `${pathOf(entry, customers.ours)}?${query}`, { key });
          assert.deepEqual([status, problem.errors?.map((error) => error.field)], [400, [field]], `${name}?${query}`);
        }
      }
    });

    test('a cursor that no page gave is refused or finds a place, and never fails here', async () => {
      for (const [name, entry] of allEntries.filter(([, { query }]) => query !== undefined)) {
        for (const cursor of [
          'nonsense',
          '%00',
          '-1',
          '1e400',
          'NaN',
          '9'.repeat(40),
          '%F0%9F%92%A5',
          '{}',
          '1.5',
          '',
        ]) {
          const path = `${pathOf(entry, customers.ours)}?cursor=${cursor}`;
          const { status, text } = await rest.ask('GET', path, { key });
          assert.ok([200, 400, 404].includes(status), `${name}?cursor=${cursor}: ${status} ${text}`);
        }
      }
    });

    test('an entry without a query takes none', async () => {
      const entry = allEntries.find(([name]) => name === 'organizations.get')?.[1];
      assert.ok(entry);
      const { status, problem } = await rest.ask('GET', `${pathOf(entry, customers.ours)}?a=1`, { key });
      assert.deepEqual([status, problem.errors], [400, [{ field: 'a', detail: 'is not known' }]]);
    });
  });
}
