import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { newMessageId } from './content-from-mime.ts';
import { type Content, isOwnHeader, type Recipient } from './message.ts';

const recipient = z.strictObject({
  emailAddress: z.strictObject({
    address: z.string().regex(/^[^\s@<>]+@[^\s@<>]+$/, 'is not an address'),
    name: z.string().max(256).nullish(),
  }),
});
/** People as Graph takes them. */
export const recipientsShape = z.array(recipient);
const recipients = recipientsShape;

/** A file as Graph takes it, up to 3 MB; larger ones need an upload session. */
export const attachmentShape = z.strictObject({
  name: z.string().min(1).max(256),
  contentType: z.string().max(256).nullish(),
  contentBytes: z.base64(),
  isInline: z.boolean().nullish(),
  contentId: z.string().nullish(),
});

/** The writable properties of a message in Microsoft Graph. */
export const messageShape = z
  .strictObject({
    subject: z.string().max(2048).nullable(),
    body: z.strictObject({ contentType: z.string().regex(/^(text|html)$/i, 'is text or html'), content: z.string() }),
    from: recipient,
    sender: recipient,
    toRecipients: recipients,
    ccRecipients: recipients,
    bccRecipients: recipients,
    replyTo: recipients,
    importance: z.string().regex(/^(low|normal|high)$/i, 'is low, normal or high'),
    internetMessageId: z.string().regex(/^<[^<>\s]+>$/, 'is not of the form <id@host>'),
    internetMessageHeaders: z
      .array(z.strictObject({ name: z.string().regex(/^x-/i, 'must start with x-'), value: z.string().max(995) }))
      .max(50),
    attachments: z.array(attachmentShape),
    categories: z.array(z.string()),
    isRead: z.boolean(),
    flag: z.looseObject({ flagStatus: z.enum(['notFlagged', 'flagged', 'complete']) }),
  })
  .exactPartial();

/** A message as it came in JSON. */
export type MessageInput = z.infer<typeof messageShape>;

/** A file with an id of its own. */
export function toAttachment(input: z.infer<typeof attachmentShape>): Content['attachments'][number] {
  return {
    id: `AAMk${randomUUID()}`,
    name: input.name,
    contentType: input.contentType ?? 'application/octet-stream',
    content: Buffer.from(input.contentBytes, 'base64'),
    isInline: input.isInline ?? false,
    contentId: input.contentId ?? null,
  };
}

/** What a new message says; the mailbox's owner is the sender unless another is named. */
export function contentFromJson(input: MessageInput, owner: Recipient, domain: string): Content {
  const empty: Content = {
    internetMessageId: newMessageId(domain),
    subject: '',
    from: owner,
    sender: owner,
    replyTo: [],
    to: [],
    cc: [],
    bcc: [],
    body: { contentType: 'text', content: '' },
    headers: [],
    importance: 'normal',
    attachments: [],
    mime: undefined,
  };
  return changeContent(empty, input);
}

/** The content with the given properties changed; kept MIME no longer fits and is dropped. */
export function changeContent(content: Content, input: MessageInput): Content {
  const people = (
    list: z.infer<typeof recipients> | undefined,
    otherwise: readonly Recipient[],
  ): readonly Recipient[] => (list === undefined ? otherwise : list.map(toRecipient));
  return {
    internetMessageId: input.internetMessageId ?? content.internetMessageId,
    subject: input.subject === undefined ? content.subject : (input.subject ?? ''),
    from: input.from === undefined ? content.from : toRecipient(input.from),
    sender: input.sender === undefined ? content.sender : toRecipient(input.sender),
    replyTo: people(input.replyTo, content.replyTo),
    to: people(input.toRecipients, content.to),
    cc: people(input.ccRecipients, content.cc),
    bcc: people(input.bccRecipients, content.bcc),
    body:
      input.body === undefined
        ? content.body
        : {
            contentType: input.body.contentType.toLowerCase() === 'html' ? 'html' : 'text',
            content: input.body.content,
          },
    headers:
      input.internetMessageHeaders ??
      (content.mime === undefined ? content.headers : content.headers.filter(isOwnHeader)),
    importance: toImportance(input.importance) ?? content.importance,
    attachments: input.attachments === undefined ? content.attachments : input.attachments.map(toAttachment),
    mime: undefined,
  };
}

/** A person without Graph's wrapping. */
export function toRecipient({ emailAddress }: z.infer<typeof recipient>): Recipient {
  return { address: emailAddress.address, name: emailAddress.name ?? '' };
}

function toImportance(text: string | undefined): Content['importance'] | undefined {
  return (['low', 'normal', 'high'] as const).find((level) => level === text?.toLowerCase());
}
