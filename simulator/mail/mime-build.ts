import { createHash } from 'node:crypto';
import type { Attachment, Content, HeaderField, Recipient } from './message.ts';

/** The MIME of a message: as it was sent, or made from its parts. Bcc is left out. */
export function buildMime(content: Content, sentAt: number): Buffer {
  if (content.mime !== undefined) return content.mime;
  const text = part(
    `text/${content.body.contentType === 'html' ? 'html' : 'plain'}; charset=utf-8`,
    [],
    Buffer.from(content.body.content),
  );
  const head = standardHeaders(content, sentAt).map(({ name, value }) => `${name}: ${encodeWords(value)}`);
  if (content.attachments.length === 0) return Buffer.from([...head, 'MIME-Version: 1.0', text].join('\r\n'));
  const boundary = `=_${createHash('sha256').update(content.internetMessageId).digest('hex').slice(0, 32)}`;
  const parts = [text, ...content.attachments.map(attachmentPart)].map((piece) => `--${boundary}\r\n${piece}`);
  const type = `Content-Type: multipart/mixed; boundary="${boundary}"`;
  return Buffer.from([...head, 'MIME-Version: 1.0', type, '', ...parts, `--${boundary}--`, ''].join('\r\n'));
}

/** The header fields a message shows: what MIME brought, or what its properties amount to. */
export function standardHeaders(content: Content, sentAt: number): HeaderField[] {
  if (content.mime !== undefined) return [...content.headers];
  const list = (name: string, people: readonly (Recipient | undefined)[]): HeaderField[] => {
    const value = people.flatMap((one) => (one === undefined ? [] : [formatAddress(one)])).join(', ');
    return value === '' ? [] : [{ name, value }];
  };
  return [
    ...list('From', [content.from]),
    ...(content.sender?.address === content.from?.address ? [] : list('Sender', [content.sender])),
    ...list('To', content.to),
    ...list('Cc', content.cc),
    ...list('Reply-To', content.replyTo),
    { name: 'Subject', value: content.subject },
    { name: 'Date', value: new Date(sentAt).toUTCString().replace('GMT', '+0000') },
    { name: 'Message-ID', value: content.internetMessageId },
    ...(content.importance === 'normal' ? [] : [{ name: 'Importance', value: content.importance }]),
    ...content.headers,
  ];
}

function attachmentPart({ name, contentType, content, isInline, contentId }: Attachment): string {
  const quoted = name.replace(/["\\\r\n]/g, '_');
  const extra = [
    `Content-Disposition: ${isInline ? 'inline' : 'attachment'}; filename="${encodeWords(quoted)}"`,
    ...(contentId === null ? [] : [`Content-ID: <${contentId}>`]),
  ];
  return part(contentType, extra, content);
}

function part(contentType: string, extra: readonly string[], content: Buffer): string {
  const encoded = content.toString('base64').replace(/.{76}/g, '$&\r\n');
  return [`Content-Type: ${contentType}`, 'Content-Transfer-Encoding: base64', ...extra, '', encoded].join('\r\n');
}

function formatAddress({ name, address }: Recipient): string {
  return name === '' ? `<${address}>` : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`;
}

/** RFC 2047 for a value with characters beyond ASCII; the address of a mailbox stays readable. */
function encodeWords(value: string): string {
  const word = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
  if (!/[^\x20-\x7e]/.test(value)) return value;
  if (!/<[^<>]+@[^<>]+>/.test(value)) return word(value);
  return value.replace(/"((?:[^"\\]|\\.)*)"/g, (whole, name: string) =>
    /[^\x20-\x7e]/.test(name) ? word(name.replace(/\\(.)/g, '$1')) : whole,
  );
}
