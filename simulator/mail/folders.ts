import { copyMessage, type Folder, listMessages, type Mailbox, newId, removeMessage } from './mailbox.ts';

/** The folder that holds all others. */
export function rootOf(mailbox: Mailbox): Folder {
  const root = mailbox.folders.find(({ parentId }) => parentId === null);
  if (root === undefined) throw new TypeError('A mailbox without root folder');
  return root;
}

/** Folders directly in another one. */
export function childFolders(mailbox: Mailbox, parent: Folder): Folder[] {
  return mailbox.folders.filter(({ parentId }) => parentId === parent.id);
}

/** Finds a folder in another one by its name, without case. */
export function findChild(mailbox: Mailbox, parent: Folder, name: string): Folder | undefined {
  return childFolders(mailbox, parent).find(({ displayName }) => displayName.toLowerCase() === name.toLowerCase());
}

/** Makes a folder; the caller has seen that the name is free. */
export function insertFolder(mailbox: Mailbox, parent: Folder, displayName: string): Folder {
  const folder: Folder = { id: newId(), wellKnownName: null, displayName, parentId: parent.id };
  mailbox.folders.push(folder);
  mailbox.sequence += 1;
  return folder;
}

/** Whether a folder is `ancestor` or lies somewhere in it. */
export function isWithin(mailbox: Mailbox, folder: Folder, ancestor: Folder): boolean {
  if (folder.id === ancestor.id) return true;
  const parent = mailbox.folders.find(({ id }) => id === folder.parentId);
  return parent !== undefined && isWithin(mailbox, parent, ancestor);
}

/** Copies a folder with all that is in it. */
export function copyFolder(mailbox: Mailbox, folder: Folder, into: Folder, now: number): Folder {
  const copy = insertFolder(mailbox, into, folder.displayName);
  for (const message of listMessages(mailbox, folder.id).reverse()) copyMessage(mailbox, message, copy, now);
  for (const child of childFolders(mailbox, folder)) if (child.id !== copy.id) copyFolder(mailbox, child, copy, now);
  return copy;
}

/** Removes a folder for good, with all that is in it. */
export function removeFolder(mailbox: Mailbox, folder: Folder): void {
  for (const child of childFolders(mailbox, folder)) removeFolder(mailbox, child);
  for (const message of listMessages(mailbox, folder.id)) removeMessage(mailbox, message);
  mailbox.folders.splice(mailbox.folders.indexOf(folder), 1);
  mailbox.sequence += 1;
}
