import { childFolders, findChild, insertFolder } from '../mail/folders.ts';
import { type Folder, findFolder, findMessage, listMessages, type Mailbox } from '../mail/mailbox.ts';
import type { Message } from '../mail/message.ts';
import { EwsError, itemNotFound } from './ews-error.ts';
import { delegateMailbox, type EwsCall } from './open-mailbox.ts';
import { at, child, type Element, element, textAt, textElement } from './xml.ts';

/** A folder with the mailbox it lies in. */
export type Place = { readonly mailbox: Mailbox; readonly folder: Folder };

const folderNotFound = (): EwsError =>
  new EwsError('ErrorFolderNotFound', 'The specified folder could not be found in the store.');

/** Finds the folder of a FolderId or DistinguishedFolderId, the latter perhaps in another mailbox. Throws ErrorFolderNotFound. */
export function placeOf(call: EwsCall, id: Element | undefined): Place {
  const key = id?.attributes.get('Id') ?? '';
  if (id?.name === 'FolderId') {
    const folder = call.mailbox.folders.find((each) => each.id === key);
    if (folder === undefined) throw folderNotFound();
    return { mailbox: call.mailbox, folder };
  }
  const address = textAt(id, 'Mailbox', 'EmailAddress');
  const mailbox = address === undefined ? call.mailbox : delegateMailbox(call, address);
  if (mailbox === undefined)
    throw new EwsError('ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  const name = key === 'root' ? 'msgfolderroot' : key;
  const folder = mailbox.folders.find(({ wellKnownName }) => wellKnownName === name);
  if (id?.name !== 'DistinguishedFolderId' || folder === undefined) throw folderNotFound();
  return { mailbox, folder };
}

/** The messages of ItemIds, each with its mailbox; undefined where there is none. */
export function messagesNamed(call: EwsCall, ids: Element | undefined): (() => Message)[] {
  return (ids?.children ?? []).map((id) => () => {
    const message = findMessage(call.mailbox, id.attributes.get('Id') ?? '');
    if (message === undefined) throw itemNotFound();
    return message;
  });
}

/** A well-known folder of the caller's mailbox. */
export function wellKnown({ mailbox }: EwsCall, name: string): Folder {
  const folder = findFolder(mailbox, name);
  if (folder === undefined) throw folderNotFound();
  return folder;
}

/** A folder as EWS shows it. */
export function folderView({ mailbox, folder }: Place): string {
  const messages = listMessages(mailbox, folder.id);
  const parts = [
    element('t:FolderId', { Id: folder.id, ChangeKey: 'AQAAAA==' }),
    ...(folder.parentId === null ? [] : [element('t:ParentFolderId', { Id: folder.parentId, ChangeKey: 'AQAAAA==' })]),
    textElement('t:FolderClass', 'IPF.Note'),
    textElement('t:DisplayName', folder.displayName),
    textElement('t:TotalCount', String(messages.length)),
    textElement('t:ChildFolderCount', String(childFolders(mailbox, folder).length)),
    textElement('t:UnreadCount', String(messages.filter(({ isRead }) => !isRead).length)),
  ];
  return element('t:Folder', {}, parts.join(''));
}

/** Folders below one: directly, or all of them. */
export function foldersBelow(place: Place, isDeep: boolean): Place[] {
  return childFolders(place.mailbox, place.folder).flatMap((folder) => {
    const below = { mailbox: place.mailbox, folder };
    return isDeep ? [below, ...foldersBelow(below, true)] : [below];
  });
}

/** Makes the folders of CreateFolder. Throws ErrorFolderExists. */
export function makeFolder(call: EwsCall, request: Element, wanted: Element): Place {
  const place = placeOf(call, child(request, 'ParentFolderId')?.children[0]);
  const name = textAt(wanted, 'DisplayName') ?? '';
  if (name === '') throw new EwsError('ErrorSchemaValidation', 'A folder needs a DisplayName.');
  if (findChild(place.mailbox, place.folder, name) !== undefined)
    throw new EwsError('ErrorFolderExists', 'A folder with the specified name already exists.');
  return { mailbox: place.mailbox, folder: insertFolder(place.mailbox, place.folder, name) };
}

/** The single folder id in an element such as ToFolderId. */
export const onlyId = (request: Element, ...path: readonly string[]): Element | undefined =>
  at(request, ...path)?.children[0];
