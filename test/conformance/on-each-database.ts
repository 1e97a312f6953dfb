import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import type { JsonObject } from '#scim';
import {
  idOf,
  openScimWorld,
  resourcesOf,
  type ScimAnswer,
  type ScimWorld,
  type TestDirectory,
} from '../directory/scim-world.ts';
import { dialects } from '../world.ts';

/** A directory as conformance cases use it. */
export interface Client extends TestDirectory {
  /** POSTs, asserts 201, gives the id. */
  create(endpoint: string, body: object): Promise<string>;
  /** GETs a resource, asserts 200, gives its body. */
  read(path: string): Promise<JsonObject>;
  /** PATCHes with operations in the body as given. */
  patch(path: string, ...Operations: unknown[]): Promise<ScimAnswer>;
  /** The resources that a filter finds. */
  found(endpoint: string, filter: string): Promise<JsonObject[]>;
  /** A name that nobody has. */
  fresh(what: string): string;
}

/** Declares cases against the service over HTTP messages, on each database; `client` is there once they run. */
export function onEachDatabase(title: string, cases: (client: Client) => void): void {
  for (const dialect of dialects) {
    describe(`${title} (${dialect})`, () => {
      let world: ScimWorld;
      const client: Partial<Client> = {};
      before(async () => {
        const opened = await openScimWorld(dialect, { now: Date.parse('2026-11-02T08:00:00.000Z') });
        world = opened;
        Object.assign(client, clientOf(opened.directory));
      });
      after(() => world.close());
      // Its members are filled in before the first case runs.
      cases(client as Client);
    });
  }
}

function clientOf(directory: TestDirectory): Client {
  let number = 0;
  return {
    ...directory,
    create: async (endpoint, body) => {
      const created = await directory.send('POST', endpoint, body);
      assert.equal(created.status, 201, created.text);
      return idOf(created);
    },
    read: async (path) => {
      const answer = await directory.get(path);
      assert.equal(answer.status, 200, answer.text);
      return answer.body;
    },
    patch: (path, ...Operations) =>
      directory.send('PATCH', path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations }),
    found: async (endpoint, filter) => {
      const answer = await directory.find(endpoint, filter);
      assert.equal(answer.status, 200, answer.text);
      return resourcesOf(answer);
    },
    fresh: (what) => `${what}-${++number}`,
  };
}

/** Asserts that an answer is a refusal in SCIM's words (RFC 7644 §3.12). */
export function assertRefused(answer: ScimAnswer, status: number, scimType?: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.deepEqual(answer.body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
  assert.equal(answer.body['status'], String(status));
  assert.equal(answer.body['scimType'], scimType);
  assert.ok(String(answer.body['detail']).length > 10, answer.text);
}

/** The value at a path of plain steps. */
export function at(resource: JsonObject, ...steps: string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as JsonObject)[step] : undefined),
    resource,
  );
}

/** The one element of a multi-valued attribute that has a type. */
export function ofType(resource: JsonObject, attribute: string, type: string): JsonObject | undefined {
  const elements = (resource[attribute] ?? []) as JsonObject[];
  const found = elements.filter((element) => element['type'] === type);
  assert.ok(found.length <= 1, `${attribute} has ${found.length} of type ${type}`);
  return found[0];
}
