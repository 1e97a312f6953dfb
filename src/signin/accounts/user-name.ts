import { randomInt } from 'node:crypto';
import { type UserNameRule, userNameRules } from '#contract';
import type { PersonClaims } from '#openid';
import { reservedUserNames } from './reserved-user-names.ts';

const shortest = 2;
const longest = 36;
const mostRandom = 5;
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** What a user name is made of. */
export type UserNameClaims = Partial<
  Pick<PersonClaims, 'preferredUsername' | 'email' | 'givenName' | 'familyName' | 'objectId'>
>;

/** By which rule a connection names new accounts. */
export interface UserNaming {
  connectionId: string;
  userNameFrom: UserNameRule;
}

/** How a user name is compared: without regard to case, to how its letters are composed, and to accents of Latin letters. */
export const foldUserName = (userName: string): string =>
  userName
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFKC')
    .toLowerCase();

/**
 * S8: the user name of a person before anybody else has it, and the rule that gave it: the connection's own, or, where its
 * claims are missing or give nothing that can be a name, the next rule whose claims are there; last the object id.
 * Normalised (NFKC) to letters of any script, digits and `. _ - @ '`, 2 to `room` characters, no reserved word.
 */
export function firstUserName(
  claims: UserNameClaims,
  { connectionId, userNameFrom }: UserNaming,
  room = longest,
): { userName: string; rule: UserNameRule | 'objectId' } {
  const all = Object.keys(userNameRules) as UserNameRule[];
  const at = all.indexOf(userNameFrom);
  for (const rule of [...all.slice(at), ...all.slice(0, at)]) {
    const userName = byRule(rule, claims, connectionId, room);
    if (isPossible(userName)) return { userName, rule };
  }
  const userName = normalised(claims.objectId, room);
  return { userName: isPossible(userName) ? userName : 'person', rule: 'objectId' };
}

/** S8: the user names to try for a person, in this order: the name itself, then with a growing number of random characters, up to 5. */
export function* userNamesFor(claims: UserNameClaims, naming: UserNaming): Generator<string> {
  yield firstUserName(claims, naming).userName;
  for (let characters = 1; characters <= mostRandom; characters++) {
    const { userName } = firstUserName(claims, naming, longest - characters - 1);
    for (let attempt = 0; attempt < 3; attempt++) yield `${userName}-${random(characters)}`;
  }
}

function byRule(rule: UserNameRule, claims: UserNameClaims, connectionId: string, room: number): string {
  const localPart = claims.email?.split('@')[0];
  const fullName = [claims.givenName, claims.familyName]
    .map((it) => normalised(it, longest))
    .filter(Boolean)
    .join('.');
  switch (rule) {
    case 'preferredUsername':
      return normalised(claims.preferredUsername, room);
    case 'emailLocalPart':
      return normalised(localPart, room);
    case 'fullName':
      return normalised(fullName, room);
    case 'emailLocalPartAndConnection':
      return withConnection(normalised(localPart, longest), connectionId, room);
    case 'fullNameAndConnection':
      return withConnection(normalised(fullName, longest), connectionId, room);
  }
}

/** Both parts stay recognisable: where they are too long together, the longer one gives way first. */
function withConnection(name: string, connectionId: string, room: number): string {
  if (name === '') return '';
  const length = [...name].length;
  const half = Math.floor((room - 1) / 2);
  const forConnection = Math.min(connectionId.length, Math.max(half, room - 1 - length));
  return `${normalised(name, room - 1 - forConnection)}-${normalised(connectionId, forConnection)}`;
}

function normalised(text: string | undefined, room: number): string {
  const kept = (text ?? '').normalize('NFKC').replace(/[^\p{L}\p{M}\p{N}._@'-]+/gu, '');
  return [...kept.replace(/^[\p{M}._@'-]+/u, '')]
    .slice(0, room)
    .join('')
    .replace(/[._@'-]+$/u, '');
}

const isPossible = (name: string): boolean =>
  [...name].length >= shortest && !Object.hasOwn(reservedUserNames, foldUserName(name));

const random = (characters: number): string =>
  Array.from({ length: characters }, () => letters[randomInt(letters.length)]).join('');
