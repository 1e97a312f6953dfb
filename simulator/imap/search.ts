import type { Message } from '../mail/message.ts';
import { parseMime } from '../mail/mime-parse.ts';
import { parseSet, sourceOf } from './messages.ts';
import { type Argument, CommandFault, textOf } from './read-command.ts';

/** A message with its number in the folder. */
export type Numbered = { readonly message: Message; readonly number: number };

type Test = (numbered: Numbered) => boolean;

/** Reads the criteria of SEARCH (RFC 3501 §6.4.4). Throws CommandFault for one that there is not. */
export function readSearch(
  criteria: readonly Argument[],
  last: { readonly number: number; readonly uid: number },
): Test {
  let place = 0;
  const next = (): string => utf8(textOf(criteria[place++]));
  const all = (): Test => {
    const tests: Test[] = [];
    while (place < criteria.length) tests.push(one());
    return (numbered) => tests.every((test) => test(numbered));
  };
  const one = (): Test => {
    const argument = criteria[place];
    if (argument?.kind === 'list') {
      place += 1;
      return readSearch(argument.items, last);
    }
    const key = next().toUpperCase();
    const flag = flagTests[key];
    if (flag !== undefined) return ({ message }) => flag(message);
    switch (key) {
      case 'CHARSET':
        next();
        return () => true;
      case 'NOT': {
        const inner = one();
        return (numbered) => !inner(numbered);
      }
      case 'OR': {
        const [left, right] = [one(), one()];
        return (numbered) => left(numbered) || right(numbered);
      }
      case 'UID': {
        const fits = parseSet(next(), last.uid);
        return ({ message }) => fits(message.arrived);
      }
      case 'KEYWORD':
      case 'UNKEYWORD':
        next();
        return () => key === 'UNKEYWORD';
      case 'LARGER':
      case 'SMALLER': {
        const size = Number(next());
        return ({ message }) => (key === 'LARGER' ? sourceOf(message).length > size : sourceOf(message).length < size);
      }
      case 'HEADER': {
        const name = next().toLowerCase();
        return contains(next(), (message) => headers(message, (each) => each === name));
      }
      case 'FROM':
      case 'TO':
      case 'CC':
      case 'BCC':
      case 'SUBJECT':
        return contains(next(), (message) => headers(message, (each) => each === key.toLowerCase()));
      case 'BODY':
        return contains(next(), ({ content }) => content.body.content);
      case 'TEXT':
        return contains(next(), (message) => `${headers(message, () => true)}\n${message.content.body.content}`);
      default:
        return dated(key, next) ?? sequence(key);
    }
  };
  const sequence = (text: string): Test => {
    const fits = parseSet(text, last.number);
    return ({ number }) => fits(number);
  };
  return all();
}

const flagTests: Readonly<Record<string, (message: Message) => boolean>> = {
  ALL: () => true,
  ANSWERED: ({ isAnswered }) => isAnswered,
  DELETED: ({ isDeleted }) => isDeleted,
  DRAFT: ({ isDraft }) => isDraft,
  FLAGGED: ({ isFlagged }) => isFlagged,
  SEEN: ({ isRead }) => isRead,
  UNANSWERED: ({ isAnswered }) => !isAnswered,
  UNDELETED: ({ isDeleted }) => !isDeleted,
  UNDRAFT: ({ isDraft }) => !isDraft,
  UNFLAGGED: ({ isFlagged }) => !isFlagged,
  UNSEEN: ({ isRead }) => !isRead,
  NEW: () => false,
  OLD: () => true,
  RECENT: () => false,
};

function contains(wanted: string, read: (message: Message) => string): Test {
  const needle = wanted.toLowerCase();
  return ({ message }) => read(message).toLowerCase().includes(needle);
}

function headers(message: Message, fits: (name: string) => boolean): string {
  const parsed = parseMime(Buffer.from(sourceOf(message), 'latin1'));
  return parsed.headers
    .filter(({ name }) => fits(name.toLowerCase()))
    .map(({ name, value }) => `${name}: ${value}`)
    .join('\n');
}

/** By the day, whatever the hour: BEFORE, ON and SINCE of the arrival, with SENT in front of the date of the message. */
function dated(key: string, next: () => string): Test | undefined {
  const match = /^(SENT)?(BEFORE|ON|SINCE)$/.exec(key);
  if (match === null) return undefined;
  const day = Date.parse(`${next()} UTC`);
  if (Number.isNaN(day)) throw new CommandFault('Command Argument Error. 12');
  const instantOf = ({ sentAt, receivedAt }: Message): number => (match[1] === undefined ? receivedAt : sentAt);
  const dayOf = (message: Message): number => Math.floor(instantOf(message) / 86_400_000) * 86_400_000;
  switch (match[2]) {
    case 'BEFORE':
      return ({ message }) => dayOf(message) < day;
    case 'SINCE':
      return ({ message }) => dayOf(message) >= day;
    default:
      return ({ message }) => dayOf(message) === day;
  }
}

const utf8 = (text: string): string => Buffer.from(text, 'latin1').toString('utf8');
