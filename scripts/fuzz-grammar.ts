import type { BoundAttribute, ResourceType } from '#scim';
import type { Random } from './fuzz-random.ts';
import { anyAttribute, anyCase, literalFor } from './fuzz-values.ts';

const operators: readonly string[] = ['eq', 'eq', 'eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const broken: readonly string[] = [
  'userName eq',
  '(userName eq "x"',
  'userName eq "x")',
  'userName is "x"',
  'emails[type eq "work"',
  'emails[emails[type eq "x"]]',
  'not userName pr',
  'and',
  '"x" eq userName',
  'userName eq "\\x"',
  'userName eq "a\\u0000"',
  'userName eq "unclosed',
  'userName eq a\u0000b',
  'userName[value eq "x"]',
  'nonsense eq "x"',
  'meta.location eq "x"',
  'password eq "x"',
  'active gt true',
  'name eq "x"',
  'emails.nonsense pr',
  'emails[nonsense eq "x"]',
  `${'('.repeat(60)}id pr${')'.repeat(60)}`,
  Array.from({ length: 260 }, () => 'id pr').join(' or '),
  'x'.repeat(17_000),
];

/** A filter by the grammar of RFC 7644 §3.4.2.2 over the attributes of a type; now and then one that is none. */
export function filterOf(random: Random, type: ResourceType, ids: readonly string[], depth = 0): string {
  if (depth === 0 && random.chance(0.08)) return random.pick(broken);
  const kind = random.below(depth > 3 ? 5 : 10);
  if (kind >= 8) {
    const terms = random.many(2, 3, () => filterOf(random, type, ids, depth + 1));
    const joined = terms.join(random.pick([' and ', ' or ', ' AND ']));
    return depth > 0 || random.chance(0.3) ? `(${joined})` : joined;
  }
  if (kind === 7) return `${random.pick(['not', 'NOT'])} (${filterOf(random, type, ids, depth + 1)})`;
  if (kind === 5 || kind === 6) return valuePath(random, type, ids);
  return comparison(random, anyAttribute(random, type), pathOf(random, type), ids);
}

function valuePath(random: Random, type: ResourceType, ids: readonly string[]): string {
  const attribute = random.pick(type.attributes.filter(({ subs }) => subs.size > 0));
  const inner = elementFilter(random, attribute, ids);
  const path = `${attribute.path}[${inner}]`;
  const sub = random.pick([...attribute.subs.values()]);
  return random.chance(0.3) ? `${path}.${comparison(random, sub, () => sub.name, ids)}` : path;
}

/** What may stand in brackets behind a multi-valued attribute. */
function elementFilter(random: Random, attribute: BoundAttribute, ids: readonly string[]): string {
  const subs = [...attribute.subs.values()];
  const one = () => {
    const sub = random.pick(subs);
    return comparison(random, sub, () => (sub === attribute ? 'value' : sub.name), ids);
  };
  const terms = random.many(1, 2, one).join(random.pick([' and ', ' and ', ' or ']));
  return random.chance(0.08) ? `not (${terms})` : terms;
}

function comparison(
  random: Random,
  attribute: BoundAttribute,
  name: (attribute: BoundAttribute) => string,
  ids: readonly string[],
): string {
  const path = anyCase(random, name(attribute));
  if (random.chance(0.12)) return `${path} pr`;
  const usual = attribute.type === 'boolean' || attribute.type === 'complex' ? ['eq', 'ne'] : operators;
  const dated = attribute.type === 'dateTime' ? ['eq', 'gt', 'ge', 'lt', 'le'] : usual;
  const operator = random.chance(0.95) ? random.pick(dated) : random.pick(operators);
  return `${path} ${operator} ${literalFor(random, attribute, ids)}`;
}

/** Spells an attribute: bare, or with the schema's URN before it. */
export const pathOf =
  (random: Random, type: ResourceType) =>
  (attribute: BoundAttribute): string => {
    if (attribute.extension !== undefined && random.chance(0.1))
      return attribute.path.slice(attribute.extension.length + 1);
    return attribute.extension === undefined && random.chance(0.08)
      ? `${type.schema.id}:${attribute.path}`
      : attribute.path;
  };

/** The path of a PATCH operation. */
export function patchPathOf(random: Random, type: ResourceType, ids: readonly string[]): string {
  if (random.chance(0.06)) {
    return random.pick([
      '',
      '[',
      'a[b',
      'emails[type eq "work"',
      'nonsense',
      'name.nonsense',
      'emails[type eq "x"].nonsense',
      'userName[value eq "x"]',
      '§proto',
      'constructor',
      'emails]',
      'emails[type eq "a"]x',
      '"x"',
      'name familyName',
      'x'.repeat(5000),
      type.schema.id,
      `${type.schema.id}:nonsense`,
    ]);
  }
  const attribute = anyAttribute(random, type);
  const root = attribute.parent ?? attribute;
  if (root.multiValued && random.chance(0.6)) {
    const filtered = `${pathOf(random, type)(root)}[${elementFilter(random, root, ids)}]`;
    return attribute === root ? filtered : `${filtered}.${anyCase(random, attribute.name)}`;
  }
  if (random.chance(0.04)) return random.pick([type.schema.id, ...type.extensions.map(({ schema }) => schema.id)]);
  return anyCase(random, pathOf(random, type)(attribute));
}
