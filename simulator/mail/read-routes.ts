import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { answerOne, answerPage, queryOption } from '../graph/odata-page.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { answerDelta } from './delta.ts';
import { folderOf, messageOf, openForMail, reading } from './mail-call.ts';
import { type Folder, listMessages, type Mailbox } from './mailbox.ts';
import type { Message } from './message.ts';
import { appliedPreferences, messageView, shownOfMessage, wantsImmutableIds } from './message-view.ts';
import { buildMime } from './mime-build.ts';
import { forMe } from './write-routes.ts';

const pages = { context: 'messages', defaultTop: 10, mostTop: 1000, shown: shownOfMessage };

/** Messages, MIME and delta (Microsoft Graph v1.0, Outlook mail). */
export function mailReadRoutes(): Routes<GraphCall> {
  const routes: Routes<GraphCall> = {
    'GET /users/:user/messages': (call, user) => answerMessages(call, openForMail(call, user, ...reading)),
    'GET /users/:user/mailFolders/:folder/messages': (call, user, key) => {
      const mailbox = openForMail(call, user, ...reading);
      return answerMessages(call, mailbox, folderOf(mailbox, key));
    },
    'GET /users/:user/mailFolders/:folder/messages/delta': (call, user, key) => {
      const mailbox = openForMail(call, user, ...reading);
      return answerDelta(call, mailbox, folderOf(mailbox, key));
    },
    'GET /users/:user/messages/:message': (call, user, id) =>
      answerMessage(call, messageOf(openForMail(call, user, ...reading), id)),
    'GET /users/:user/mailFolders/:folder/messages/:message': (call, user, key, id) => {
      const mailbox = openForMail(call, user, ...reading);
      return answerMessage(call, messageOf(mailbox, id, folderOf(mailbox, key)));
    },
    'GET /users/:user/messages/:message/$value': (call, user, id) => {
      const message = messageOf(openForMail(call, user, ...reading), id);
      const headers = { 'content-type': 'text/plain', ...requestIds(call.exchange) };
      return { status: 200, headers, body: buildMime(message.content, message.sentAt) };
    },
  };
  return { ...routes, ...forMe(routes) };
}

function answerMessage(call: GraphCall, message: Message): Answer {
  const view = messageView(message, wantsImmutableIds(call.exchange));
  return withPreferences(call, answerOne(call.exchange, view, 'messages', shownOfMessage));
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
