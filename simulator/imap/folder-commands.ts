import { childFolders, findChild, insertFolder, isWithin, removeFolder, rootOf } from '../mail/folders.ts';
import type { Folder, Mailbox } from '../mail/mailbox.ts';
import { attributesOf, decodeUtf7, findNamed, listPattern, namedFolders } from './folder-names.ts';
import { messagesOf } from './messages.ts';
import { textOf, textsOf } from './read-command.ts';
import { type Handler, type Session, selectFolder, tell, uidValidity } from './session.ts';
import { text } from './write-data.ts';

const missing = (name: string): string => `NO ${name} doesn't exist.`;

/** Commands about folders (RFC 3501 §6.3). All folders are subscribed. */
export const folderCommands: Readonly<Record<string, Handler>> = {
  SELECT: (session, mailbox, [name]) => open(session, mailbox, textOf(name), false),
  EXAMINE: (session, mailbox, [name]) => open(session, mailbox, textOf(name), true),
  NAMESPACE: (session) => {
    tell(session, 'NAMESPACE (("" "/")) NIL NIL');
    return 'OK NAMESPACE completed.';
  },
  LIST: (session, mailbox, [reference, pattern]) => list(session, mailbox, 'LIST', textOf(reference), textsOf(pattern)),
  LSUB: (session, mailbox, [reference, pattern]) => list(session, mailbox, 'LSUB', textOf(reference), textsOf(pattern)),
  STATUS: (session, mailbox, [name, items]) => {
    const folder = findNamed(mailbox, textOf(name));
    if (folder === undefined) return missing(textOf(name));
    const messages = messagesOf(mailbox, folder.id);
    const values: Readonly<Record<string, number>> = {
      MESSAGES: messages.length,
      RECENT: 0,
      UIDNEXT: mailbox.sequence + 1,
      UIDVALIDITY: uidValidity,
      UNSEEN: messages.filter(({ isRead }) => !isRead).length,
    };
    const asked = textsOf(items).map((item) => item.toUpperCase());
    if (asked.some((item) => values[item] === undefined)) return 'BAD Command Argument Error. 11';
    tell(session, `STATUS ${text(textOf(name))} (${asked.map((item) => `${item} ${values[item]}`).join(' ')})`);
    return 'OK STATUS completed.';
  },
  CREATE: (_session, mailbox, [name]) => {
    let folder = rootOf(mailbox);
    const path = textOf(name).replace(/\/$/, '');
    if (findNamed(mailbox, path) !== undefined) return `NO ${textOf(name)} already exists.`;
    // Folders on the way are made as well.
    for (const piece of path.split('/').map(decodeUtf7))
      folder = findChild(mailbox, folder, piece) ?? insertFolder(mailbox, folder, piece);
    return 'OK CREATE completed.';
  },
  DELETE: (session, mailbox, [name]) => {
    const folder = findNamed(mailbox, textOf(name));
    if (folder === undefined) return missing(textOf(name));
    if (folder.wellKnownName !== null) return 'NO Distinguished folders cannot be deleted.';
    if (childFolders(mailbox, folder).length > 0) return 'NO Folder has subfolders.';
    if (session.selected?.folderId === folder.id) session.selected = undefined;
    removeFolder(mailbox, folder);
    return 'OK DELETE completed.';
  },
  RENAME: (_session, mailbox, [from, to]) => {
    const folder = findNamed(mailbox, textOf(from));
    if (folder === undefined) return missing(textOf(from));
    if (folder.wellKnownName !== null) return 'NO Distinguished folders cannot be renamed.';
    const path = textOf(to).split('/');
    const parent = path.length === 1 ? rootOf(mailbox) : findNamed(mailbox, path.slice(0, -1).join('/'));
    if (parent === undefined || isWithin(mailbox, parent, folder)) return missing(textOf(to));
    if (findNamed(mailbox, textOf(to)) !== undefined) return `NO ${textOf(to)} already exists.`;
    Object.assign(folder, { parentId: parent.id, displayName: decodeUtf7(path.at(-1) ?? '') });
    mailbox.sequence += 1;
    return 'OK RENAME completed.';
  },
  SUBSCRIBE: (_session, mailbox, [name]) => known(mailbox, textOf(name), 'SUBSCRIBE'),
  UNSUBSCRIBE: (_session, mailbox, [name]) => known(mailbox, textOf(name), 'UNSUBSCRIBE'),
};

function open(session: Session, mailbox: Mailbox, name: string, isReadOnly: boolean): string {
  const folder: Folder | undefined = findNamed(mailbox, name);
  session.selected = undefined;
  if (folder === undefined) return missing(name);
  selectFolder(session, mailbox, folder, isReadOnly);
  return isReadOnly ? 'OK [READ-ONLY] EXAMINE completed.' : 'OK [READ-WRITE] SELECT completed.';
}

function list(
  session: Session,
  mailbox: Mailbox,
  command: string,
  reference: string,
  patterns: readonly string[],
): string {
  if (patterns.join('') === '') {
    tell(session, `${command} (\\Noselect \\HasChildren) "/" ""`);
    return `OK ${command} completed.`;
  }
  const wanted = patterns.map((pattern) => listPattern(reference + pattern));
  for (const named of namedFolders(mailbox)) {
    if (!wanted.some((pattern) => pattern.test(named.name))) continue;
    tell(session, `${command} (${attributesOf(named)}) "/" ${text(named.name)}`);
  }
  return `OK ${command} completed.`;
}

const known = (mailbox: Mailbox, name: string, command: string): string =>
  findNamed(mailbox, name) === undefined ? missing(name) : `OK ${command} completed.`;
