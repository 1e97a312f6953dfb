import { randomInt } from 'node:crypto';
import type { PersonClaims } from '#entra';

const shortest = 2;
const longest = 36;
const reserved = ['admin', 'administrator', 'portico', 'root', 'system'];
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';

/** How a user name is compared: without regard to case and to how its letters are composed. */
export const foldUserName = (userName: string): string => userName.normalize('NFKC').toLowerCase();

/**
 * The user names to try for a person (S8, from `preferred_username`), in this order: the name itself, then the name with a
 * growing number of random characters, up to 5. Normalised to letters, digits and `. _ - @ '`, 2 to 36 characters.
 */
export function* userNamesFor(
  person: Pick<PersonClaims, 'preferredUsername' | 'email' | 'objectId'>,
): Generator<string> {
  const name =
    [person.preferredUsername, person.email?.split('@')[0], person.objectId].map(normalised).find(isPossible) ??
    person.objectId;
  yield name;
  for (let characters = 1; characters <= 5; characters++) {
    for (let attempt = 0; attempt < 3; attempt++)
      yield `${name.slice(0, longest - characters - 1)}-${random(characters)}`;
  }
}

const normalised = (text: string | undefined): string =>
  (text ?? '')
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}._@'-]+/gu, '')
    .slice(0, longest)
    .replace(/^[._@'-]+|[._@'-]+$/g, '');

const isPossible = (name: string): boolean => name.length >= shortest && !reserved.includes(foldUserName(name));

const random = (characters: number): string =>
  Array.from({ length: characters }, () => letters[randomInt(letters.length)]).join('');
