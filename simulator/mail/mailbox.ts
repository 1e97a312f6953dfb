import { createHash, randomBytes } from 'node:crypto';
import type { Tenant, User } from '../directory/tenant.ts';
import {
  type Attachment,
  type Content,
  type DelayedMail,
  headerValue,
  isOwnHeader,
  type Message,
  type OutsideMail,
} from './message.ts';
import type { UploadSession } from './upload-session.ts';

/** A folder; the well-known ones can be named instead of their id. Only the root has no parent. */
export type Folder = {
  readonly id: string;
  readonly wellKnownName: string | null;
  displayName: string;
  parentId: string | null;
};

/** A message that left a folder, by both its ids. */
export type Departure = {
  readonly folderId: string;
  readonly id: string;
  readonly immutableId: string;
  readonly changed: number;
};

/** One person's mailbox. */
export type Mailbox = {
  readonly tenant: Tenant;
  readonly owner: User;
  readonly folders: Folder[];
  /** By immutable id. */
  readonly messages: Map<string, Message>;
  /** Immutable ids by the changing one. */
  readonly immutableIds: Map<string, string>;
  readonly departures: Departure[];
  /** What was sent within a day. */
  readonly submissions: { readonly at: number; readonly recipients: number }[];
  /** Grows with every change. */
  sequence: number;
};

/** All mail: mailboxes by user id, opened when first used, and what went elsewhere. */
export type MailSystem = {
  readonly mailboxes: Map<string, Mailbox>;
  readonly outside: OutsideMail[];
  /** Large files on their way, by the token in their address. */
  readonly uploads: Map<string, UploadSession>;
  /** Mail that is sent already and arrives later. */
  readonly delayed: DelayedMail[];
};

const folderNames: readonly [wellKnown: string, display: string][] = [
  ['msgfolderroot', 'Top of Information Store'],
  ['inbox', 'Inbox'],
  ['drafts', 'Drafts'],
  ['sentitems', 'Sent Items'],
  ['deleteditems', 'Deleted Items'],
  ['junkemail', 'Junk Email'],
  ['outbox', 'Outbox'],
  ['archive', 'Archive'],
];

/** No mail yet. */
export function createMailSystem(): MailSystem {
  return { mailboxes: new Map(), outside: [], uploads: new Map(), delayed: [] };
}

/** The mailbox of a user; undefined when he has none. */
export function openMailbox(mail: MailSystem, tenant: Tenant, owner: User): Mailbox | undefined {
  if (!owner.hasMailbox) return undefined;
  const present = mail.mailboxes.get(owner.id);
  if (present !== undefined) return present;
  const folderId = (name: string): string =>
    `AAMk${createHash('sha256').update(`${owner.id}/${name}`).digest('base64url')}`;
  const folders = folderNames.map(
    ([wellKnownName, displayName], place): Folder => ({
      id: folderId(wellKnownName),
      wellKnownName,
      displayName,
      parentId: place === 0 ? null : folderId('msgfolderroot'),
    }),
  );
  const mailbox: Mailbox = {
    tenant,
    owner,
    folders,
    messages: new Map(),
    immutableIds: new Map(),
    departures: [],
    submissions: [],
    sequence: 0,
  };
  mail.mailboxes.set(owner.id, mailbox);
  return mailbox;
}

/** Finds a folder by id or well-known name. */
export function findFolder(mailbox: Mailbox, key: string): Folder | undefined {
  return mailbox.folders.find(({ id, wellKnownName }) => id === key || wellKnownName === key.toLowerCase());
}

/** Finds a message by either of its ids. */
export function findMessage(mailbox: Mailbox, key: string): Message | undefined {
  return mailbox.messages.get(key) ?? mailbox.messages.get(mailbox.immutableIds.get(key) ?? '');
}

/** Puts a message into a folder. */
export function insertMessage(
  mailbox: Mailbox,
  folder: string,
  content: Content,
  state: Pick<Message, 'isDraft' | 'isRead'>,
  now: number,
): Message {
  const sequence = ++mailbox.sequence;
  const message: Message = {
    id: newId(),
    immutableId: newId(),
    folderId: findFolder(mailbox, folder)?.id ?? folder,
    arrived: sequence,
    content,
    ...state,
    isFlagged: false,
    isAnswered: false,
    isDeleted: false,
    categories: [],
    conversationId: conversationOf(mailbox, content),
    createdAt: now,
    modifiedAt: now,
    receivedAt: now,
    sentAt: now,
    changed: sequence,
  };
  mailbox.messages.set(message.immutableId, message);
  mailbox.immutableIds.set(message.id, message.immutableId);
  return message;
}

/** Notes that a message changed. */
export function touchMessage(mailbox: Mailbox, message: Message, now: number): void {
  message.modifiedAt = now;
  message.changed = ++mailbox.sequence;
}

/** Adds a file to a message; kept MIME no longer fits and is dropped. */
export function addAttachment(mailbox: Mailbox, message: Message, attachment: Attachment, now: number): void {
  changeAttachments(mailbox, message, [...message.content.attachments, attachment], now);
}

/** Takes a file out of a message. */
export function removeAttachment(mailbox: Mailbox, message: Message, attachment: Attachment, now: number): void {
  const left = message.content.attachments.filter((other) => other !== attachment);
  changeAttachments(mailbox, message, left, now);
}

function changeAttachments(mailbox: Mailbox, message: Message, attachments: readonly Attachment[], now: number): void {
  const { headers, mime } = message.content;
  const own = mime === undefined ? headers : headers.filter(isOwnHeader);
  message.content = { ...message.content, headers: own, attachments, mime: undefined };
  touchMessage(mailbox, message, now);
}

/** Moves a message: its changing id becomes another, the immutable one stays. */
export function moveMessage(mailbox: Mailbox, message: Message, folder: Folder, now: number): void {
  depart(mailbox, message);
  message.id = newId();
  message.folderId = folder.id;
  mailbox.immutableIds.set(message.id, message.immutableId);
  touchMessage(mailbox, message, now);
  message.arrived = message.changed;
}

/** Copies a message into a folder; the copy has ids of its own. */
export function copyMessage(mailbox: Mailbox, message: Message, folder: Folder, now: number): Message {
  const sequence = ++mailbox.sequence;
  const ids = { id: newId(), immutableId: newId(), folderId: folder.id };
  const copy = { ...message, ...ids, arrived: sequence, createdAt: now, modifiedAt: now, changed: sequence };
  mailbox.messages.set(copy.immutableId, copy);
  mailbox.immutableIds.set(copy.id, copy.immutableId);
  return copy;
}

/** Removes a message for good. */
export function removeMessage(mailbox: Mailbox, message: Message): void {
  depart(mailbox, message);
  mailbox.messages.delete(message.immutableId);
}

/** Messages of a folder (of all, without one), newest first. */
export function listMessages(mailbox: Mailbox, folderId?: string): Message[] {
  const found = [...mailbox.messages.values()].filter(
    (message) => folderId === undefined || message.folderId === folderId,
  );
  return found.reverse().sort((one, two) => two.receivedAt - one.receivedAt);
}

function depart(mailbox: Mailbox, { id, immutableId, folderId }: Message): void {
  mailbox.immutableIds.delete(id);
  mailbox.departures.push({ folderId, id, immutableId, changed: ++mailbox.sequence });
}

/** An id as Exchange makes them: opaque, and long. */
export function newId(): string {
  return `AAMk${randomBytes(48).toString('base64url')}`;
}

/** Replies share the conversation of what they refer to, as far as this mailbox holds it. */
function conversationOf(mailbox: Mailbox, { headers, internetMessageId }: Content): string {
  const references = `${headerValue(headers, 'References') ?? ''} ${headerValue(headers, 'In-Reply-To') ?? ''}`;
  const ids = new Set(references.match(/<[^<>\s]+>/g));
  const earlier = [...mailbox.messages.values()].find((message) => ids.has(message.content.internetMessageId));
  return earlier?.conversationId ?? `AAQk${createHash('sha256').update(internetMessageId).digest('base64url')}`;
}
