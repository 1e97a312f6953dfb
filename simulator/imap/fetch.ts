import type { Message } from '../mail/message.ts';
import { bodyStructureOf, envelopeOf } from './body-structure.ts';
import { flagsOf, sourceOf } from './messages.ts';
import { fieldsOf, type MimeNode, parseMimeTree } from './mime-tree.ts';
import { type Argument, CommandFault, textsOf } from './read-command.ts';
import { literal } from './write-data.ts';

/** One thing asked of a message. */
export type FetchItem = {
  /** The name as it was asked, and as the answer names it. */
  readonly name: string;
  /** What BODY[…] asks for. */
  readonly section: Section | undefined;
  /** Whether asking marks the message as read. */
  readonly marksSeen: boolean;
};

type Section = {
  readonly path: readonly number[];
  readonly of: '' | 'HEADER' | 'TEXT' | 'MIME' | 'FIELDS' | 'NOT';
  readonly fields: readonly string[];
  readonly range: readonly [start: number, length: number] | undefined;
};

const macros: Readonly<Record<string, readonly string[]>> = {
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
  FULL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'],
};
const simple = ['FLAGS', 'UID', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY', 'BODYSTRUCTURE'];
const older: Readonly<Record<string, Section['of']>> = { RFC822: '', 'RFC822.HEADER': 'HEADER', 'RFC822.TEXT': 'TEXT' };

/** Reads what FETCH asks for. Throws CommandFault. */
export function readFetchItems(argument: Argument | undefined): FetchItem[] {
  const names = textsOf(argument);
  const [only = ''] = names;
  return (macros[only.toUpperCase()] ?? names).map(readItem);
}

function readItem(text: string): FetchItem {
  const name = text.toUpperCase();
  if (simple.includes(name)) return { name, section: undefined, marksSeen: false };
  const old = older[name];
  if (old !== undefined) {
    const section = { path: [], of: old, fields: [], range: undefined };
    return { name, section, marksSeen: name !== 'RFC822.HEADER' };
  }
  const match = /^BODY(\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?$/.exec(name);
  if (match === null) throw new CommandFault('Command Argument Error. 12');
  const [, peek, asked = '', start, length] = match;
  const section = readSection(asked);
  const range = start === undefined ? undefined : ([Number(start), Number(length)] as const);
  const origin = start === undefined ? '' : `<${start}>`;
  return { name: `BODY[${asked}]${origin}`, section: { ...section, range }, marksSeen: peek === undefined };
}

function readSection(asked: string): Omit<Section, 'range'> {
  const match =
    /^((?:\d+)(?:\.\d+)*)?\.?(HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME)?(?: \(([^()]*)\))?$/.exec(asked);
  if (match === null) throw new CommandFault('Command Argument Error. 12');
  const [, path, kind = '', fields] = match;
  const named = { 'HEADER.FIELDS': 'FIELDS', 'HEADER.FIELDS.NOT': 'NOT' } as const;
  const of = kind === 'HEADER.FIELDS' || kind === 'HEADER.FIELDS.NOT' ? named[kind] : (kind as Section['of']);
  const list = fields?.split(' ').map((field) => field.replace(/^"(.*)"$/, '$1').toLowerCase()) ?? [];
  return { path: path?.split('.').map(Number) ?? [], of, fields: list };
}

/** What a message answers, without the brackets around it. */
export function fetchMessage(message: Message, items: readonly FetchItem[]): string {
  let [source, tree]: [string | undefined, MimeNode | undefined] = [undefined, undefined];
  const whole = (): string => {
    source ??= sourceOf(message);
    return source;
  };
  const root = (): MimeNode => {
    tree ??= parseMimeTree(whole());
    return tree;
  };
  return items
    .map(({ name, section }) => {
      if (section !== undefined) return `${name} ${sectionOf(section, whole, root)}`;
      return `${name} ${simpleValue(name, message, whole, root)}`;
    })
    .join(' ');
}

function simpleValue(name: string, message: Message, whole: () => string, root: () => MimeNode): string {
  switch (name) {
    case 'FLAGS':
      return flagsOf(message);
    case 'UID':
      return String(message.arrived);
    case 'INTERNALDATE':
      return `"${internalDate(message.receivedAt)}"`;
    case 'RFC822.SIZE':
      return String(whole().length);
    case 'ENVELOPE':
      return envelopeOf(root());
    default:
      return bodyStructureOf(root(), name === 'BODYSTRUCTURE');
  }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function internalDate(instant: number): string {
  const date = new Date(instant);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${day}-${months[date.getUTCMonth()]}-${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} +0000`;
}

function sectionOf(section: Section, whole: () => string, root: () => MimeNode): string {
  const found = section.path.length === 0 && section.of === '' ? whole() : pieceOf(section, root());
  if (found === undefined) return 'NIL';
  if (section.range === undefined) return literal(found);
  const [start, length] = section.range;
  return literal(found.slice(start, start + length));
}

function pieceOf({ path, of, fields }: Section, root: MimeNode): string | undefined {
  const node = path.reduce<MimeNode | undefined>(descend, root);
  if (node === undefined) return undefined;
  if (of === '') return node.body;
  if (of === 'MIME') return node.header;
  // A header below a part is that of the message in it.
  const message = path.length === 0 ? node : node.message;
  if (message === undefined) return undefined;
  if (of === 'HEADER') return message.header;
  if (of === 'TEXT') return message.body;
  const isWanted = (field: string): boolean =>
    fields.includes(field.slice(0, field.indexOf(':')).toLowerCase()) === (of === 'FIELDS');
  return `${fieldsOf(message.header).filter(isWanted).join('')}\r\n`;
}

/** Part 1 of what is no multipart is its whole body. */
function descend(node: MimeNode | undefined, number: number): MimeNode | undefined {
  const holder = node?.message ?? node;
  if (holder === undefined) return undefined;
  if (holder.parts.length > 0) return holder.parts[number - 1];
  return number === 1 ? holder : undefined;
}
