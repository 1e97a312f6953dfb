import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { answerOne, answerPage } from '../graph/odata-page.ts';
import { readGraphBody } from '../graph/read-graph-body.ts';
import type { Routes } from '../http/routes.ts';
import { attachmentShape, toAttachment } from './content-from-json.ts';
import { itemNotFound, messageOf, openForMail, reading } from './mail-call.ts';
import { addAttachment, removeAttachment } from './mailbox.ts';
import type { Attachment, Message } from './message.ts';
import { attachmentView } from './message-view.ts';
import { answerUploadSession, smallestSession } from './upload-session.ts';
import { forMe } from './write-routes.ts';

/** Files of messages: list, get, content, add, delete, and upload sessions for large ones (Microsoft Graph v1.0, attachment). */
export function attachmentRoutes(): Routes<GraphCall> {
  const path = '/users/:user/messages/:message/attachments';
  const open = (call: GraphCall, user: string, id: string, ...permissions: readonly string[]) => {
    const mailbox = openForMail(call, user, ...permissions);
    return { mailbox, message: messageOf(mailbox, id) };
  };
  const routes: Routes<GraphCall> = {
    [`GET ${path}`]: (call, user, id) => {
      const { message } = open(call, user, id, ...reading);
      const rules = { context: 'attachments', defaultTop: 100, mostTop: 1000 };
      return answerPage(call.exchange, message.content.attachments, attachmentView, rules);
    },
    [`POST ${path}`]: (call, user, id) => {
      const { mailbox, message } = open(call, user, id, 'Mail.ReadWrite');
      const attachment = toAttachment(readGraphBody(call.exchange, attachmentShape));
      if (attachment.content.length >= smallestSession) {
        throw new GraphError(
          413,
          'ErrorMessageSizeExceeded',
          'The attachment is 3 MB or larger; add it by an upload session.',
        );
      }
      addAttachment(mailbox, message, attachment, call.world.clock.now());
      return answerOne(call.exchange, attachmentView(attachment), 'attachments', undefined, 201);
    },
    [`POST ${path}/createUploadSession`]: (call, user, id) => {
      const { mailbox, message } = open(call, user, id, 'Mail.ReadWrite');
      return answerUploadSession(call, mailbox, message);
    },
    [`GET ${path}/:attachment`]: (call, user, id, key) => {
      const { message } = open(call, user, id, ...reading);
      return answerOne(call.exchange, attachmentView(attachmentOf(message, key)), 'attachments');
    },
    [`GET ${path}/:attachment/$value`]: (call, user, id, key) => {
      const { message } = open(call, user, id, ...reading);
      const { contentType, content } = attachmentOf(message, key);
      return { status: 200, headers: { 'content-type': contentType, ...requestIds(call.exchange) }, body: content };
    },
    [`DELETE ${path}/:attachment`]: (call, user, id, key) => {
      const { mailbox, message } = open(call, user, id, 'Mail.ReadWrite');
      removeAttachment(mailbox, message, attachmentOf(message, key), call.world.clock.now());
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
  return { ...routes, ...forMe(routes) };
}

function attachmentOf(message: Message, key: string): Attachment {
  const attachment = message.content.attachments.find(({ id }) => id === key);
  if (attachment === undefined) throw itemNotFound();
  return attachment;
}
