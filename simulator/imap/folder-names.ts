import { childFolders, findChild, rootOf } from '../mail/folders.ts';
import type { Folder, Mailbox } from '../mail/mailbox.ts';

/** A folder with its name at IMAP: path pieces joined by `/`, in modified UTF-7. */
export type NamedFolder = { readonly name: string; readonly folder: Folder; readonly hasChildren: boolean };

/** All folders in the order a client lists them. */
export function namedFolders(mailbox: Mailbox, parent = rootOf(mailbox), prefix = ''): NamedFolder[] {
  return childFolders(mailbox, parent).flatMap((folder) => {
    const name = `${prefix}${ownName(folder)}`;
    const below = namedFolders(mailbox, folder, `${name}/`);
    return [{ name, folder, hasChildren: below.length > 0 }, ...below];
  });
}

/** Finds a folder by its name; INBOX in any case. */
export function findNamed(mailbox: Mailbox, name: string): Folder | undefined {
  let folder: Folder | undefined = rootOf(mailbox);
  if (name === '') return undefined;
  for (const [place, piece] of name.split('/').entries()) {
    if (folder === undefined) return undefined;
    const wanted = place === 0 && /^inbox$/i.test(piece) ? 'Inbox' : decodeUtf7(piece);
    folder = findChild(mailbox, folder, wanted);
  }
  return folder;
}

function ownName({ wellKnownName, displayName }: Folder): string {
  return wellKnownName === 'inbox' ? 'INBOX' : encodeUtf7(displayName.replaceAll('/', '_'));
}

/** The regular expression of a LIST pattern: `*` is anything, `%` anything within a level. */
export function listPattern(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\?]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('%', '[^/]*');
  return new RegExp(`^${source}$`, 'i');
}

/** Modified UTF-7 (RFC 3501 §5.1.3). */
function encodeUtf7(name: string): string {
  return name.replaceAll('&', '&-').replace(/[^\x20-\x7e]+/g, (foreign) => {
    const bytes = Buffer.from(foreign, 'utf16le').swap16();
    return `&${bytes.toString('base64').replaceAll('/', ',').replace(/=+$/, '')}-`;
  });
}

/** Reads modified UTF-7. */
export function decodeUtf7(name: string): string {
  return name.replace(/&([^-]*)-/g, (_, encoded: string) => {
    if (encoded === '') return '&';
    const bytes = Buffer.from(encoded.replaceAll(',', '/'), 'base64');
    return bytes
      .subarray(0, bytes.length & ~1)
      .swap16()
      .toString('utf16le');
  });
}

/** Attributes of a folder: special use as RFC 6154 has it. */
export function attributesOf({ folder, hasChildren }: NamedFolder): string {
  const use = specialUse[folder.wellKnownName ?? ''];
  return [hasChildren ? '\\HasChildren' : '\\HasNoChildren', ...(use === undefined ? [] : [use])].join(' ');
}

const specialUse: Readonly<Record<string, string>> = {
  drafts: '\\Drafts',
  sentitems: '\\Sent',
  deleteditems: '\\Trash',
  junkemail: '\\Junk',
  archive: '\\Archive',
};
