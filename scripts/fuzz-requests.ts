import type { JsonObject, JsonValue, ResourceType } from '#scim';
import { filterOf, patchPathOf, pathOf } from './fuzz-grammar.ts';
import type { Random } from './fuzz-random.ts';
import { anyAttribute, anyCase, valueFor, wildValue } from './fuzz-values.ts';

/** A request as it is sent. */
export interface FuzzRequest {
  method: string;
  /** Below the Tenant URL, with the query. */
  path: string;
  body?: string;
  headers?: Record<string, string>;
}

/** What the generator knows of the directory that it asks. */
export interface Known {
  types: { User: ResourceType; Group: ResourceType };
  users: readonly string[];
  groups: readonly string[];
  cursor: string | undefined;
}

const urn = (name: string): string => `urn:ietf:params:scim:api:messages:2.0:${name}`;
const textOf = (value: unknown): string => JSON.stringify(value).replaceAll('§proto', '__proto__');

/** The next request: by far the most get as far as the engine. */
export function nextRequest(random: Random, known: Known): FuzzRequest {
  const kinds: readonly [number, () => FuzzRequest][] = [
    [30, () => patch(random, known)],
    [10, () => create(random, known)],
    [9, () => put(random, known)],
    [27, () => list(random, known)],
    [6, () => search(random, known)],
    [7, () => one(random, known)],
    [3, () => bulk(random, known)],
    [2, () => ({ method: 'DELETE', path: target(random, known).path, headers: preconditions(random) })],
    [2, () => ({ method: 'GET', path: random.pick(discovery) })],
    [4, () => odd(random, known)],
  ];
  let left = random.next() * kinds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, make] of kinds) {
    left -= weight;
    if (left < 0) return make();
  }
  return odd(random, known);
}

interface Target {
  type: ResourceType;
  endpoint: string;
  path: string;
  ids: readonly string[];
}

function target(random: Random, { types, users, groups }: Known): Target {
  const isUser = random.chance(0.65);
  const ids = [...users.slice(-20), ...groups.slice(-5)];
  const own = isUser ? users : groups;
  const id =
    own.length === 0 || random.chance(0.03) ? random.pick(['nobody', '%00', '__proto__', 'a%2Fb']) : random.pick(own);
  const endpoint = isUser ? '/Users' : '/Groups';
  return { type: isUser ? types.User : types.Group, endpoint, path: `${endpoint}/${id}`, ids };
}

const preconditions = (random: Random): Record<string, string> => {
  if (random.chance(0.9)) return {};
  const tag = random.pick(['*', 'W/"1"', '"2", W/"3"', 'nonsense', '']);
  return random.chance(0.5) ? { 'if-match': tag } : { 'if-none-match': tag };
};

function patch(random: Random, known: Known): FuzzRequest {
  const { type, path, ids } = target(random, known);
  const body = textOf(patchBody(random, type, ids));
  return { method: 'PATCH', path: path + projection(random, type, 0.15), body, headers: preconditions(random) };
}

function patchBody(random: Random, type: ResourceType, ids: readonly string[]): JsonValue {
  const operations = random.many(random.chance(0.03) ? 0 : 1, 3, () => operation(random, type, ids));
  const schemas = random.chance(0.97) ? [urn('PatchOp')] : random.pick([[], null, [urn('Nonsense')], 'x']);
  return random.chance(0.01) ? wildValue(random) : { schemas, [anyCase(random, 'Operations')]: operations };
}

function operation(random: Random, type: ResourceType, ids: readonly string[]): JsonValue {
  if (random.chance(0.01)) return wildValue(random);
  const op = random.chance(0.98) ? random.pick(['add', 'replace', 'remove', 'Add', 'Replace']) : 'move';
  if (random.chance(0.25)) {
    const entries = random.many(1, 4, () => pair(random, type, ids, 0.5));
    return { op: op === 'remove' && random.chance(0.9) ? 'replace' : op, value: Object.fromEntries(entries) };
  }
  const path = patchPathOf(random, type, ids);
  if (/^remove$/i.test(op) && random.chance(0.7)) return { op, path };
  const named = [...type.byPath].find(([name]) => name === path.replace(/\[.*\]/s, '').toLowerCase())?.[1];
  const attribute = named ?? anyAttribute(random, type);
  const isElement = path.endsWith(']');
  const value = valueFor(random, attribute, ids);
  return {
    op,
    path: random.chance(0.01) ? 7 : path,
    value: isElement && Array.isArray(value) ? (value[0] ?? null) : value,
  };
}

function pair(random: Random, type: ResourceType, ids: readonly string[], deep: number): [string, JsonValue] {
  if (random.chance(0.04))
    return [random.pick(['§proto', 'constructor', 'nonsense', 'emails[', 'a b', 'name.']), wildValue(random)];
  const [extension] = type.extensions.length > 0 && random.chance(0.15) ? [random.pick(type.extensions)] : [];
  if (extension !== undefined) {
    const own = type.attributes.filter((each) => each.extension === extension.schema.id);
    const inner = random.many(0, 3, () => random.pick(own)).map((each) => [each.name, valueFor(random, each, ids)]);
    return [extension.schema.id, random.chance(0.05) ? random.pick([null, [], '', 7]) : Object.fromEntries(inner)];
  }
  const attribute = random.chance(deep) ? anyAttribute(random, type) : random.pick(type.attributes);
  return [anyCase(random, pathOf(random, type)(attribute)), valueFor(random, attribute, ids)];
}

let fresh = 0;
function resource(random: Random, type: ResourceType, ids: readonly string[]): JsonObject {
  const name = type.name === 'User' ? 'userName' : 'displayName';
  const own: JsonObject = Object.fromEntries(random.many(0, 7, () => pair(random, type, ids, 0)));
  const urns = [type.schema.id, ...(random.chance(0.2) ? type.extensions.map(({ schema }) => schema.id) : [])];
  return {
    schemas: random.chance(0.96) ? urns : random.pick([[], ['urn:x'], 'x', null]),
    ...own,
    ...(random.chance(0.95)
      ? { [name]: random.chance(0.93) ? `fuzz-${++fresh}` : random.pick(['fuzz-1', '', ' ', 7]) }
      : {}),
  };
}

function create(random: Random, known: Known): FuzzRequest {
  const { type, endpoint, ids } = target(random, known);
  return { method: 'POST', path: endpoint + projection(random, type, 0.15), body: textOf(resource(random, type, ids)) };
}

function put(random: Random, known: Known): FuzzRequest {
  const { type, path, ids } = target(random, known);
  const body = textOf(resource(random, type, ids));
  return { method: 'PUT', path: path + projection(random, type, 0.15), body, headers: preconditions(random) };
}

function names(random: Random, type: ResourceType): string {
  const name = () =>
    random.chance(0.06)
      ? random.pick(['nonsense', '§proto', '', type.schema.id, ...type.extensions.map(({ schema }) => schema.id)])
      : pathOf(random, type)(anyAttribute(random, type));
  return random.many(1, 3, name).join(',');
}

function projection(random: Random, type: ResourceType, probability: number): string {
  if (!random.chance(probability)) return '';
  const parameter = random.chance(0.5) ? 'attributes' : 'excludedAttributes';
  return `?${parameter}=${encodeURIComponent(names(random, type).toWellFormed())}`;
}

/** What a list is asked for, as names and values. */
function question(random: Random, known: Known, type: ResourceType, ids: readonly string[]): [string, string][] {
  const asked: [string, string][] = [];
  if (random.chance(0.75)) asked.push(['filter', filterOf(random, type, ids)]);
  if (random.chance(0.2)) asked.push(['sortBy', pathOf(random, type)(anyAttribute(random, type))]);
  if (random.chance(0.12)) asked.push(['sortOrder', random.pick(['ascending', 'descending', 'Descending', 'upwards'])]);
  if (random.chance(0.3)) asked.push(['count', random.pick(['0', '1', '5', '100', '5000', '-1', 'many', '1.5', ''])]);
  if (random.chance(0.12)) asked.push(['cursor', random.pick(['', '', known.cursor ?? '', 'nonsense', 'AAAA'])]);
  else if (random.chance(0.2))
    asked.push(['startIndex', random.pick(['0', '1', '3', '1000000', '-7', 'x', '9'.repeat(30)])]);
  if (random.chance(0.25)) asked.push(['attributes', names(random, type)]);
  else if (random.chance(0.1)) asked.push(['excludedAttributes', names(random, type)]);
  return asked;
}

function list(random: Random, known: Known): FuzzRequest {
  const { type, endpoint, ids } = target(random, known);
  const query = question(random, known, type, ids).map(
    ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`,
  );
  const place = random.chance(0.12) ? '' : endpoint;
  return {
    method: random.chance(0.98) ? 'GET' : 'HEAD',
    path: `${place}${query.length > 0 ? `?${query.join('&')}` : ''}`,
  };
}

function search(random: Random, known: Known): FuzzRequest {
  const { type, endpoint, ids } = target(random, known);
  const asked = question(random, known, type, ids).map(([name, value]): [string, JsonValue] => {
    if (name === 'count' || name === 'startIndex') return [name, random.chance(0.7) ? Number(value) : value];
    return name.endsWith('ttributes') ? [name, value.split(',')] : [anyCase(random, name), value];
  });
  const schemas = random.chance(0.97) ? [urn('SearchRequest')] : [];
  const body = textOf(
    random.chance(0.02)
      ? wildValue(random)
      : { schemas, ...Object.fromEntries(asked), ...(random.chance(0.03) ? { filter: 7 } : {}) },
  );
  return { method: 'POST', path: `${random.chance(0.15) ? '' : endpoint}/.search`, body };
}

function one(random: Random, known: Known): FuzzRequest {
  const { type, path } = target(random, known);
  return { method: 'GET', path: path + projection(random, type, 0.6), headers: preconditions(random) };
}

function bulk(random: Random, known: Known): FuzzRequest {
  const operations = random.many(0, 6, () => {
    const { type, endpoint, path, ids } = target(random, known);
    const method = random.pick(['POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'Patch']);
    const place = method === 'POST' ? endpoint : random.chance(0.15) ? `${endpoint}/bulkId:a` : path;
    const referring = [...ids, 'bulkId:a', 'bulkId:b'];
    const data = /patch/i.test(method) ? patchBody(random, type, referring) : resource(random, type, referring);
    const full: JsonObject = {
      method,
      path: place,
      bulkId: random.pick(['a', 'b', 'c', 'd']),
      ...(method === 'DELETE' ? {} : { data }),
    };
    if (random.chance(0.1)) full['version'] = random.pick(['W/"1"', '1', '*', 7]);
    if (random.chance(0.06)) delete full[random.pick(['method', 'path', 'bulkId', 'data'])];
    return random.chance(0.02) ? wildValue(random) : full;
  });
  const more = random.chance(0.3) ? { failOnErrors: random.pick([1, 2, 0, '1', null]) } : {};
  const schemas = random.chance(0.97) ? [urn('BulkRequest')] : [];
  return { method: 'POST', path: '/Bulk', body: textOf({ schemas, ...more, Operations: operations }) };
}

const discovery: readonly string[] = [
  '/Schemas',
  '/ResourceTypes',
  '/ServiceProviderConfig',
  '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
  '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Schema',
  '/Schemas/nonsense',
  '/ResourceTypes/group',
  '/ResourceTypes/x',
  '/Schemas?filter=id%20pr',
];

/** What no client sends on purpose. */
function odd(random: Random, known: Known): FuzzRequest {
  const { endpoint, path, type, ids } = target(random, known);
  const whole = textOf(resource(random, type, ids));
  const bodies: readonly (() => string)[] = [
    () => whole.slice(0, random.below(whole.length)),
    () => '['.repeat(random.pick([40, 5000])),
    () =>
      `{"schemas":["${type.schema.id}"],"userName":"a","userName":"deep-${++fresh}","name":${'{"x":'.repeat(3000)}1${'}'.repeat(3000)}}`,
    () => whole.replace('{', '{"schemas":[],"userName":"first","__proto__":{"active":false},'),
    () =>
      textOf({
        ...resource(random, type, ids),
        members: Array.from({ length: 3000 }, (_, index) => ({ value: `m${index}` })),
      }),
    () =>
      textOf({
        ...resource(random, type, ids),
        emails: Array.from({ length: 600 }, (_, index) => ({ value: `m${index}` })),
      }),
    () => '\ufeff{}',
    () => random.pick(['null', '7', '"x"', '[]', '{}', '']),
    () => textOf(wildValue(random)),
  ];
  if (random.chance(0.7)) {
    const headers: Record<string, string> = random.chance(0.2)
      ? { 'content-type': random.pick(['text/plain', 'application/json; charset=utf-8', 'application/SCIM+JSON']) }
      : {};
    const [method, place] = random.pick([
      ['POST', endpoint],
      ['PUT', path],
      ['PATCH', path],
      ['POST', '/Bulk'],
      ['POST', '/.search'],
    ] as const);
    return { method, path: place, body: random.pick(bodies)(), headers };
  }
  const place = random.pick([
    '/Me',
    '/Nonsense',
    '/Users//',
    '/Users/a/b',
    '//',
    '/v2/Users',
    '/%zz',
    '/Users/.search',
    '/Bulk',
    `${path}/`,
    '/constructor',
  ]);
  return { method: random.pick(['GET', 'DELETE', 'OPTIONS', 'HEAD', 'PURGE']), path: place };
}
