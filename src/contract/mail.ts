import { z } from 'zod';
import { entriesOf } from './entry.ts';
import { connectionId, displayName, email, id, page, pageOf, time } from './shape.ts';

/** What arriving messages of a mailbox are for; products tell them apart by it. Lower-case words of the product's own. */
const messageType = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'takes lower-case letters, digits and inner dashes');

const mailbox = z
  .strictObject({
    id,
    connection: connectionId,
    address: email,
    name: displayName,
    types: z.array(messageType).max(20),
    receive: z.boolean(),
    pollSeconds: z.int(),
    receiveFrom: time.describe('messages that arrived before are not taken in'),
    lastPolledAt: time.nullable().describe('when it was last looked into with success'),
    fault: z.string().nullable().describe('why the last poll failed, and what to do about it'),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Mailbox' });
export type Mailbox = z.output<typeof mailbox>;

const attempt = z.strictObject({
  number: z.int(),
  at: time,
  outcome: z.enum(['started', 'sent', 'retry', 'failed', 'uncertain']),
  status: z.int().nullable(),
  detail: z.string(),
  retryAt: time.nullable(),
});
export type Attempt = z.output<typeof attempt>;

export const messageStates = ['queued', 'sending', 'sent', 'failed', 'uncertain', 'received'] as const;

const message = z
  .strictObject({
    id,
    connection: connectionId,
    mailbox: id,
    direction: z.enum(['out', 'in']),
    state: z.enum(messageStates),
    from: z.string(),
    to: z.array(z.string()),
    cc: z.array(z.string()),
    subject: z.string(),
    types: z.array(z.string()),
    internetMessageId: z.string().nullable(),
    at: time.describe('queued or received'),
    sentAt: time.nullable(),
    attempts: z.int(),
  })
  .meta({ id: 'Message' });
export type Message = z.output<typeof message>;

const attachment = z.strictObject({
  name: z.string().nullable(),
  type: z.string().describe('media type, as the sender says'),
  size: z.int().describe('bytes'),
});
export type Attachment = z.output<typeof attachment>;

const messageDetail = message
  .extend({
    text: z.string().nullable(),
    html: z
      .string()
      .nullable()
      .describe(
        'as it came; it is not made safe: show it only in a sandboxed frame without scripts and outside images',
      ),
    cut: z.boolean().describe('whether text or html were longer than what is kept, or could not be read'),
    headers: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    attachments: z.array(attachment),
    attemptList: z.array(attempt),
  })
  .meta({ id: 'MessageDetail' });
export type MessageDetail = z.output<typeof messageDetail>;

const createMailbox = z.strictObject({
  address: email.describe('the e-mail address'),
  name: displayName.optional().describe('the name that recipients see'),
  types: mailbox.shape.types.default([]).describe("what arriving messages are for, in the product's own words"),
  receive: z.boolean().default(true).describe('arriving messages are taken in'),
  pollSeconds: z.int().min(1).max(86400).default(60).describe('seconds between two looks for new messages'),
});
export type CreateMailbox = z.output<typeof createMailbox>;

/** Recipients of one message, To and Cc together: what Exchange Online takes by default. */
const mostRecipients = 500;
/** Text and html together in UTF-8: encoded twice, as MIME and for the request, it still fits into Graph's 4 MB. */
const mostBytes = 2_000_000;
const content = z
  .string()
  .max(1_000_000)
  .refine((text) => !text.includes('\0'), 'holds a NUL character');

const sendMessage = z
  .strictObject({
    mailbox: email.describe('address of the mailbox it is sent from'),
    to: z.array(email).min(1).max(mostRecipients).describe('recipients'),
    cc: z.array(email).max(mostRecipients).default([]).describe('recipients of a copy'),
    subject: z
      .string()
      .describe('one line')
      .max(998)
      .refine((text) => !/\p{Cc}/u.test(text), 'has no line breaks or other control characters'),
    text: content.optional().describe('the message as plain text; text, html or both'),
    html: content.optional().describe('the message as HTML'),
  })
  .refine((body) => body.text !== undefined || body.html !== undefined, {
    path: ['text'],
    error: 'text or html is needed',
  })
  .refine((body) => body.to.length + body.cc.length <= mostRecipients, {
    path: ['cc'],
    error: `to and cc together hold at most ${mostRecipients} recipients`,
  })
  .refine((body) => new TextEncoder().encode(`${body.text ?? ''}${body.html ?? ''}`).length <= mostBytes, {
    path: ['html'],
    error: `text and html together take at most ${mostBytes} bytes`,
  })
  .meta({ id: 'SendMessage' });
export type SendMessage = z.output<typeof sendMessage>;

export const mailEntries = entriesOf({
  'mailboxes.list': {
    method: 'GET',
    path: '/connections/{connection}/mailboxes',
    right: 'mailboxes:read',
    summary: 'List mailboxes',
    query: page,
    answer: pageOf(mailbox),
    status: 200,
  },
  'mailboxes.create': {
    method: 'POST',
    path: '/connections/{connection}/mailboxes',
    right: 'mailboxes:update',
    summary: 'Add a mailbox',
    body: createMailbox,
    answer: mailbox,
    status: 201,
    problems: ['conflict'],
  },
  'mailboxes.get': {
    method: 'GET',
    path: '/connections/{connection}/mailboxes/{mailbox}',
    right: 'mailboxes:read',
    summary: 'Get a mailbox',
    answer: mailbox,
    status: 200,
  },
  'mailboxes.update': {
    method: 'PATCH',
    path: '/connections/{connection}/mailboxes/{mailbox}',
    right: 'mailboxes:update',
    summary: 'Change a mailbox',
    body: z.strictObject({
      name: createMailbox.shape.name,
      types: mailbox.shape.types.optional().describe("what arriving messages are for, in the product's own words"),
      receive: z.boolean().optional().describe('arriving messages are taken in'),
      pollSeconds: z.int().min(1).max(86400).optional().describe('seconds between two looks for new messages'),
    }),
    answer: mailbox,
    status: 200,
    problems: ['version-changed'],
  },
  'mailboxes.delete': {
    method: 'DELETE',
    path: '/connections/{connection}/mailboxes/{mailbox}',
    right: 'mailboxes:update',
    summary: 'Remove a mailbox; its messages stay, those still queued fail',
    status: 204,
    problems: ['version-changed'],
  },
  'messages.list': {
    method: 'GET',
    path: '/connections/{connection}/messages',
    right: 'mail:read',
    summary: 'List messages, newest first',
    query: page.extend({
      direction: z.enum(['out', 'in']).optional().describe('only sent or only received ones'),
      state: z.enum(messageStates).optional().describe('only those in this state'),
    }),
    answer: pageOf(message),
    status: 200,
  },
  'messages.send': {
    method: 'POST',
    path: '/connections/{connection}/messages',
    right: 'mail:send',
    summary: 'Take a message into the outbox; the same Idempotency-Key never sends twice',
    body: sendMessage,
    answer: message,
    status: 202,
    problems: ['wrong-state'],
  },
  'messages.get': {
    method: 'GET',
    path: '/connections/{connection}/messages/{message}',
    right: 'mail:read',
    summary: 'Get a message with its bodies and attempts',
    answer: messageDetail,
    status: 200,
  },
});
