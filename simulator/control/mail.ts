import { z } from 'zod';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { contentFromJson } from '../mail/content-from-json.ts';
import { contentFromMime } from '../mail/content-from-mime.ts';
import { deliver, findMailbox } from '../mail/deliver.ts';
import { listMessages, type Mailbox } from '../mail/mailbox.ts';
import type { Content, Message, OutsideMail, Recipient } from '../mail/message.ts';
import { standardHeaders } from '../mail/mime-build.ts';
import { parseAddresses } from '../mail/mime-parse.ts';
import type { World } from '../world.ts';
import { ControlError } from './control-error.ts';
import { readBody } from './read-body.ts';

const address = z.string().refine((text) => parseAddresses(text).length === 1, 'is not an address');
const incoming = z.union([
  z.strictObject({
    from: address,
    to: z.union([address, z.array(address).min(1)]),
    cc: z.array(address).default([]),
    subject: z.string().default(''),
    text: z.string().default(''),
    html: z.string().optional(),
    messageId: z
      .string()
      .regex(/^<[^<>\s]+>$/, 'is not of the form <id@host>')
      .optional(),
    /** Further header fields, such as In-Reply-To or Auto-Submitted. */
    headers: z.record(z.string(), z.string()).default({}),
    attachments: z
      .array(
        z.strictObject({
          name: z.string(),
          contentType: z.string().default('application/octet-stream'),
          contentBytes: z.base64(),
        }),
      )
      .default([]),
  }),
  z.strictObject({ to: z.array(address).min(1), mime: z.base64() }),
]);

/** What recipients have, seen from outside, and mail that comes from outside. */
export function mailRoutes(world: World): Routes {
  return {
    'GET /mail': (exchange) => {
      const wanted = exchange.url.searchParams.get('address')?.toLowerCase();
      const outside = world.mail.outside
        .filter(({ recipient }) => wanted === undefined || recipient === wanted)
        .map(outsideView);
      const mailbox = wanted === undefined ? undefined : findMailbox(world, wanted);
      const mailboxes =
        wanted === undefined ? [...world.mail.mailboxes.values()] : mailbox === undefined ? [] : [mailbox];
      return json(200, { value: [...mailboxes.flatMap(mailboxView), ...outside] });
    },
    'POST /mail': (exchange) => {
      const mail = readBody(exchange, incoming);
      const content =
        'mime' in mail ? contentFromMime(Buffer.from(mail.mime, 'base64'), 'outside.example') : readContent(mail);
      const recipients = ('mime' in mail ? mail.to : [...[mail.to].flat(), ...mail.cc]).flatMap(parseAddresses);
      const unknown = recipients.find((recipient) => findMailbox(world, recipient.address) === undefined);
      if (unknown !== undefined)
        throw new ControlError(404, 'notFound', `to: no simulated tenant has a mailbox '${unknown.address}'`);
      deliver(world, recipients, content);
      return json(202, { internetMessageId: content.internetMessageId });
    },
  };
}

function readContent(mail: Exclude<z.infer<typeof incoming>, { mime: string }>): Content {
  const from = one(mail.from);
  const input = {
    subject: mail.subject,
    body: { contentType: mail.html === undefined ? 'text' : 'html', content: mail.html ?? mail.text },
    toRecipients: [mail.to].flat().map(graphRecipient),
    ccRecipients: mail.cc.map(graphRecipient),
    attachments: mail.attachments,
    ...(mail.messageId === undefined ? {} : { internetMessageId: mail.messageId }),
  };
  const content = contentFromJson(input, from, from.address.slice(from.address.lastIndexOf('@') + 1));
  return { ...content, headers: Object.entries(mail.headers).map(([name, value]) => ({ name, value })) };
}

function one(text: string): Recipient {
  return parseAddresses(text)[0] ?? { name: '', address: text };
}

function graphRecipient(text: string): { emailAddress: Recipient } {
  return { emailAddress: one(text) };
}

function mailboxView(mailbox: Mailbox): Record<string, unknown>[] {
  const folderName = (id: string): string => mailbox.folders.find((folder) => folder.id === id)?.displayName ?? id;
  return listMessages(mailbox).map((message: Message) => ({
    mailbox: mailbox.owner.mail ?? mailbox.owner.userPrincipalName,
    folder: folderName(message.folderId),
    id: message.immutableId,
    isDraft: message.isDraft,
    isRead: message.isRead,
    ...contentView(message.content, message.sentAt),
    receivedDateTime: new Date(message.receivedAt).toISOString(),
  }));
}

function outsideView({ recipient, content, receivedAt }: OutsideMail): Record<string, unknown> {
  return {
    mailbox: recipient,
    folder: 'Outside',
    ...contentView(content, receivedAt),
    receivedDateTime: new Date(receivedAt).toISOString(),
  };
}

function contentView(content: Content, sentAt: number): Record<string, unknown> {
  return {
    subject: content.subject,
    from: content.from?.address ?? null,
    to: content.to.map((recipient) => recipient.address),
    cc: content.cc.map((recipient) => recipient.address),
    internetMessageId: content.internetMessageId,
    headers: standardHeaders(content, sentAt),
    body: content.body,
    attachments: content.attachments.map(({ name, contentType, content: bytes }) => ({
      name,
      contentType,
      size: bytes.length,
    })),
  };
}
