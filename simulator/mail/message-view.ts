import { toIso } from '../clock.ts';
import { type Exchange, header } from '../http/exchange.ts';
import type { Attachment, Message, Recipient } from './message.ts';
import { standardHeaders } from './mime-build.ts';

type View = Readonly<Record<string, unknown>>;

/** Properties that are there only when `$select` names them. */
const onDemand: readonly string[] = ['internetMessageHeaders'];

/** What a message shows without `$select`. */
export const shownOfMessage: readonly string[] = [
  'id',
  'createdDateTime',
  'lastModifiedDateTime',
  'changeKey',
  'categories',
  'receivedDateTime',
  'sentDateTime',
  'hasAttachments',
  'internetMessageId',
  'subject',
  'bodyPreview',
  'importance',
  'parentFolderId',
  'conversationId',
  'isRead',
  'isDraft',
  'webLink',
  'inferenceClassification',
  'body',
  'sender',
  'from',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'flag',
].filter((name) => !onDemand.includes(name));

/** Whether the client asked for ids that survive a move: `Prefer: IdType="ImmutableId"`. */
export function wantsImmutableIds(exchange: Exchange): boolean {
  return /IdType="?ImmutableId"?/i.test(header(exchange, 'prefer') ?? '');
}

/** The headers that tell which preferences were honoured. */
export function appliedPreferences(exchange: Exchange): Record<string, string> {
  return wantsImmutableIds(exchange) ? { 'preference-applied': 'IdType="ImmutableId"' } : {};
}

/** A message as Microsoft Graph shows it. */
export function messageView(message: Message, immutable: boolean): View {
  const { content } = message;
  const changeKey = changeKeyOf(message);
  return {
    '@odata.etag': etagOf(message),
    id: immutable ? message.immutableId : message.id,
    createdDateTime: toIso(message.createdAt),
    lastModifiedDateTime: toIso(message.modifiedAt),
    changeKey,
    categories: message.categories,
    receivedDateTime: toIso(message.receivedAt),
    sentDateTime: toIso(message.sentAt),
    hasAttachments: content.attachments.some(({ isInline }) => !isInline),
    internetMessageId: content.internetMessageId,
    subject: content.subject,
    bodyPreview: preview(content.body.content),
    importance: content.importance,
    parentFolderId: message.folderId,
    conversationId: message.conversationId,
    isRead: message.isRead,
    isDraft: message.isDraft,
    webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(message.id)}`,
    inferenceClassification: 'focused',
    body: content.body,
    sender: recipientView(content.sender),
    from: recipientView(content.from),
    toRecipients: content.to.map(recipientView),
    ccRecipients: content.cc.map(recipientView),
    bccRecipients: content.bcc.map(recipientView),
    replyTo: content.replyTo.map(recipientView),
    flag: { flagStatus: message.isFlagged ? 'flagged' : 'notFlagged' },
    internetMessageHeaders: standardHeaders(content, message.sentAt),
  };
}

/** What changes with every change of a message. */
export function changeKeyOf({ immutableId, changed }: Message): string {
  return Buffer.from(`${immutableId.slice(-8)}${changed}`).toString('base64');
}

/** The ETag of a message. */
export const etagOf = (message: Message): string => `W/"${changeKeyOf(message)}"`;

/** A file as Microsoft Graph shows it. */
export function attachmentView(attachment: Attachment): View {
  return {
    '@odata.type': '#microsoft.graph.fileAttachment',
    id: attachment.id,
    name: attachment.name,
    contentType: attachment.contentType,
    size: attachment.content.length,
    isInline: attachment.isInline,
    contentId: attachment.contentId,
    contentBytes: attachment.content.toString('base64'),
  };
}

function recipientView(recipient: Recipient | undefined): View | null {
  if (recipient === undefined) return null;
  const { name, address } = recipient;
  return { emailAddress: { name: name === '' ? address : name, address } };
}

function preview(content: string): string {
  return content
    .replace(/<style[\s\S]*?<\/style>|<[^>]*>/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 255);
}
