import { randomUUID } from 'node:crypto';
import { GraphError } from '../graph/graph-error.ts';
import { type Content, headerValue, type Recipient } from './message.ts';
import { parseAddresses, parseMime } from './mime-parse.ts';

/** Reads MIME that came base64-encoded in a text/plain body, as Graph takes it. Throws 400 ErrorMimeContentInvalidBase64String. */
export function decodeMimeBody(body: Buffer): Buffer {
  const text = body.toString('latin1').replace(/\s+/g, '');
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new GraphError(400, 'ErrorMimeContentInvalidBase64String', 'Invalid base64 string for MIME content.');
  }
  return Buffer.from(text, 'base64');
}

/** What a MIME message says; its own Message-ID is kept. */
export function contentFromMime(mime: Buffer, domain: string): Content {
  const parsed = parseMime(mime);
  const header = (name: string): string | undefined => headerValue(parsed.headers, name);
  const people = (name: string): Recipient[] => parseAddresses(header(name));
  const importance = header('Importance')?.toLowerCase();
  return {
    internetMessageId: header('Message-ID')?.trim() || newMessageId(domain),
    subject: header('Subject') ?? '',
    from: people('From')[0],
    sender: people('Sender')[0] ?? people('From')[0],
    replyTo: people('Reply-To'),
    to: people('To'),
    cc: people('Cc'),
    bcc: people('Bcc'),
    body:
      parsed.html === undefined
        ? { contentType: 'text', content: parsed.text ?? '' }
        : { contentType: 'html', content: parsed.html },
    headers: parsed.headers.filter(({ name }) => name.toLowerCase() !== 'bcc'),
    importance: importance === 'high' || importance === 'low' ? importance : 'normal',
    attachments: parsed.attachments.map((attachment) => ({ id: `AAMk${randomUUID()}`, ...attachment })),
    mime: withoutBcc(mime),
  };
}

/** A Message-ID as Exchange makes them. */
export function newMessageId(domain: string): string {
  return `<${randomUUID().toUpperCase()}@${domain}>`;
}

/** Blind copies stay blind: the field is cut out of the kept bytes. */
function withoutBcc(mime: Buffer): Buffer {
  const source = mime.toString('latin1');
  const end = /\r?\n\r?\n/.exec(source)?.index ?? source.length;
  const fields = source.slice(0, end).split(/\r?\n(?![ \t])/);
  const separator = source.includes('\r\n') ? '\r\n' : '\n';
  const head = fields.filter((field) => !/^bcc[ \t]*:/i.test(field)).join(separator);
  return Buffer.from(head + source.slice(end), 'latin1');
}
