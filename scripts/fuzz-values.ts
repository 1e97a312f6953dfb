import type { BoundAttribute, JsonObject, JsonValue, ResourceType } from '#scim';
import type { Random } from './fuzz-random.ts';

/** Texts that have tripped somebody up: scripts, folding, surrogates, quotes, what looks like something else. */
const texts: readonly string[] = [
  'a',
  'B',
  'work',
  'home',
  'x@y.example',
  'Ümläut',
  'İstanbul',
  'ΌΔΥΣΣΕΎΣ',
  'ß',
  '\u{1f600}',
  '\ud800',
  'e\u0301',
  'quo"te',
  'back\\slash',
  "o'neil",
  'True',
  'false',
  'null',
  '0',
  '1e3',
  '',
  ' ',
  'a\tb',
  'a\u0000b',
  '__proto__',
  'constructor',
  'urn:x',
  '{"id":"1","value":"25","displayName":"Role"}',
  '{"broken',
  'https://host.example/scim/v2/d/Users/7',
  'https://host.example/Groups/%zz',
  'bulkId:a',
  'x'.repeat(769),
  'x'.repeat(70_000),
];
const dates: readonly string[] = [
  '2026-01-31T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2015-10-10T14:38:21-07:00',
  '2026-01-31',
  '2026-01-31T12:00:00.123456789+0200',
  '9999-12-31T23:59:59.999-12:00',
  'yesterday',
];
const numbers: readonly JsonValue[] = [
  0,
  1,
  -1,
  1.5,
  7,
  1e300,
  -0.0001,
  9_007_199_254_740_992,
  '77',
  '1.5',
  'seven',
  ' ',
];

/** Any JSON, a few levels deep. */
export function wildValue(random: Random, depth = 0): JsonValue {
  const kind = random.below(depth > 3 ? 4 : 7);
  if (kind === 0) return null;
  if (kind === 1) return random.chance(0.5);
  if (kind === 2) return random.pick(numbers);
  if (kind === 3) return random.pick(texts);
  if (kind === 4) return random.many(0, 4, () => wildValue(random, depth + 1));
  return Object.fromEntries(random.many(0, 4, () => [random.pick(keys), wildValue(random, depth + 1)]));
}

const keys: readonly string[] = [
  'value',
  'type',
  'primary',
  '$ref',
  'display',
  'displayName',
  'Value',
  'TYPE',
  'x',
  '§proto',
  'toString',
  'familyName',
];

/** A value for an attribute: mostly of its type, now and then in a form that only a lenient directory takes, or wild. */
export function valueFor(random: Random, attribute: BoundAttribute, ids: readonly string[]): JsonValue {
  if (random.chance(0.06)) return wildValue(random);
  if (random.chance(0.04)) return random.pick([null, '', [], {}]);
  if (!attribute.multiValued) return oneFor(random, attribute, ids);
  if (random.chance(0.1)) return oneFor(random, attribute, ids);
  return random.many(0, 3, () => (random.chance(0.03) ? null : oneFor(random, attribute, ids)));
}

function oneFor(random: Random, attribute: BoundAttribute, ids: readonly string[]): JsonValue {
  if (attribute.type !== 'complex') return simpleFor(random, attribute, ids);
  if (random.chance(0.08)) return random.pick([...ids, ...texts]);
  const object: JsonObject = {};
  for (const sub of attribute.subs.values()) {
    if (random.chance(sub.name === 'value' ? 0.85 : 0.5)) {
      const value = random.chance(0.05) ? wildValue(random) : simpleFor(random, sub, ids);
      object[anyCase(random, sub.name)] = sub.name === '$ref' && random.chance(0.5) ? null : value;
    }
  }
  if (random.chance(0.05)) object['displayName'] = 'Display';
  if (random.chance(0.05)) object[random.pick(keys)] = wildValue(random);
  return random.chance(0.03) ? [object] : object;
}

function simpleFor(random: Random, attribute: BoundAttribute, ids: readonly string[]): JsonValue {
  switch (attribute.type) {
    case 'boolean':
      return random.chance(0.75) ? random.chance(0.5) : random.pick(['True', 'FALSE', 'yes', 1, '']);
    case 'integer':
    case 'decimal':
      return random.pick(numbers);
    case 'dateTime':
      return random.pick(dates);
    case 'binary':
      return random.pick(['AAEC', 'AAE', '!', '']);
    default:
      if (attribute.canonicalValues !== undefined && random.chance(0.8)) return random.pick(attribute.canonicalValues);
      if (attribute.name === 'value' && random.chance(0.4) && ids.length > 0) return random.pick(ids);
      return random.chance(0.9) ? random.pick(texts.slice(0, 20)) : random.pick(texts);
  }
}

/** A name as clients may write it: attribute names have no case. */
export function anyCase(random: Random, name: string): string {
  if (random.chance(0.85)) return name;
  return random.chance(0.5) ? name.toUpperCase() : name.charAt(0).toUpperCase() + name.slice(1);
}

/** Any attribute of a type, sub-attributes among them. */
export const anyAttribute = (random: Random, type: ResourceType): BoundAttribute => {
  const attribute = random.pick(type.attributes);
  const subs = [...attribute.subs.values()].filter((sub) => sub !== attribute);
  return subs.length > 0 && random.chance(0.5) ? random.pick(subs) : attribute;
};

/** A comparison's right side, mostly fit for the attribute. */
export function literalFor(random: Random, attribute: BoundAttribute, ids: readonly string[]): string {
  const value = random.chance(0.1) ? random.pick([null, true, 7, 'x', '']) : simpleFor(random, attribute, ids);
  if (typeof value === 'string' && random.chance(0.06)) return value.replaceAll(/[\s"()[\]]/g, '') || 'bare';
  return JSON.stringify(value ?? null).slice(0, 2000);
}
