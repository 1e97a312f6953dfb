/** An address with its name. */
export type Recipient = { readonly name: string; readonly address: string };

/** A header field in the order it stands in the message. */
export type HeaderField = { readonly name: string; readonly value: string };

/** A file in a message. */
export type Attachment = {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly isInline: boolean;
  readonly contentId: string | null;
};

/** What a message says, wherever it lies. */
export type Content = {
  readonly internetMessageId: string;
  readonly subject: string;
  readonly from: Recipient | undefined;
  readonly sender: Recipient | undefined;
  readonly replyTo: readonly Recipient[];
  readonly to: readonly Recipient[];
  readonly cc: readonly Recipient[];
  readonly bcc: readonly Recipient[];
  readonly body: { readonly contentType: 'text' | 'html'; readonly content: string };
  /** Fields beyond those above: own `x-` ones, and for MIME all as they came. */
  readonly headers: readonly HeaderField[];
  readonly importance: 'low' | 'normal' | 'high';
  readonly attachments: readonly Attachment[];
  /** The MIME it was sent as, kept byte for byte; undefined when it was made from JSON. */
  readonly mime: Buffer | undefined;
};

/** A message in a folder of a mailbox. */
export type Message = {
  /** Changes when the message moves to another folder; the immutable one does not. */
  id: string;
  readonly immutableId: string;
  folderId: string;
  /** The mailbox's sequence number when it came into its folder; IMAP's UID. */
  arrived: number;
  content: Content;
  isDraft: boolean;
  isRead: boolean;
  isFlagged: boolean;
  isAnswered: boolean;
  /** Marked for removal by IMAP; other protocols do not see it. */
  isDeleted: boolean;
  categories: readonly string[];
  readonly conversationId: string;
  readonly createdAt: number;
  modifiedAt: number;
  receivedAt: number;
  sentAt: number;
  /** The mailbox's sequence number of the last change, which delta reads by. */
  changed: number;
};

/** A message that left the simulated tenants. */
export type OutsideMail = { readonly recipient: string; readonly content: Content; readonly receivedAt: number };

/** A message that arrives at an instant to come. */
export type DelayedMail = {
  readonly dueAt: number;
  readonly recipients: readonly Recipient[];
  readonly content: Content;
};

/** The value of a header field, compared without case. */
export function headerValue(fields: readonly HeaderField[], name: string): string | undefined {
  return fields.find((field) => field.name.toLowerCase() === name.toLowerCase())?.value;
}

/** Whether a header field is the message's own, beyond those that its properties make. */
export function isOwnHeader({ name }: HeaderField): boolean {
  return /^x-|^in-reply-to$|^references$/i.test(name);
}
