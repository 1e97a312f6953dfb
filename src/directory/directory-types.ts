import type { DirectorySettings } from '#contract';
import { type Attribute, attribute, extendResourceType, GROUP_TYPE, type ResourceType, USER_TYPE } from '#scim';

/** The resource types of a directory: the core ones with its own extensions. */
export interface ResourceTypes {
  User: ResourceType;
  Group: ResourceType;
}

/** Own extensions as they are declared. */
export type Extensions = DirectorySettings['extensions'];
type Extension = Extensions[number];
type Declared = Extension['attributes'][number];

/** The resource types without any extension of one's own. */
export const coreTypes: ResourceTypes = { User: USER_TYPE, Group: GROUP_TYPE };

/**
 * Lays own extensions over the core types. What was declared `before` and is no longer is retired: its values stay where
 * they are, are shown and found by nobody, and are there again once it is declared again. Throws a `TypeError` where a schema
 * contradicts itself or another, or what it was before.
 */
export function typesWith(extensions: Extensions, before: Extensions): ResourceTypes {
  const types = { ...coreTypes };
  for (const extension of extensions) {
    const was = before.find((each) => isSame(each, extension));
    const left = was?.attributes.filter(({ name }) => find(extension.attributes, name) === undefined) ?? [];
    for (const each of extension.attributes) requireAlike(extension, find(was?.attributes ?? [], each.name), each);
    const attributes = [...extension.attributes.map(declared), ...left.map(retired)];
    types[extension.resourceType] = extendResourceType(types[extension.resourceType], { ...extension, attributes });
  }
  for (const was of before) {
    if (extensions.some((each) => isSame(each, was))) continue;
    const schema = { ...was, attributes: was.attributes.map(retired) };
    types[was.resourceType] = extendResourceType(types[was.resourceType], schema, { retired: true });
  }
  return types;
}

/** All that was ever declared, as it was declared last. */
export function everDeclared(before: Extensions, extensions: Extensions): Extensions {
  const kept = before.filter((was) => !extensions.some((each) => isSame(each, was)));
  const merged = extensions.map((extension) => {
    const was = before.find((each) => isSame(each, extension))?.attributes ?? [];
    const left = was.filter(({ name }) => find(extension.attributes, name) === undefined);
    return { ...extension, attributes: [...extension.attributes, ...left] };
  });
  return [...kept, ...merged];
}

const isSame = (one: Extension, other: Extension): boolean =>
  one.resourceType === other.resourceType && one.id.toLowerCase() === other.id.toLowerCase();

const find = <Named extends { name: string }>(among: readonly Named[], name: string): Named | undefined =>
  among.find((each) => each.name.toLowerCase() === name.toLowerCase());

/** Values that are stored must still be what their attribute says: sub-attributes may be added, nothing else changes. */
function requireAlike({ id }: Extension, was: Declared | undefined, is: Declared): void {
  if (was === undefined) return;
  const lost = was.subAttributes.find((sub) => {
    const now = find(is.subAttributes, sub.name);
    return now === undefined || now.type !== sub.type || now.caseExact !== sub.caseExact;
  });
  const same = was.type === is.type && was.multiValued === is.multiValued && was.caseExact === is.caseExact;
  if (same && was.name === is.name && lost === undefined) return;
  const what = lost === undefined ? is.name : `${is.name}.${lost.name}`;
  throw new TypeError(
    `${id}:${what} was declared before with another type, case or number of values, and values are stored; give it another name.`,
  );
}

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

const retired = (each: Declared): Attribute => ({ ...declared(each), retired: true });
