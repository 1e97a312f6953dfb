import type { DirectorySettings } from '#contract';
import {
  applyPatch,
  attribute,
  extendResourceType,
  GROUP_TYPE,
  indexEntries,
  type JsonObject,
  matches,
  planGroupPatch,
  printFilter,
  project,
  type ResourceType,
  readListQuery,
  readProjection,
  readResource,
  redactPasswords,
  replaceResource,
  resolveFilter,
  resolveSort,
  ScimError,
  USER_TYPE,
} from '#scim';
import { filterOf, patchPathOf, pathOf } from './fuzz-grammar.ts';
import type { Random } from './fuzz-random.ts';
import { anyAttribute, valueFor, wildValue } from './fuzz-values.ts';

/** Characteristics that no schema of the service has, but the engine knows (RFC 7643 §7). */
const contract = {
  id: 'urn:example:schemas:3.0:Contract',
  name: 'Contract',
  description: '',
  attributes: [
    attribute({ name: 'number', description: '', mutability: 'immutable' }),
    attribute({ name: 'secret', description: '', returned: 'request' }),
    attribute({ name: 'always', description: '', returned: 'always' }),
    attribute({
      name: 'parties',
      description: '',
      multiValued: true,
      subAttributes: [
        attribute({ name: 'value', description: '', required: true }),
        attribute({ name: 'role', description: '', mutability: 'immutable' }),
        attribute({ name: 'note', description: '', returned: 'request' }),
      ],
    }),
    attribute({
      name: 'place',
      description: '',
      subAttributes: [
        attribute({ name: 'country', description: '', mutability: 'immutable' }),
        attribute({ name: 'city', description: '', required: true }),
      ],
    }),
  ],
};
const kept = {
  ...contract,
  id: 'urn:example:schemas:3.0:Kept',
  attributes: [attribute({ name: 'old', description: '', retired: true })],
};

/** The types of a directory that declares these extensions of users. */
export function typesOf(extensions: DirectorySettings['extensions']): { User: ResourceType; Group: ResourceType } {
  let User = USER_TYPE;
  for (const { attributes, ...extension } of extensions) {
    const declared = attributes.map(({ canonicalValues: _, subAttributes, type, ...each }) => {
      const subs = subAttributes.map(({ canonicalValues: __, ...sub }) => attribute(sub));
      return attribute({ ...each, type, ...(subs.length > 0 ? { subAttributes: subs } : {}) });
    });
    User = extendResourceType(User, { ...extension, attributes: declared });
  }
  return { User, Group: GROUP_TYPE };
}

/**
 * Asks the engine itself, without a door, what only other schemas than the service's own can bring up: immutable, required and
 * hidden parts, a required extension. Whatever it is given, it answers or throws a `ScimError`.
 */
export function fuzzEngine(
  random: Random,
  rounds: number,
  own: { User: ResourceType; Group: ResourceType },
  onFault: (fault: string) => void,
): void {
  const known = [
    extendResourceType(extendResourceType(own.User, contract), kept, { retired: true }),
    extendResourceType(USER_TYPE, contract, { required: true }),
    GROUP_TYPE,
  ];
  for (let round = 0; round < rounds; round++) {
    const type = random.pick(known);
    try {
      ask(random, type, { strict: random.chance(0.3) });
    } catch (error) {
      if (!(error instanceof ScimError))
        onFault(`engine, round ${round}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
}

function ask(random: Random, type: ResourceType, { strict }: { strict: boolean }): void {
  const options = { resourceType: type, strict };
  const some = (): JsonObject => {
    const entries = random
      .many(1, 8, () => random.pick(type.attributes))
      .map((each) => {
        const value = valueFor(random, each, ['m']);
        return each.extension === undefined ? [each.name, value] : [each.extension, { [each.name]: value, city: 'x' }];
      });
    return { schemas: [type.schema.id], ...Object.fromEntries(entries), userName: 'u', displayName: 'd' };
  };
  const { resource } = readResource(some(), type, { strict: false });
  const operation = () => {
    const path = patchPathOf(random, type, ['m']).replaceAll('§proto', '__proto__');
    const op = random.pick(['add', 'replace', 'remove'] as const);
    const value = valueFor(random, anyAttribute(random, type), ['m']);
    return { op, where: 'here', ...(random.chance(0.9) ? { path } : {}), ...(random.chance(0.8) ? { value } : {}) };
  };
  const kind = random.below(5);
  if (kind === 0) {
    const { attributes } = planGroupPatch(random.many(1, 3, operation), options);
    applyPatch(resource, attributes, options);
  } else if (kind === 1) {
    replaceResource(resource, readResource(some(), type, { strict }).resource, type);
  } else if (kind === 2) {
    const names = random.many(1, 3, () => pathOf(random, type)(anyAttribute(random, type)));
    const asked = random.chance(0.5) ? { attributes: names } : { excludedAttributes: names };
    project(resource, readProjection(asked, type, { strict }), type);
  } else if (kind === 3) {
    const parameters = new URLSearchParams({ filter: filterOf(random, type, ['m']) });
    const { filter } = readListQuery(parameters, { defaultCount: 1, maxCount: 1, strict });
    if (filter === undefined) return;
    const unknown = random.chance(0.5) ? 'absent' : 'refuse';
    const found = matches(resolveFilter(filter, type, { strict, unknown }), resource);
    const printed = readListQuery(new URLSearchParams({ filter: printFilter(filter) }), {
      defaultCount: 1,
      maxCount: 1,
    });
    if (printed.filter === undefined || matches(resolveFilter(printed.filter, type, { unknown }), resource) !== found) {
      throw new Error(`printed, it finds something else: ${printFilter(filter)}`);
    }
  } else {
    indexEntries(resource, type);
    redactPasswords(wildValue(random));
    resolveSort(pathOf(random, type)(anyAttribute(random, type)), type, strict);
  }
}
