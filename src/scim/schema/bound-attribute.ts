import type { Attribute } from './attribute.ts';

/**
 * Where an attribute's values lie outside the document: in a `column` of the resource's row, as rows of the `index`
 * table, as `membership` rows, nowhere but in the document (`scan`; always case-exact), or made up at answer time
 * (`computed`).
 */
export type AttributeStorage = 'column' | 'index' | 'membership' | 'scan' | 'computed';

/** An attribute in its place in a resource type. */
export interface BoundAttribute extends Attribute {
  /** Its one canonical path: `userName`, `emails.value`, `urn:…:enterprise:2.0:User:manager.value`. */
  path: string;
  /** URN of the schema extension under whose key it sits; undefined for core and common attributes. */
  extension: string | undefined;
  parent: BoundAttribute | undefined;
  /** Sub-attributes by lower-case name. A simple multi-valued attribute has itself as `value`. */
  subs: ReadonlyMap<string, BoundAttribute>;
  storage: AttributeStorage;
  /** Which of an index entry's two texts comparisons use. */
  comparison: 'folded' | 'exact';
  /** Longest text accepted, in UTF-16 units. */
  maxLength: number;
}

/** 768 UTF-16 units are at most 2,304 bytes of UTF-8: with its keys that still fits PostgreSQL's index rows. */
const INDEXED_LENGTH = 768;
const UNINDEXED_LENGTH = 65_536;

/** Binds one attribute, and what is below it, to its place. */
export function bindAttribute(
  attribute: Attribute,
  extension: string | undefined,
  storageOf: (path: string) => AttributeStorage | undefined,
  parent?: BoundAttribute,
): BoundAttribute {
  const ownPath = extension === undefined ? attribute.name : `${extension}:${attribute.name}`;
  const path = parent === undefined ? ownPath : `${parent.path}.${attribute.name}`;
  const long = attribute.type === 'reference' || attribute.type === 'binary';
  const maxLength = attribute.maxLength ?? (long ? UNINDEXED_LENGTH : INDEXED_LENGTH);
  const subs = new Map<string, BoundAttribute>();
  const inherited = parent?.storage === 'membership' || parent?.storage === 'computed' ? parent.storage : undefined;
  const bound: BoundAttribute = {
    ...attribute,
    path,
    extension,
    parent,
    subs,
    maxLength,
    storage: storageOf(path) ?? inherited ?? (maxLength > INDEXED_LENGTH ? 'scan' : 'index'),
    comparison: isText(attribute) && !attribute.caseExact ? 'folded' : 'exact',
  };
  for (const sub of attribute.subAttributes ?? []) {
    subs.set(sub.name.toLowerCase(), bindAttribute(sub, extension, storageOf, bound));
  }
  if (bound.multiValued && bound.type !== 'complex') subs.set('value', bound);
  return bound;
}

/** Whether an attribute's values are text that `co`, `sw` and `ew` can look into. */
export function isText(attribute: Attribute): boolean {
  return attribute.type === 'string' || attribute.type === 'reference' || attribute.type === 'binary';
}
