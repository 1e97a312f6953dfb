import type { JsonObject } from '../json.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { withSchemas } from './with-schemas.ts';

/** What an answer has beyond the stored text, all from columns and configuration. Times are epoch milliseconds. */
export interface AnswerParts {
  resourceType: string;
  created: number;
  lastModified: number;
  version: number;
  location: string;
  /** Further attributes as JSON text, such as `members` or `groups`; left out where undefined. */
  spliced?: Readonly<Record<string, string | undefined>>;
}

/**
 * The text that is stored for a resource: the answer itself, without `meta` and without members and groups, which change
 * without the document changing. `schemas` and `id` come first.
 */
export function documentText(resource: JsonObject, resourceType: ResourceType): string {
  const { meta: _, ...document } = withSchemas(resource, resourceType);
  for (const attribute of resourceType.attributes) {
    if (attribute.storage === 'membership') delete document[attribute.name];
  }
  return JSON.stringify(document);
}

/** Completes a stored text to the answer without parsing it. */
export function answerText(text: string, parts: AnswerParts): string {
  const { resourceType, created, lastModified, version, location, spliced = {} } = parts;
  let answer = text.slice(0, -1);
  for (const [name, value] of Object.entries(spliced)) {
    if (value !== undefined) answer += `,${JSON.stringify(name)}:${value}`;
  }
  const meta = {
    resourceType,
    created: new Date(created).toISOString(),
    lastModified: new Date(lastModified).toISOString(),
    location,
    version: versionTag(version),
  };
  return `${answer},"meta":${JSON.stringify(meta)}}`;
}

/** Parses a text made by `documentText` or `answerText`. */
export function parseDocument(text: string): JsonObject {
  return JSON.parse(text);
}

/** The entity tag of a version (RFC 7644 §3.14): weak, since the same version may be answered in several projections. */
export function versionTag(version: number): string {
  return `W/"${version}"`;
}

/** Whether an `If-Match` or `If-None-Match` header names this version: `*`, or one of its tags, weak or strong. */
export function namesVersion(header: string, version: number): boolean {
  return header.split(',').some((tag) => {
    const text = tag.trim();
    return text === '*' || text.replace(/^W\//, '') === `"${version}"`;
  });
}
