import { ScimError } from '#scim';
import type { World } from '#store';
import { getResourceTypes, getSchemas, getServiceProviderConfig } from './discovery.ts';
import type { Answer, Exchange } from './exchange.ts';
import { patchGroup, replaceGroup } from './groups/change-group.ts';
import { createGroup } from './groups/create-group.ts';
import { deleteGroup } from './groups/delete-group.ts';
import { getGroup } from './groups/get-group.ts';
import { listGroups } from './groups/list-groups.ts';
import type { StatementCache } from './statement-cache.ts';
import { patchUser, replaceUser } from './users/change-user.ts';
import { createUser } from './users/create-user.ts';
import { deleteUser } from './users/delete-user.ts';
import { getUser } from './users/get-user.ts';
import { listUsers } from './users/list-users.ts';

type Operation = (world: World, statements: StatementCache, exchange: Exchange, id: string) => Promise<Answer> | Answer;
type Methods = Readonly<Record<string, Operation>>;

/** What a path below the Tenant URL offers, by method; `{id}` stands for one further step. */
const routes: Readonly<Record<string, Methods>> = {
  Users: {
    GET: (world, statements, exchange) => listUsers(world, statements, exchange),
    POST: (world, _, exchange) => createUser(world, exchange),
  },
  'Users/.search': { POST: (world, statements, exchange) => listUsers(world, statements, exchange) },
  'Users/{id}': {
    GET: (world, _, exchange, id) => getUser(world, exchange, id),
    PUT: (world, _, exchange, id) => replaceUser(world, exchange, id),
    PATCH: (world, _, exchange, id) => patchUser(world, exchange, id),
    DELETE: (world, _, exchange, id) => deleteUser(world, exchange, id),
  },
  Groups: {
    GET: (world, statements, exchange) => listGroups(world, statements, exchange),
    POST: (world, _, exchange) => createGroup(world, exchange),
  },
  'Groups/.search': { POST: (world, statements, exchange) => listGroups(world, statements, exchange) },
  'Groups/{id}': {
    GET: (world, _, exchange, id) => getGroup(world, exchange, id),
    PUT: (world, _, exchange, id) => replaceGroup(world, exchange, id),
    PATCH: (world, _, exchange, id) => patchGroup(world, exchange, id),
    DELETE: (world, _, exchange, id) => deleteGroup(world, exchange, id),
  },
  ServiceProviderConfig: { GET: (world, _, exchange) => getServiceProviderConfig(world, exchange) },
  Schemas: { GET: (_, __, exchange) => getSchemas(exchange, undefined) },
  'Schemas/{id}': { GET: (_, __, exchange, urn) => getSchemas(exchange, urn) },
  ResourceTypes: { GET: (_, __, exchange) => getResourceTypes(exchange, undefined) },
  'ResourceTypes/{id}': { GET: (_, __, exchange, name) => getResourceTypes(exchange, name) },
};

/** What SCIM knows and this service does not do (RFC 7644 §3.12: 501). */
const notImplemented: ReadonlySet<string> = new Set(['', 'Bulk', 'Me', '.search']);

/** A refusal of a method, with those that there are. */
export class MethodNotAllowed extends ScimError {
  readonly allowed: readonly string[];
  constructor(method: string, allowed: readonly string[]) {
    super(405, undefined, `${method.slice(0, 20)} is not possible here; use ${allowed.join(' or ')}`);
    this.allowed = allowed;
  }
}

const at = (path: string): Methods | undefined => (Object.hasOwn(routes, path) ? routes[path] : undefined);

/** An operation, with the id that its path names. */
export interface Route {
  operation: Operation;
  id: string;
}

/** Finds the operation for a method and the steps of a path. Throws 404, 405 and 501. */
export function findRoute(method: string, steps: readonly string[]): Route {
  const [first = '', second] = steps;
  const methods = at(steps.join('/')) ?? (steps.length === 2 ? at(`${first}/{id}`) : undefined);
  if (methods === undefined) throw unknown(first);
  const operation = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (operation === undefined) throw new MethodNotAllowed(method, Object.keys(methods));
  return { operation, id: second ?? '' };
}

function unknown(first: string): ScimError {
  if (notImplemented.has(first)) {
    const what = first === '' ? 'a search over all resource types' : first;
    return new ScimError(501, undefined, `${what} is not implemented; use Users and Groups`);
  }
  const shown = JSON.stringify(first.slice(0, 80));
  return new ScimError(404, undefined, `there is nothing at ${shown}; the Tenant URL offers Users and Groups`);
}
