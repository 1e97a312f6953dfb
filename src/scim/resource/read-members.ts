import { isObject, type JsonObject, type JsonValue, kindOf, own } from '../json.ts';
import { badRequest } from '../scim-error.ts';
import { idOfReference } from './shape-element.ts';

/** A member of a group as a client names it. Whether it exists is not asked here: dangling ones are kept. */
export interface Member {
  /** The member's id. */
  value: string;
  /** `User` or `Group`, if the client said so or its `$ref` shows it. */
  type?: 'User' | 'Group';
}

const MAX_LENGTH = 768;

/**
 * Reads members in any form: objects (`$ref: null` tolerated), plain ids, one without its array; each id once.
 * Made for 100,000 of them. Throws 400 `invalidValue` naming the place.
 */
export function readMembers(raw: JsonValue, where: string, strict: boolean): Member[] {
  const members = new Map<string, Member>();
  const list = Array.isArray(raw) ? raw : [raw];
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (item === null || item === undefined || item === '') continue;
    const member = readMember(item, Array.isArray(raw) ? `${where}[${i}]` : where, strict);
    members.set(member.value, member);
  }
  return [...members.values()];
}

function readMember(raw: JsonValue, where: string, strict: boolean): Member {
  if (typeof raw === 'string' && !strict) return { value: readId(raw, where) };
  if (!isObject(raw)) throw badRequest('invalidValue', `${where} must be an object with a value, not ${kindOf(raw)}`);
  const reference = part(raw, '$ref');
  const value = part(raw, 'value') ?? (typeof reference === 'string' ? idOfReference(reference) : undefined);
  if (typeof value !== 'string') throw badRequest('invalidValue', `${where}.value must be the member's id, a string`);
  const type = typeOf(part(raw, 'type'), reference);
  return { value: readId(value, `${where}.value`), ...(type === undefined ? {} : { type }) };
}

function readId(id: string, where: string): string {
  if (id === '') throw badRequest('invalidValue', `${where} is empty; it must be the member's id`);
  if (id.length > MAX_LENGTH) throw badRequest('invalidValue', `${where} is longer than ${MAX_LENGTH} characters`);
  if (id.includes('\0'))
    throw badRequest('invalidValue', `${where} holds the character U+0000, which cannot be stored`);
  return id.toWellFormed();
}

function typeOf(type: JsonValue | undefined, reference: JsonValue | undefined): 'User' | 'Group' | undefined {
  const said = typeof type === 'string' ? type.toLowerCase() : undefined;
  if (said === 'user') return 'User';
  if (said === 'group') return 'Group';
  if (typeof reference !== 'string') return undefined;
  if (/\/Groups\/[^/]+$/i.test(reference)) return 'Group';
  return /\/Users\/[^/]+$/i.test(reference) ? 'User' : undefined;
}

function part(object: JsonObject, name: string): JsonValue | undefined {
  const exact = own(object, name);
  if (exact !== undefined) return exact ?? undefined;
  const spelling = Object.keys(object).find((key) => key.toLowerCase() === name);
  return spelling === undefined ? undefined : (own(object, spelling) ?? undefined);
}
