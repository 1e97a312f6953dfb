import { isObject, type JsonObject, type JsonValue, own, sameJson } from '../json.ts';

/** One thing that is different: a path as in a PATCH, and its values; `before` or `after` is missing where there was none. */
export interface Change {
  path: string;
  before?: JsonValue;
  after?: JsonValue;
}

const REDACTED = '[redacted]';

/**
 * What is different between two states of a resource, in readable paths: `name.familyName`,
 * `emails[type eq "work"].value`. `schemas` and `meta` are left out, since they follow from the rest; a password shows as "[redacted]".
 */
export function difference(before: JsonObject, after: JsonObject): Change[] {
  const changes: Change[] = [];
  for (const name of namesOf(before, after)) {
    if (name === 'schemas' || name === 'meta') continue;
    // A key of the first level that is a URN holds an extension, whose attributes follow a colon.
    compare(name, own(before, name), own(after, name), changes, name.toLowerCase().startsWith('urn:') ? ':' : '.');
  }
  return changes;
}

function compare(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  changes: Change[],
  separator = '.',
): void {
  if (sameJson(before, after)) return;
  if (Array.isArray(before) || Array.isArray(after)) {
    compareElements(path, asList(before), asList(after), changes);
  } else if ((isObject(before) || before === undefined) && (isObject(after) || after === undefined)) {
    for (const name of namesOf(before ?? {}, after ?? {})) {
      compare(`${path}${separator}${name}`, own(before ?? {}, name), own(after ?? {}, name), changes);
    }
  } else {
    changes.push(change(path, before, after));
  }
}

/** Elements are told apart by what one would write in the brackets of a path: type if that is unique, else value. */
function compareElements(path: string, before: JsonValue[], after: JsonValue[], changes: Change[]): void {
  const name = ['type', 'value'].find((each) => isUnique(before, each) && isUnique(after, each));
  if (name === undefined) {
    changes.push(change(path, before.length > 0 ? before : undefined, after.length > 0 ? after : undefined));
    return;
  }
  const old = keyed(before, name);
  const now = keyed(after, name);
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const place = `${path}[${name} eq ${key}]`;
    const [was, is] = [old.get(key), now.get(key)];
    if (was === undefined || is === undefined) changes.push(change(place, was, is));
    else compare(place, was, is, changes);
  }
}

function change(path: string, before: JsonValue | undefined, after: JsonValue | undefined): Change {
  const hidden = /(?:^|[.:])password$/i.test(path);
  return {
    path,
    ...(before === undefined ? {} : { before: hidden ? REDACTED : before }),
    ...(after === undefined ? {} : { after: hidden ? REDACTED : after }),
  };
}

function isUnique(elements: readonly JsonValue[], name: string): boolean {
  const keys = new Set(elements.map((element) => (isObject(element) ? own(element, name) : undefined)));
  return keys.size === elements.length && !keys.has(undefined);
}

function keyed(elements: readonly JsonValue[], name: string): Map<string, JsonValue> {
  return new Map(elements.map((each) => [JSON.stringify(isObject(each) ? own(each, name) : null), each]));
}

function namesOf(before: JsonObject, after: JsonObject): Set<string> {
  return new Set([...Object.keys(before), ...Object.keys(after)]);
}

function asList(value: JsonValue | undefined): JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
