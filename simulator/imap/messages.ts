import type { Mailbox } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import { buildMime } from '../mail/mime-build.ts';
import { CommandFault } from './read-command.ts';

/** Messages of a folder in the order of their UIDs. */
export function messagesOf(mailbox: Mailbox, folderId: string): Message[] {
  return [...mailbox.messages.values()]
    .filter((message) => message.folderId === folderId)
    .sort((one, two) => one.arrived - two.arrived);
}

/** The bytes of a message as latin1, every line ended by CRLF. */
export function sourceOf({ content, sentAt }: Message): string {
  const source = buildMime(content, sentAt).toString('latin1');
  return /(?<!\r)\n/.test(source) ? source.replace(/\r?\n/g, '\r\n') : source;
}

/** All flags a message can have; keywords are not kept. */
const flagNames = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft'] as const;

/** The flags a message has. */
export function flagsOf({ isRead, isAnswered, isFlagged, isDeleted, isDraft }: Message): string {
  const held = [isRead, isAnswered, isFlagged, isDeleted, isDraft];
  return `(${flagNames.filter((_, place) => held[place]).join(' ')})`;
}

/** Sets flags of a message: exactly these, or these on or off. */
export function setFlags(message: Message, names: readonly string[], mode: 'exactly' | 'on' | 'off'): void {
  const named = new Set(names.map((name) => name.toLowerCase()));
  const value = (flag: string, held: boolean): boolean => {
    const isNamed = named.has(flag.toLowerCase());
    if (mode === 'exactly') return isNamed;
    return isNamed ? mode === 'on' : held;
  };
  message.isRead = value('\\Seen', message.isRead);
  message.isAnswered = value('\\Answered', message.isAnswered);
  message.isFlagged = value('\\Flagged', message.isFlagged);
  message.isDeleted = value('\\Deleted', message.isDeleted);
}

/** A set of numbers as `1:3,7,9:*`; `last` is what `*` stands for. */
export function parseSet(text: string, last: number): (number: number) => boolean {
  if (!/^(\d+|\*)(:(\d+|\*))?(,(\d+|\*)(:(\d+|\*))?)*$/.test(text))
    throw new CommandFault('Command Argument Error. 12');
  const ranges = text.split(',').map((range) => {
    const ends = range.split(':').map((end) => (end === '*' ? last : Number(end)));
    const [from = 0, to = from] = ends;
    return [Math.min(from, to), Math.max(from, to)] as const;
  });
  return (number) => ranges.some(([from, to]) => number >= from && number <= to);
}

/** Numbers as a set that names no range twice. */
export function formatSet(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const open = ranges.at(-1);
    if (open !== undefined && number === open[1] + 1) open[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}:${to}`)).join(',');
}
