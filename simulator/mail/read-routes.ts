import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { answerOne, answerPage, queryOption } from '../graph/odata-page.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { answerDelta } from './delta.ts';
import { folderOf, itemNotFound, messageOf, openForMail } from './mail-call.ts';
import { type Folder, listMessages, type Mailbox } from './mailbox.ts';
import { appliedPreferences, attachmentView, messageView, shownOfMessage, wantsImmutableIds } from './message-view.ts';
import { buildMime } from './mime-build.ts';
import { forMe } from './write-routes.ts';

const reading = ['Mail.Read', 'Mail.ReadWrite'] as const;
const pages = { context: 'messages', defaultTop: 10, mostTop: 1000, shown: shownOfMessage };

/** Folders, messages, MIME, attachments and delta (Microsoft Graph v1.0, Outlook mail). */
export function mailReadRoutes(): Routes<GraphCall> {
  const routes: Routes<GraphCall> = {
    'GET /users/:user/messages': (call, user) => answerMessages(call, openForMail(call, user, ...reading)),
    'GET /users/:user/mailFolders': (call, user) => {
      const mailbox = openForMail(call, user, ...reading);
      const rules = { context: 'mailFolders', defaultTop: 10, mostTop: 1000 };
      return answerPage(call.exchange, mailbox.folders, (folder) => folderView(mailbox, folder), rules);
    },
    'GET /users/:user/mailFolders/:folder': (call, user, key) => {
      const mailbox = openForMail(call, user, ...reading);
      return answerOne(call.exchange, folderView(mailbox, folderOf(mailbox, key)), 'mailFolders');
    },
    'GET /users/:user/mailFolders/:folder/messages': (call, user, key) => {
      const mailbox = openForMail(call, user, ...reading);
      return answerMessages(call, mailbox, folderOf(mailbox, key));
    },
    'GET /users/:user/mailFolders/:folder/messages/delta': (call, user, key) => {
      const mailbox = openForMail(call, user, ...reading);
      return answerDelta(call, mailbox, folderOf(mailbox, key));
    },
    'GET /users/:user/messages/:message': (call, user, id) => {
      const message = messageOf(openForMail(call, user, ...reading), id);
      const view = messageView(message, wantsImmutableIds(call.exchange));
      return withPreferences(call, answerOne(call.exchange, view, 'messages', shownOfMessage));
    },
    'GET /users/:user/messages/:message/$value': (call, user, id) => {
      const message = messageOf(openForMail(call, user, ...reading), id);
      const headers = { 'content-type': 'text/plain', ...requestIds(call.exchange) };
      return { status: 200, headers, body: buildMime(message.content, message.sentAt) };
    },
    'GET /users/:user/messages/:message/attachments': (call, user, id) => {
      const message = messageOf(openForMail(call, user, ...reading), id);
      const rules = { context: 'attachments', defaultTop: 100, mostTop: 1000 };
      return answerPage(call.exchange, message.content.attachments, attachmentView, rules);
    },
    'GET /users/:user/messages/:message/attachments/:attachment': (call, user, id, key) => {
      const message = messageOf(openForMail(call, user, ...reading), id);
      const attachment = message.content.attachments.find((candidate) => candidate.id === key);
      if (attachment === undefined) throw itemNotFound();
      return answerOne(call.exchange, attachmentView(attachment), 'attachments');
    },
  };
  return { ...routes, ...forMe(routes) };
}

function answerMessages(call: GraphCall, mailbox: Mailbox, folder?: Folder): Answer {
  const immutable = wantsImmutableIds(call.exchange);
  const messages = listMessages(mailbox, folder?.id);
  const order = queryOption(call.exchange, '$orderby');
  if (order !== undefined && !/^receivedDateTime( (asc|desc))?$/i.test(order)) {
    throw new GraphError(400, 'ErrorInvalidUrlQuery', `The query option '$orderby=${order}' is not supported here.`);
  }
  if (order !== undefined && !/ desc$/i.test(order)) messages.reverse();
  return withPreferences(
    call,
    answerPage(call.exchange, messages, (message) => messageView(message, immutable), pages),
  );
}

function withPreferences({ exchange }: GraphCall, answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, ...appliedPreferences(exchange) } };
}

function folderView(mailbox: Mailbox, folder: Folder): Record<string, unknown> {
  const messages = listMessages(mailbox, folder.id);
  return {
    id: folder.id,
    displayName: folder.displayName,
    parentFolderId: null,
    childFolderCount: 0,
    unreadItemCount: messages.filter(({ isRead }) => !isRead).length,
    totalItemCount: messages.length,
    isHidden: false,
  };
}
