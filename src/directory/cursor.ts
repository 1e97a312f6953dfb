import { createHash } from 'node:crypto';
import { type ListQuery, printFilter, ScimError } from '#scim';
import type { Directory } from './exchange.ts';
import type { TypeName } from './resource-answer.ts';

/** A place between two resources in the order of a list: behind that resource, or before it. */
export interface Position {
  type: TypeName;
  id: string;
  /** What the resource is sorted by; null where it has no value, or nothing is sorted. */
  key: string | number | null;
}

/** What a cursor says: where to go on, and which way. */
export interface Cursor {
  position: Position;
  backwards: boolean;
}

/**
 * A cursor (RFC 9865 §2): the position itself, so that any page costs what the first one does, nothing is kept here, and it
 * never expires. It is no secret: only what the query would find anyway can be reached by it. It bears a check so that one
 * of another directory or another query, or one that was cut off, is told apart.
 */
export function cursorText(cursor: Cursor, directory: Directory, types: readonly TypeName[], query: ListQuery): string {
  const { position, backwards } = cursor;
  const said = JSON.stringify([backwards ? 1 : 0, query.count, position.type, position.id, position.key]);
  return Buffer.from(checkOf(said, directory, types, query) + said).toString('base64url');
}

/** Reads a cursor that a client brings back. Throws 400 `invalidCursor`, or `invalidCount` where the size of the pages changed. */
export function readCursor(text: string, directory: Directory, types: readonly TypeName[], query: ListQuery): Cursor {
  const bytes = Buffer.from(text, 'base64url');
  const whole = bytes.toString();
  const said = whole.slice(checkLength);
  // The size is part of what is said, so that a change of it can be named.
  if (bytes.toString('base64url') !== text || whole.slice(0, checkLength) !== checkOf(said, directory, types, query)) {
    throw new ScimError(
      400,
      'invalidCursor',
      'the cursor is none that was given for this query; repeat the query of the first page with nextCursor as it came, or begin with an empty cursor',
    );
  }
  const [backwards, count, type, id, key] = JSON.parse(said) as [number, number, TypeName, string, Position['key']];
  if (count !== query.count) {
    throw new ScimError(
      400,
      'invalidCount',
      `count was ${count} on the page before and must stay so; it is ${query.count}`,
    );
  }
  return { position: { type, id, key }, backwards: backwards === 1 };
}

const checkLength = 16;

function checkOf(said: string, directory: Directory, types: readonly TypeName[], query: ListQuery): string {
  const { filter, sortBy, sortOrder, attributes, excludedAttributes } = query;
  const asked = [filter === undefined ? null : printFilter(filter), sortBy, sortOrder, attributes, excludedAttributes];
  const text = JSON.stringify([directory.id, types, asked, said]);
  return createHash('sha256').update(text).digest('base64url').slice(0, checkLength);
}
