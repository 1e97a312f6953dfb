import { contentFromMime } from '../mail/content-from-mime.ts';
import { copyMessage, insertMessage, type Mailbox, moveMessage, removeMessage, touchMessage } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import { fetchMessage, readFetchItems } from './fetch.ts';
import { findNamed } from './folder-names.ts';
import { flagsOf, formatSet, messagesOf, parseSet, setFlags } from './messages.ts';
import { type Argument, CommandFault, textOf, textsOf } from './read-command.ts';
import { type Numbered, readSearch } from './search.ts';
import { type Handler, noteFlags, type Selected, type Session, tell, tellChanges, uidValidity } from './session.ts';

/** Commands that name messages by number or, after UID, by UID. */
type Numbering = 'number' | 'uid';

type MessageHandler = (session: Session, mailbox: Mailbox, rest: readonly Argument[], by: Numbering) => string;

const byNumber: Readonly<Record<string, MessageHandler>> = {
  FETCH: (session, mailbox, [set, asked], by) => {
    const items = readFetchItems(asked);
    if (by === 'uid' && !items.some(({ name }) => name === 'UID'))
      items.unshift({ name: 'UID', section: undefined, marksSeen: false });
    const marksSeen = items.some((item) => item.marksSeen) && session.selected?.isReadOnly === false;
    for (const { message, number } of named(session, mailbox, set, by)) {
      const wasRead = message.isRead;
      if (marksSeen && !wasRead) {
        message.isRead = true;
        touchMessage(mailbox, message, session.world.clock.now());
        noteFlags(session, message);
      }
      const tellsFlags = message.isRead !== wasRead && !items.some(({ name }) => name === 'FLAGS');
      tell(
        session,
        `${number} FETCH (${fetchMessage(message, items)}${tellsFlags ? ` FLAGS ${flagsOf(message)}` : ''})`,
      );
    }
    return 'OK FETCH completed.';
  },
  STORE: (session, mailbox, [set, action, flags], by) => {
    const match = /^([+-]?)FLAGS(\.SILENT)?$/i.exec(textOf(action));
    if (match === null) throw new CommandFault('Command Argument Error. 12');
    if (session.selected?.isReadOnly !== false) return 'NO STORE failed: the folder is open for reading only.';
    const mode = match[1] === '+' ? 'on' : match[1] === '-' ? 'off' : 'exactly';
    for (const { message, number } of named(session, mailbox, set, by)) {
      setFlags(message, textsOf(flags), mode);
      touchMessage(mailbox, message, session.world.clock.now());
      noteFlags(session, message);
      const uid = by === 'uid' ? `UID ${message.arrived} ` : '';
      if (match[2] === undefined) tell(session, `${number} FETCH (${uid}FLAGS ${flagsOf(message)})`);
    }
    return 'OK STORE completed.';
  },
  SEARCH: (session, mailbox, criteria, by) => {
    const all = numbered(session, mailbox);
    const test = readSearch(criteria, lastOf(all));
    const found = all.filter(test).map(({ message, number }) => (by === 'uid' ? message.arrived : number));
    tell(session, ['SEARCH', ...found].join(' '));
    return 'OK SEARCH completed.';
  },
  COPY: (session, mailbox, [set, name], by) => {
    const folder = findNamed(mailbox, textOf(name));
    if (folder === undefined) return 'NO [TRYCREATE] The requested item could not be found.';
    const messages = named(session, mailbox, set, by).map(({ message }) => message);
    const now = session.world.clock.now();
    const from = messages.map(({ arrived }) => arrived);
    const copies = messages.map((message) => copyMessage(mailbox, message, folder, now).arrived);
    const code = from.length === 0 ? '' : `[COPYUID ${uidValidity} ${formatSet(from)} ${formatSet(copies)}] `;
    return `OK ${code}COPY completed.`;
  },
  MOVE: (session, mailbox, [set, name], by) => {
    const folder = findNamed(mailbox, textOf(name));
    if (folder === undefined) return 'NO [TRYCREATE] The requested item could not be found.';
    if (session.selected?.isReadOnly !== false) return 'NO MOVE failed: the folder is open for reading only.';
    const messages = named(session, mailbox, set, by).map(({ message }) => message);
    const from = messages.map(({ arrived }) => arrived);
    for (const message of messages) moveMessage(mailbox, message, folder, session.world.clock.now());
    const to = messages.map(({ arrived }) => arrived);
    if (from.length > 0) tell(session, `OK [COPYUID ${uidValidity} ${formatSet(from)} ${formatSet(to)}]`);
    tellChanges(session, mailbox, true);
    return 'OK MOVE completed.';
  },
};

/** Commands about messages (RFC 3501 §6.4, RFC 4315, RFC 6851), and APPEND. */
export const messageCommands: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(
    Object.entries(byNumber).map(([name, handle]): [string, Handler] => [
      name,
      (session, mailbox, rest) => handle(session, mailbox, rest, 'number'),
    ]),
  ),
  UID: (session, mailbox, [name, ...rest]) => {
    const command = textOf(name).toUpperCase();
    if (command === 'EXPUNGE') return expunge(session, mailbox, parseSet(textOf(rest[0]), mailbox.sequence));
    const handle = byNumber[command];
    if (handle === undefined) throw new CommandFault('Command Error. 12');
    return handle(session, mailbox, rest, 'uid');
  },
  EXPUNGE: (session, mailbox) => expunge(session, mailbox, () => true),
  CHECK: (session) => {
    selectedOf(session);
    return 'OK CHECK completed.';
  },
  CLOSE: (session, mailbox) => {
    const { isReadOnly, folderId } = selectedOf(session);
    if (!isReadOnly) for (const message of deleted(mailbox, folderId)) removeMessage(mailbox, message);
    session.selected = undefined;
    return 'OK CLOSE completed.';
  },
  UNSELECT: (session) => {
    selectedOf(session);
    session.selected = undefined;
    return 'OK UNSELECT completed.';
  },
  APPEND: (session, mailbox, [name, ...rest]) => {
    const folder = findNamed(mailbox, textOf(name));
    if (folder === undefined) return 'NO [TRYCREATE] The requested item could not be found.';
    const flags = rest[0]?.kind === 'list' ? textsOf(rest[0]) : [];
    const [first, second] = rest[0]?.kind === 'list' ? rest.slice(1) : rest;
    const date =
      second === undefined
        ? undefined
        : Date.parse(
            textOf(first)
              .trim()
              .replace(/^(\d+)-(\w+)-/, '$1 $2 '),
          );
    if (Number.isNaN(date)) throw new CommandFault('Command Argument Error. 12');
    const content = contentFromMime(Buffer.from(textOf(second ?? first), 'latin1'), mailbox.tenant.domain);
    const isDraft = flags.some((flag) => flag.toLowerCase() === '\\draft');
    const now = session.world.clock.now();
    const message = insertMessage(mailbox, folder.id, content, { isDraft, isRead: false }, now);
    message.receivedAt = date ?? now;
    setFlags(message, flags, 'exactly');
    return `OK [APPENDUID ${uidValidity} ${message.arrived}] APPEND completed.`;
  },
};

function selectedOf({ selected }: Session): Selected {
  if (selected === undefined) throw new CommandFault('Command received in Invalid state.');
  return selected;
}

/** Messages as the client numbers them, gone ones left out. */
function numbered(session: Session, mailbox: Mailbox): Numbered[] {
  const { folderId, known } = selectedOf(session);
  const present = new Map(messagesOf(mailbox, folderId).map((message) => [message.arrived, message]));
  return known.flatMap(({ uid }, place) => {
    const message = present.get(uid);
    return message === undefined ? [] : [{ message, number: place + 1 }];
  });
}

function lastOf(all: readonly Numbered[]): { readonly number: number; readonly uid: number } {
  const last = all.at(-1);
  return { number: last?.number ?? 0, uid: last?.message.arrived ?? 0 };
}

function named(session: Session, mailbox: Mailbox, set: Argument | undefined, by: Numbering): Numbered[] {
  const all = numbered(session, mailbox);
  const fits = parseSet(textOf(set), by === 'uid' ? lastOf(all).uid : lastOf(all).number);
  return all.filter(({ message, number }) => fits(by === 'uid' ? message.arrived : number));
}

const deleted = (mailbox: Mailbox, folderId: string): Message[] =>
  messagesOf(mailbox, folderId).filter(({ isDeleted }) => isDeleted);

function expunge(session: Session, mailbox: Mailbox, fits: (uid: number) => boolean): string {
  const { isReadOnly, folderId } = selectedOf(session);
  if (isReadOnly) return 'NO EXPUNGE failed: the folder is open for reading only.';
  for (const message of deleted(mailbox, folderId)) if (fits(message.arrived)) removeMessage(mailbox, message);
  tellChanges(session, mailbox, true);
  return 'OK EXPUNGE completed.';
}
