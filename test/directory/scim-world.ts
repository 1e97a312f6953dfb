import assert from 'node:assert/strict';
import {
  activateConnection,
  createConnection,
  createOrganization,
  getConnection,
  issueCredential,
  markTested,
} from '#connections';
import { createScimDoor, type ScimDoor } from '#directory';
import { byItself } from '#events';
import type { Source } from '#http';
import type { JsonObject } from '#scim';
import type { Dialect } from '#store';
import { openTestWorld, type TestWorld, type TestWorldOptions } from '../world.ts';

/** An answer as a provisioning client sees it. */
export interface ScimAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The body; empty where there is none. */
  body: JsonObject;
}

/** A directory with a token, and what calls it over its Tenant URL. */
export interface TestDirectory {
  organizationId: string;
  id: string;
  tenantUrl: string;
  token: string;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ScimAnswer>;
  get(path: string): Promise<ScimAnswer>;
  /** GET with a filter, percent-encoded. */
  find(endpoint: string, filter: string): Promise<ScimAnswer>;
}

/** A world with the door of SCIM. */
export interface ScimWorld extends TestWorld {
  door: ScimDoor;
  /** Adds an organization with an active connection that provisions. */
  addDirectory(id: string, organizationId?: string): Promise<TestDirectory>;
}

/** Opens a world with one directory, `contoso`. */
export async function openScimWorld(
  dialect: Dialect,
  options: TestWorldOptions = {},
): Promise<ScimWorld & { directory: TestDirectory }> {
  const world = await openTestWorld(dialect, options);
  const door = createScimDoor(world);
  const addDirectory = (id: string, organizationId?: string) => openDirectory(world, door, id, organizationId);
  const close = async () => {
    await door.close();
    await world.close();
  };
  return { ...world, door, addDirectory, close, directory: await addDirectory('contoso') };
}

async function openDirectory(
  world: TestWorld,
  door: ScimDoor,
  id: string,
  given: string | undefined,
): Promise<TestDirectory> {
  const organizationId = given ?? (await createOrganization(world, byItself, { name: id })).id;
  await createConnection(world, byItself, organizationId, {
    id,
    name: id,
    accountType: 'anyOrganization',
    clientId: '5c1f6a0e-6a6c-4f0a-9a2b-3f1d2c4b5a60',
    provisioning: true,
  });
  const { version } = await getConnection(world, organizationId, id);
  await markTested(world, byItself, organizationId, id, version);
  await activateConnection(world, byItself, organizationId, id);
  const { value: token } = await issueCredential(world, byItself, 'token', organizationId, id, {
    name: 'Secret Token',
  });
  const tenantUrl = `${world.config.url}/scim/v2/${id}`;
  const send: TestDirectory['send'] = (method, path, body, headers = {}) => {
    // A clock that stands still otherwise moves on with each request: events are in the order of their times.
    world.clock.now += 1;
    return call(door, method, `${tenantUrl}${path}`, body, { authorization: `Bearer ${token}`, ...headers });
  };
  return {
    organizationId,
    id,
    tenantUrl,
    token,
    send,
    get: (path) => send('GET', path),
    find: (endpoint, filter) => send('GET', `${endpoint}?filter=${encodeURIComponent(filter)}`),
  };
}

const source: Source = { requestId: 'request-1', address: '203.0.113.7', userAgent: 'provisioning-test' };

/** Sends a request to a door as over HTTP; a string is sent as it is. */
export async function call(
  door: ScimDoor,
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string>,
  from: Partial<Source> = {},
): Promise<ScimAnswer> {
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const typed = text === null ? headers : { 'content-type': 'application/scim+json', ...headers };
  const response = await door(new Request(url, { method, headers: typed, body: text }), { ...source, ...from });
  const answer = await response.text();
  if (answer !== '') assert.equal(response.headers.get('content-type'), 'application/scim+json');
  return {
    status: response.status,
    headers: response.headers,
    text: answer,
    body: answer === '' ? {} : JSON.parse(answer),
  };
}

/** The resources of a list. */
export function resourcesOf({ body }: ScimAnswer): JsonObject[] {
  const resources = body['Resources'];
  assert.ok(Array.isArray(resources), JSON.stringify(body));
  return resources as JsonObject[];
}

/** The id of a resource. */
export const idOf = ({ body }: ScimAnswer): string => String(body['id']);

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The body of a PATCH. */
export const patchOf = (...Operations: JsonObject[]): JsonObject => ({ schemas: [patchUrn], Operations });
