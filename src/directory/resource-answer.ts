import {
  answerText,
  type Projection,
  type ProjectionNames,
  parseDocument,
  project,
  readProjection,
  versionTag,
} from '#scim';
import type { ResourceTypes } from './directory-types.ts';
import type { Directory } from './exchange.ts';

/** What a resource is: `User` or `Group`. */
export type TypeName = keyof ResourceTypes;

/** What of a stored row an answer is made of. */
export interface StoredResource {
  id: string;
  document: string;
  version: number;
  created_at: number;
  updated_at: number;
}

/** The address of a resource. */
const locationOf = ({ baseUrl, types }: Directory, type: TypeName, id: string): string =>
  `${baseUrl}${types[type].endpoint}/${encodeURIComponent(id)}`;

/**
 * The text that answers a resource: what is stored, completed, and parsed only where the projection leaves out some of it.
 * `spliced` is the membership attribute as JSON text.
 */
export function resourceText(
  directory: Directory,
  type: TypeName,
  row: StoredResource,
  projection: Projection,
  spliced: Readonly<Record<string, string | undefined>>,
): string {
  const text = answerText(row.document, {
    resourceType: type,
    created: row.created_at,
    lastModified: row.updated_at,
    version: row.version,
    location: locationOf(directory, type, row.id),
    spliced,
  });
  return projection.asStored ? text : JSON.stringify(project(parseDocument(text), projection, directory.types[type]));
}

/** The headers of an answer that carries one resource (RFC 7644 §3.14). */
export const resourceHeaders = (
  directory: Directory,
  type: TypeName,
  row: { id: string; version: number },
): Record<string, string> => ({
  etag: versionTag(row.version),
  location: locationOf(directory, type, row.id),
});

/** Which attributes a request for one resource asks for. */
export const projectionOf = ({ types, settings }: Directory, type: TypeName, names: ProjectionNames): Projection =>
  readProjection(names, types[type], settings);
