import { z } from 'zod';
import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { answerOne } from '../graph/odata-page.ts';
import { readGraphBody } from '../graph/read-graph-body.ts';
import { type Answer, contentType } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { changeContent, contentFromJson, type MessageInput, messageShape } from './content-from-json.ts';
import { contentFromMime, decodeMimeBody } from './content-from-mime.ts';
import { ownerOf } from './deliver.ts';
import { folderOf, mayAlso, messageOf, openForMail } from './mail-call.ts';
import { copyMessage, insertMessage, type Mailbox, moveMessage, removeMessage, touchMessage } from './mailbox.ts';
import type { Content, Message } from './message.ts';
import { appliedPreferences, messageView, shownOfMessage, wantsImmutableIds } from './message-view.ts';
import { sendFrom } from './send-from.ts';

const sendMail = z.strictObject({ message: messageShape, saveToSentItems: z.boolean().default(true) });
const move = z.strictObject({ destinationId: z.string() });

/** From then on changing what a message says, once it is no draft, needs a permission of its own. */
const advancedSince = Date.UTC(2026, 11, 31);

/** Sending, drafts and changes of messages (Microsoft Graph v1.0, Outlook mail). */
export function mailWriteRoutes(): Routes<GraphCall> {
  const routes: Routes<GraphCall> = {
    'POST /users/:user/sendMail': (call, user) => {
      const mailbox = openForMail(call, user, 'Mail.Send');
      const { content, save } = readSendMail(call, mailbox);
      sendFrom(call.world, mailbox, content);
      if (save) insertMessage(mailbox, 'sentitems', content, { isDraft: false, isRead: true }, call.world.clock.now());
      return accepted(call);
    },
    'POST /users/:user/messages': (call, user) => makeDraft(call, openForMail(call, user, 'Mail.ReadWrite'), 'drafts'),
    'POST /users/:user/mailFolders/:folder/messages': (call, user, folder) =>
      makeDraft(call, openForMail(call, user, 'Mail.ReadWrite'), folder),
    'POST /users/:user/messages/:message/send': (call, user, id) => {
      const mailbox = openForMail(call, user, 'Mail.Send');
      const message = messageOf(mailbox, id);
      if (!message.isDraft)
        throw new GraphError(400, 'ErrorInvalidOperation', 'The message is no draft and cannot be sent.');
      const now = call.world.clock.now();
      sendFrom(call.world, mailbox, message.content);
      Object.assign(message, { isDraft: false, isRead: true, sentAt: now, receivedAt: now });
      moveMessage(mailbox, message, folderOf(mailbox, 'sentitems'), now);
      return accepted(call);
    },
    'PATCH /users/:user/messages/:message': (call, user, id) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const message = messageOf(mailbox, id);
      changeMessage(call, mailbox, message, readGraphBody(call.exchange, messageShape));
      touchMessage(mailbox, message, call.world.clock.now());
      return answerMessage(call, message, 200);
    },
    'DELETE /users/:user/messages/:message': (call, user, id) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const message = messageOf(mailbox, id);
      const bin = folderOf(mailbox, 'deleteditems');
      if (message.folderId === bin.id) removeMessage(mailbox, message);
      else moveMessage(mailbox, message, bin, call.world.clock.now());
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'POST /users/:user/messages/:message/move': (call, user, id) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const message = messageOf(mailbox, id);
      const { destinationId } = readGraphBody(call.exchange, move);
      moveMessage(mailbox, message, folderOf(mailbox, destinationId), call.world.clock.now());
      return answerMessage(call, message, 201);
    },
    'POST /users/:user/messages/:message/copy': (call, user, id) => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const message = messageOf(mailbox, id);
      const { destinationId } = readGraphBody(call.exchange, move);
      const copy = copyMessage(mailbox, message, folderOf(mailbox, destinationId), call.world.clock.now());
      return answerMessage(call, copy, 201);
    },
  };
  return { ...routes, ...forMe(routes) };
}

/** The same routes under `/me`. */
export function forMe(routes: Routes<GraphCall>): Routes<GraphCall> {
  return Object.fromEntries(
    Object.entries(routes).map(([pattern, handle]) => [
      pattern.replace('/users/:user', '/me'),
      (call, ...keys) => handle(call, 'me', ...keys),
    ]),
  );
}

function readSendMail(call: GraphCall, mailbox: Mailbox): { content: Content; save: boolean } {
  if (isMime(call)) return { content: mimeContent(call, mailbox), save: true };
  const { message, saveToSentItems } = readGraphBody(call.exchange, sendMail);
  return { content: contentFromJson(message, ownerOf(mailbox), mailbox.tenant.domain), save: saveToSentItems };
}

function makeDraft(call: GraphCall, mailbox: Mailbox, folder: string): Answer {
  const content = isMime(call)
    ? mimeContent(call, mailbox)
    : contentFromJson(readGraphBody(call.exchange, messageShape), ownerOf(mailbox), mailbox.tenant.domain);
  const place = folderOf(mailbox, folder);
  const message = insertMessage(mailbox, place.id, content, { isDraft: true, isRead: true }, call.world.clock.now());
  return answerMessage(call, message, 201);
}

function isMime({ exchange }: GraphCall): boolean {
  return contentType(exchange) === 'text/plain';
}

function mimeContent({ exchange }: GraphCall, mailbox: Mailbox): Content {
  const content = contentFromMime(decodeMimeBody(exchange.body), mailbox.tenant.domain);
  const owner = ownerOf(mailbox);
  return { ...content, from: content.from ?? owner, sender: content.sender ?? owner };
}

/** Drafts change freely. Of other messages the read flag and categories do; the rest needs Mail-Advanced.ReadWrite from its date on. */
function changeMessage(call: GraphCall, mailbox: Mailbox, message: Message, input: MessageInput): void {
  const { isRead, categories, flag, ...said } = input;
  const changesContent = Object.keys(said).length > 0;
  if (changesContent && !message.isDraft) {
    if (said.internetMessageId !== undefined)
      throw new GraphError(400, 'ErrorInvalidPropertySet', 'internetMessageId can be set on drafts only.');
    const advanced = ['Mail-Advanced.ReadWrite.All', 'Mail-Advanced.ReadWrite'];
    if (call.world.clock.now() >= advancedSince && !mayAlso(call, mailbox, ...advanced)) {
      throw new GraphError(
        403,
        'ErrorAccessDenied',
        'Changing a message that is no draft needs Mail-Advanced.ReadWrite.',
      );
    }
  }
  if (changesContent) message.content = changeContent(message.content, said);
  message.isRead = isRead ?? message.isRead;
  if (flag !== undefined) message.isFlagged = flag.flagStatus === 'flagged';
  message.categories = categories ?? message.categories;
}

/** Answers a message that was made or changed. */
export function answerMessage({ exchange }: GraphCall, message: Message, status: number): Answer {
  const answer = answerOne(
    exchange,
    messageView(message, wantsImmutableIds(exchange)),
    'messages',
    shownOfMessage,
    status,
  );
  return { ...answer, headers: { ...answer.headers, ...appliedPreferences(exchange) } };
}

/** Accepted is not delivered: an empty 202. */
function accepted({ exchange }: GraphCall): Answer {
  return { status: 202, headers: requestIds(exchange) };
}
