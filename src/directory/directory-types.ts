import type { DirectorySettings } from '#contract';
import { type Attribute, attribute, extendResourceType, GROUP_TYPE, type ResourceType, USER_TYPE } from '#scim';

/** The resource types of a directory: the core ones with its own extensions. */
export interface ResourceTypes {
  User: ResourceType;
  Group: ResourceType;
}

/** The resource types without any extension of one's own. */
export const coreTypes: ResourceTypes = { User: USER_TYPE, Group: GROUP_TYPE };

/** Lays own extensions over the core types. Throws a `TypeError` where a schema contradicts itself or another. */
export function typesWith(extensions: DirectorySettings['extensions']): ResourceTypes {
  const types = { ...coreTypes };
  for (const { resourceType, id, name, description, attributes } of extensions) {
    const schema = { id, name, description, attributes: attributes.map(declared) };
    types[resourceType] = extendResourceType(types[resourceType], schema);
  }
  return types;
}

type Declared = DirectorySettings['extensions'][number]['attributes'][number];

/** An attribute as the engine knows it; one with sub-attributes is complex, whatever its type says. */
function declared({ canonicalValues, subAttributes, type, ...rest }: Declared): Attribute {
  const subs = subAttributes.map((sub) => declared({ ...sub, multiValued: false, subAttributes: [] }));
  return attribute({
    ...rest,
    type: subs.length > 0 ? 'complex' : type,
    ...(canonicalValues.length === 0 ? {} : { canonicalValues }),
    ...(subs.length === 0 ? {} : { subAttributes: subs }),
  });
}
