import { z } from 'zod';
import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { answerOne, answerPage } from '../graph/odata-page.ts';
import { readGraphBody } from '../graph/read-graph-body.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { childFolders, copyFolder, findChild, insertFolder, isWithin, removeFolder, rootOf } from './folders.ts';
import { folderOf, openForMail, reading } from './mail-call.ts';
import { type Folder, listMessages, type Mailbox } from './mailbox.ts';
import { forMe } from './write-routes.ts';

const named = z.strictObject({ displayName: z.string().trim().min(1).max(255), isHidden: z.boolean().optional() });
const destination = z.strictObject({ destinationId: z.string() });
const pages = { context: 'mailFolders', defaultTop: 10, mostTop: 1000 };

/** Folders: list, make, rename, move, copy, delete (Microsoft Graph v1.0, mailFolder). */
export function mailFolderRoutes(): Routes<GraphCall> {
  const list = (call: GraphCall, mailbox: Mailbox, parent: Folder): Answer =>
    answerPage(call.exchange, childFolders(mailbox, parent), (folder) => folderView(mailbox, folder), pages);
  const make = (call: GraphCall, mailbox: Mailbox, parent: Folder): Answer => {
    const { displayName } = readGraphBody(call.exchange, named);
    checkName(mailbox, parent, displayName);
    return answerFolder(call, mailbox, insertFolder(mailbox, parent, displayName), 201);
  };
  const routes: Routes<GraphCall> = {
    'GET /users/:user/mailFolders': (call, user) => {
      const mailbox = openForMail(call, user, ...reading);
      return list(call, mailbox, rootOf(mailbox));
    },
    'POST /users/:user/mailFolders': (call, user) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      return make(call, mailbox, rootOf(mailbox));
    },
    'GET /users/:user/mailFolders/:folder': (call, user, key) => {
      const mailbox = openForMail(call, user, ...reading);
      return answerFolder(call, mailbox, folderOf(mailbox, key), 200);
    },
    'PATCH /users/:user/mailFolders/:folder': (call, user, key) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const folder = folderOf(mailbox, key);
      const { displayName } = readGraphBody(call.exchange, named);
      checkName(mailbox, parentOf(mailbox, folder), displayName, folder);
      folder.displayName = displayName;
      mailbox.sequence += 1;
      return answerFolder(call, mailbox, folder, 200);
    },
    'DELETE /users/:user/mailFolders/:folder': (call, user, key) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const folder = folderOf(mailbox, key);
      if (folder.wellKnownName !== null)
        throw new GraphError(400, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders cannot be deleted.');
      const bin = folderOf(mailbox, 'deleteditems');
      if (isWithin(mailbox, folder, bin)) removeFolder(mailbox, folder);
      else Object.assign(folder, { parentId: bin.id });
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'GET /users/:user/mailFolders/:folder/childFolders': (call, user, key) => {
      const mailbox = openForMail(call, user, ...reading);
      return list(call, mailbox, folderOf(mailbox, key));
    },
    'POST /users/:user/mailFolders/:folder/childFolders': (call, user, key) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      return make(call, mailbox, folderOf(mailbox, key));
    },
    'POST /users/:user/mailFolders/:folder/move': (call, user, key) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const folder = folderOf(mailbox, key);
      const into = folderOf(mailbox, readGraphBody(call.exchange, destination).destinationId);
      if (folder.wellKnownName !== null)
        throw new GraphError(500, 'ErrorMoveDistinguishedFolder', 'Distinguished folders cannot be moved.');
      if (isWithin(mailbox, into, folder))
        throw new GraphError(400, 'ErrorMoveCopyFailed', 'A folder cannot be moved into itself.');
      checkName(mailbox, into, folder.displayName, folder);
      folder.parentId = into.id;
      mailbox.sequence += 1;
      return answerFolder(call, mailbox, folder, 201);
    },
    'POST /users/:user/mailFolders/:folder/copy': (call, user, key) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const folder = folderOf(mailbox, key);
      const into = folderOf(mailbox, readGraphBody(call.exchange, destination).destinationId);
      if (isWithin(mailbox, into, folder))
        throw new GraphError(400, 'ErrorMoveCopyFailed', 'A folder cannot be copied into itself.');
      checkName(mailbox, into, folder.displayName);
      return answerFolder(call, mailbox, copyFolder(mailbox, folder, into, call.world.clock.now()), 201);
    },
  };
  return { ...routes, ...forMe(routes) };
}

function answerFolder(call: GraphCall, mailbox: Mailbox, folder: Folder, status: number): Answer {
  return answerOne(call.exchange, folderView(mailbox, folder), 'mailFolders', undefined, status);
}

function parentOf(mailbox: Mailbox, { parentId }: Folder): Folder {
  return mailbox.folders.find(({ id }) => id === parentId) ?? rootOf(mailbox);
}

/** Names are unique beside each other, without case. */
function checkName(mailbox: Mailbox, parent: Folder, name: string, self?: Folder): void {
  const taken = findChild(mailbox, parent, name);
  if (taken !== undefined && taken.id !== self?.id)
    throw new GraphError(409, 'ErrorFolderExists', 'A folder with the specified name already exists.');
}

function folderView(mailbox: Mailbox, folder: Folder): Record<string, unknown> {
  const messages = listMessages(mailbox, folder.id);
  return {
    id: folder.id,
    displayName: folder.displayName,
    parentFolderId: folder.parentId,
    childFolderCount: childFolders(mailbox, folder).length,
    unreadItemCount: messages.filter(({ isRead }) => !isRead).length,
    totalItemCount: messages.length,
    isHidden: false,
  };
}
