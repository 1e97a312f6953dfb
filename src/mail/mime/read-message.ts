import addressparser from 'nodemailer/lib/addressparser/index.js';
import type { Attachment } from '#contract';
import { decodeCharset, decodeQuotedPrintable } from './charset.ts';
import { decodeWords } from './decode-words.ts';
import { type Field, fieldOf, readFields } from './fields.ts';
import { readStructured, type Structured } from './structured.ts';

/** A message as it was read. Nothing in it is to be trusted. */
export interface ReadMessage {
  /** Decoded; in their order. */
  headers: Field[];
  to: string[];
  cc: string[];
  text: string | null;
  html: string | null;
  attachments: Attachment[];
  /** Whether something was longer than what is kept. */
  cut: boolean;
}

/** Characters that are kept of text, and of html. */
const longestBody = 1_000_000;
/** Encoded characters that are looked at of one part of them. */
const longestEncoded = 4 * longestBody;
const mostHeaders = 200;
const longestHeader = 4000;
const mostParts = 500;
const deepest = 20;

/** Reads a message in MIME (RFC 5322, RFC 2045–2047, RFC 2231): header, bodies, and what is attached. */
export function readMessage(mime: string): ReadMessage {
  const { fields } = readFields(mime);
  const found: Found = { text: [], html: [], attachments: [], parts: 0, cut: false };
  walk(mime, 0, mime.length, 'text/plain', 0, found);
  const headers = fields
    .slice(0, mostHeaders)
    .map(({ name, value }) => ({ name, value: decodeWords(value.slice(0, longestHeader)) }));
  const cut = found.cut || fields.length > mostHeaders || fields.some(({ value }) => value.length > longestHeader);
  const [text, html] = [found.text, found.html].map((pieces) => (pieces.length === 0 ? null : pieces.join('\n')));
  return {
    headers,
    to: addressesOf(fields, 'to'),
    cc: addressesOf(fields, 'cc'),
    text: text?.slice(0, longestBody) ?? null,
    html: html?.slice(0, longestBody) ?? null,
    attachments: found.attachments,
    cut: cut || (text ?? '').length > longestBody || (html ?? '').length > longestBody,
  };
}

interface Found {
  text: string[];
  html: string[];
  attachments: Attachment[];
  parts: number;
  cut: boolean;
}

function walk(mime: string, from: number, to: number, usual: string, depth: number, found: Found): void {
  found.parts += 1;
  if (depth > deepest || found.parts > mostParts) {
    found.cut = true;
    return;
  }
  const { fields, body } = readFields(mime, from, to);
  const type = readStructured(fieldOf(fields, 'content-type') ?? usual);
  const boundary = type.parameters.get('boundary');
  if (type.value.startsWith('multipart/') && boundary !== undefined && boundary !== '') {
    const inner = type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const [start, end] of partsOf(mime, body, to, boundary)) walk(mime, start, end, inner, depth + 1, found);
    return;
  }
  const encoding = (fieldOf(fields, 'content-transfer-encoding') ?? '').toLowerCase();
  const disposition = readStructured(fieldOf(fields, 'content-disposition') ?? '');
  const name = disposition.parameters.get('filename') ?? type.parameters.get('name') ?? null;
  const isBody = disposition.value !== 'attachment' && name === null;
  if (isBody && (type.value === 'text/plain' || type.value === 'text/html')) {
    const end = Math.min(to, body + longestEncoded);
    found.cut ||= end < to;
    const pieces = type.value === 'text/html' ? found.html : found.text;
    pieces.push(textOf(mime.slice(body, end), encoding, type));
  } else {
    const size = sizeOf(mime, body, to, encoding);
    found.attachments.push({ name: name?.slice(0, 500) ?? null, type: type.value.slice(0, 200), size });
  }
}

/** Where the parts between the boundaries lie (RFC 2046 §5.1); a missing end is the end of the message. */
function partsOf(mime: string, from: number, to: number, boundary: string): [start: number, end: number][] {
  const delimiter = `--${boundary}`;
  const parts: [number, number][] = [];
  let start: number | undefined;
  for (let at = mime.indexOf(delimiter, from); at >= 0 && at < to; at = mime.indexOf(delimiter, at + 1)) {
    if (at > from && mime[at - 1] !== '\n') continue;
    const rest = /^(--)?[ \t]*(?:\r?\n|$)/.exec(mime.slice(at + delimiter.length, at + delimiter.length + 80));
    if (rest === null) continue;
    if (start !== undefined) parts.push([start, Math.max(start, mime[at - 2] === '\r' ? at - 2 : at - 1)]);
    start = at + delimiter.length + rest[0].length;
    if (rest[1] !== undefined) return parts;
    if (parts.length >= mostParts) return parts;
  }
  if (start !== undefined && start < to) parts.push([start, to]);
  return parts;
}

function textOf(raw: string, encoding: string, type: Structured): string {
  const charset = type.parameters.get('charset');
  if (encoding === 'base64') return decodeCharset(Buffer.from(raw, 'base64'), charset);
  if (encoding === 'quoted-printable') return decodeCharset(decodeQuotedPrintable(raw), charset);
  return raw;
}

function sizeOf(mime: string, from: number, to: number, encoding: string): number {
  const raw = mime.slice(from, to);
  if (encoding === 'base64') {
    const letters = raw.replace(/[^A-Za-z0-9+/]/g, '').length;
    return Math.floor((letters * 3) / 4);
  }
  return encoding === 'quoted-printable' ? decodeQuotedPrintable(raw).length : Buffer.byteLength(raw);
}

const mostAddresses = 1000;

function addressesOf(fields: readonly Field[], name: 'to' | 'cc'): string[] {
  const all = fields.filter((field) => field.name.toLowerCase() === name).map(({ value }) => value);
  const parsed = addressparser(all.join(', ').slice(0, 65_536), { flatten: true });
  return parsed
    .map(({ address }) => address)
    .filter((address) => address !== '')
    .slice(0, mostAddresses);
}
