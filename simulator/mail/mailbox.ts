import { createHash, randomBytes } from 'node:crypto';
import type { Tenant, User } from '../directory/tenant.ts';
import { type Content, headerValue, type Message, type OutsideMail } from './message.ts';

/** A folder; the well-known ones can be named instead of their id. */
export type Folder = { readonly id: string; readonly wellKnownName: string; readonly displayName: string };

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
  readonly folders: readonly Folder[];
  /** By immutable id. */
  readonly messages: Map<string, Message>;
  /** Immutable ids by the changing one. */
  readonly immutableIds: Map<string, string>;
  readonly departures: Departure[];
  sequence: number;
};

/** All mail: mailboxes by user id, opened when first used, and what went elsewhere. */
export type MailSystem = { readonly mailboxes: Map<string, Mailbox>; readonly outside: OutsideMail[] };

const folderNames: readonly [wellKnown: string, display: string][] = [
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
  return { mailboxes: new Map(), outside: [] };
}

/** The mailbox of a user; undefined when he has none. */
export function openMailbox(mail: MailSystem, tenant: Tenant, owner: User): Mailbox | undefined {
  if (!owner.hasMailbox) return undefined;
  const present = mail.mailboxes.get(owner.id);
  if (present !== undefined) return present;
  const folders = folderNames.map(([wellKnownName, displayName]) => ({
    id: `AAMk${createHash('sha256').update(`${owner.id}/${wellKnownName}`).digest('base64url')}`,
    wellKnownName,
    displayName,
  }));
  const mailbox: Mailbox = {
    tenant,
    owner,
    folders,
    messages: new Map(),
    immutableIds: new Map(),
    departures: [],
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
  const message: Message = {
    id: newId(),
    immutableId: newId(),
    folderId: findFolder(mailbox, folder)?.id ?? folder,
    content,
    ...state,
    categories: [],
    conversationId: conversationOf(mailbox, content),
    createdAt: now,
    modifiedAt: now,
    receivedAt: now,
    sentAt: now,
    changed: ++mailbox.sequence,
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

/** Moves a message: its changing id becomes another, the immutable one stays. */
export function moveMessage(mailbox: Mailbox, message: Message, folder: Folder, now: number): void {
  depart(mailbox, message);
  message.id = newId();
  message.folderId = folder.id;
  mailbox.immutableIds.set(message.id, message.immutableId);
  touchMessage(mailbox, message, now);
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

function newId(): string {
  return `AAMk${randomBytes(48).toString('base64url')}`;
}

/** Replies share the conversation of what they refer to, as far as this mailbox holds it. */
function conversationOf(mailbox: Mailbox, { headers, internetMessageId }: Content): string {
  const references = `${headerValue(headers, 'References') ?? ''} ${headerValue(headers, 'In-Reply-To') ?? ''}`;
  const ids = new Set(references.match(/<[^<>\s]+>/g));
  const earlier = [...mailbox.messages.values()].find((message) => ids.has(message.content.internetMessageId));
  return earlier?.conversationId ?? `AAQk${createHash('sha256').update(internetMessageId).digest('base64url')}`;
}
