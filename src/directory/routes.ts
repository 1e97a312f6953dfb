import { ScimError } from '#scim';
import type { World } from '#store';
import { runBulk } from './bulk/run-bulk.ts';
import { getResourceTypes, getSchemas, getServiceProviderConfig } from './discovery.ts';
import type { Answer, Exchange } from './exchange.ts';
import { patchGroup, replaceGroup } from './groups/change-group.ts';
import { createGroup } from './groups/create-group.ts';
import { deleteGroup } from './groups/delete-group.ts';
import { getGroup } from './groups/get-group.ts';
import { listGroups } from './groups/list-groups.ts';
import { MethodNotAllowed } from './method-not-allowed.ts';
import { searchEverywhere } from './search-everywhere.ts';
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
  '': { GET: (world, statements, exchange) => searchEverywhere(world, statements, exchange) },
  '.search': { POST: (world, statements, exchange) => searchEverywhere(world, statements, exchange) },
  Bulk: { POST: (world, statements, exchange) => runBulk(world, statements, exchange, findRoute) },
  ServiceProviderConfig: { GET: (world, _, exchange) => getServiceProviderConfig(world, exchange) },
  Schemas: { GET: (_, __, exchange) => getSchemas(exchange, undefined) },
  'Schemas/{id}': { GET: (_, __, exchange, urn) => getSchemas(exchange, urn) },
  ResourceTypes: { GET: (_, __, exchange) => getResourceTypes(exchange, undefined) },
  'ResourceTypes/{id}': { GET: (_, __, exchange, name) => getResourceTypes(exchange, name) },
};

const at = (path: string): Methods | undefined => (Object.hasOwn(routes, path) ? routes[path] : undefined);

/** An operation, with the id that its path names. */
export interface Route {
  operation: Operation;
  id: string;
}

/** Finds the operation for a method and the steps of a path. HEAD is GET. Throws 404, 405 and 501. */
export function findRoute(method: string, steps: readonly string[]): Route {
  const [first = '', second] = steps;
  const methods = at(steps.join('/')) ?? (steps.length === 2 && second !== '' ? at(`${first}/{id}`) : undefined);
  if (methods === undefined) throw unknown(first);
  const allowed = [...Object.keys(methods), ...('GET' in methods ? ['HEAD'] : []), 'OPTIONS'];
  if (method === 'OPTIONS') return { operation: () => options(allowed), id: '' };
  const name = method === 'HEAD' ? 'GET' : method;
  const operation = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (operation === undefined) throw new MethodNotAllowed(method, Object.keys(methods));
  return { operation, id: second ?? '' };
}

const options = (allowed: readonly string[]): Answer => ({
  status: 204,
  body: null,
  headers: { allow: allowed.join(', ') },
  outcome: { kind: 'read', text: 'Asked which methods there are.' },
});

/** RFC 7644 §3.11 leaves /Me to those behind whose token a person stands: 501 says that there is none, not that it is gone. */
function unknown(first: string): ScimError {
  if (first === 'Me') {
    const why = 'a Secret Token stands for a provisioning client, behind which there is no user';
    return new ScimError(501, undefined, `/Me is not possible: ${why}; use /Users with an id or a filter`);
  }
  const shown = JSON.stringify(first.slice(0, 80));
  return new ScimError(404, undefined, `there is nothing at ${shown}; the Tenant URL offers Users and Groups`);
}
