import { z } from 'zod';
import { addresses } from '../directory/change-users.ts';
import type { GraphCall } from '../graph/caller.ts';
import { GraphError, requestIds } from '../graph/graph-error.ts';
import { readGraphBody } from '../graph/read-graph-body.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { changeContent, messageShape, recipientsShape, toRecipient } from './content-from-json.ts';
import { newMessageId } from './content-from-mime.ts';
import { ownerOf } from './deliver.ts';
import { messageOf, openForMail } from './mail-call.ts';
import { insertMessage, type Mailbox, newId, touchMessage } from './mailbox.ts';
import { type Content, headerValue, type Message, type Recipient } from './message.ts';
import { sendFrom } from './send-from.ts';
import { answerMessage, forMe } from './write-routes.ts';

const wanted = z
  .strictObject({ comment: z.string(), message: messageShape, toRecipients: recipientsShape })
  .exactPartial();

type Wanted = z.infer<typeof wanted>;
type Kind = 'reply' | 'replyAll' | 'forward';

/** Replies and forwards, sent at once or as drafts (Microsoft Graph v1.0, message: reply, replyAll, forward and their create forms). */
export function mailReplyRoutes(): Routes<GraphCall> {
  const send = (kind: Kind) => (call: GraphCall, user: string, id: string) => {
    const mailbox = openForMail(call, user, 'Mail.Send');
    const original = messageOf(mailbox, id);
    const content = contentOf(mailbox, original, kind, readWanted(call));
    sendFrom(call.world, mailbox, content);
    const now = call.world.clock.now();
    insertMessage(mailbox, 'sentitems', content, { isDraft: false, isRead: true }, now);
    if (kind !== 'forward') original.isAnswered = true;
    touchMessage(mailbox, original, now);
    return { status: 202, headers: requestIds(call.exchange) };
  };
  const draft =
    (kind: Kind) =>
    (call: GraphCall, user: string, id: string): Answer => {
      const mailbox = openForMail(call, user, 'Mail.ReadWrite');
      const content = contentOf(mailbox, messageOf(mailbox, id), kind, readWanted(call));
      const message = insertMessage(
        mailbox,
        'drafts',
        content,
        { isDraft: true, isRead: true },
        call.world.clock.now(),
      );
      return answerMessage(call, message, 201);
    };
  const path = 'POST /users/:user/messages/:message';
  const routes: Routes<GraphCall> = {
    [`${path}/reply`]: send('reply'),
    [`${path}/replyAll`]: send('replyAll'),
    [`${path}/forward`]: send('forward'),
    [`${path}/createReply`]: draft('reply'),
    [`${path}/createReplyAll`]: draft('replyAll'),
    [`${path}/createForward`]: draft('forward'),
  };
  return { ...routes, ...forMe(routes) };
}

function readWanted(call: GraphCall): Wanted {
  const body = readGraphBody(call.exchange, wanted);
  if (body.comment !== undefined && body.message?.body !== undefined)
    throw new GraphError(400, 'ErrorInvalidRequest', 'Specify either a comment or the body of the message, not both.');
  return body;
}

function contentOf(mailbox: Mailbox, original: Message, kind: Kind, asked: Wanted): Content {
  const { content } = original;
  const owner = ownerOf(mailbox);
  const own = new Set([mailbox.owner.userPrincipalName.toLowerCase(), ...addresses(mailbox.owner)]);
  const others = (people: readonly Recipient[]): Recipient[] =>
    people.filter(({ address }) => !own.has(address.toLowerCase()));
  const sender = content.replyTo.length > 0 ? content.replyTo : content.from === undefined ? [] : [content.from];
  const references = [headerValue(content.headers, 'References'), content.internetMessageId].filter(Boolean).join(' ');
  const isForward = kind === 'forward';
  const start: Content = {
    internetMessageId: newMessageId(mailbox.tenant.domain),
    subject: prefixed(isForward ? 'FW: ' : 'RE: ', content.subject),
    from: owner,
    sender: owner,
    replyTo: [],
    to: isForward ? [] : kind === 'reply' ? sender : [...sender, ...others(content.to)],
    cc: kind === 'replyAll' ? others(content.cc) : [],
    bcc: [],
    body: quoted(content.body, asked.comment ?? ''),
    headers: [
      { name: 'In-Reply-To', value: content.internetMessageId },
      { name: 'References', value: references },
    ],
    importance: 'normal',
    attachments: isForward ? content.attachments.map((file) => ({ ...file, id: newId() })) : [],
    mime: undefined,
  };
  const changed = changeContent(start, asked.message ?? {});
  const to = [...changed.to, ...(asked.toRecipients ?? []).map(toRecipient)];
  return { ...changed, headers: [...start.headers, ...(asked.message?.internetMessageHeaders ?? [])], to };
}

const prefixed = (prefix: string, subject: string): string =>
  subject.toUpperCase().startsWith(prefix.trim()) ? subject : `${prefix}${subject}`;

function quoted(body: Content['body'], comment: string): Content['body'] {
  const content = body.contentType === 'html' ? `${comment}<hr>${body.content}` : `${comment}\r\n\r\n${body.content}`;
  return { contentType: body.contentType, content };
}
