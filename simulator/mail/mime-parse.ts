import type { HeaderField, Recipient } from './message.ts';

/** A MIME message taken apart (RFC 5322, RFC 2045–2047). */
export type ParsedMime = {
  readonly headers: readonly HeaderField[];
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly attachments: readonly MimeAttachment[];
};

/** A part that is neither the text nor the HTML of the message. */
export type MimeAttachment = {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
  readonly isInline: boolean;
  readonly contentId: string | null;
};

/** A structured header value with its parameters. */
type Parameterized = { readonly value: string; readonly parameters: ReadonlyMap<string, string> };

/** Nested parts beyond this depth are not opened. */
const deepest = 20;

/** Parses a message. Bodies are read in their charset; what is no MIME at all reads as a text without headers. */
export function parseMime(source: Buffer): ParsedMime {
  const found = {
    text: undefined as string | undefined,
    html: undefined as string | undefined,
    attachments: [] as MimeAttachment[],
  };
  const { headers, body } = splitHead(source.toString('latin1'));
  collect(headers, body, found, 0);
  return { headers: headers.map(({ name, value }) => ({ name, value: decodeWords(utf8(value)) })), ...found };
}

/** The addresses of a header value: names, quoted strings, comments and groups (RFC 5322 §3.4). */
export function parseAddresses(value: string | undefined): Recipient[] {
  const pieces =
    (value ?? '').replace(/\([^()]*\)/g, '').match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,;"<>:]|:(?!\s*;))+/g) ?? [];
  return pieces.flatMap((piece) => {
    const plain = piece.replace(/^[^"<@]*:/, '').trim();
    const angled = /^(.*?)<\s*([^<>\s]+@[^<>\s]+)\s*>$/s.exec(plain);
    const address = angled?.[2] ?? /^[^\s<>"]+@[^\s<>"]+$/.exec(plain)?.[0];
    if (address === undefined) return [];
    const name = (angled?.[1] ?? '')
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replace(/\\(.)/g, '$1');
    return [{ name, address }];
  });
}

type Found = { text: string | undefined; html: string | undefined; attachments: MimeAttachment[] };

function collect(headers: readonly HeaderField[], body: string, found: Found, depth: number): void {
  const type = parameterized(field(headers, 'content-type') ?? 'text/plain');
  const disposition = parameterized(field(headers, 'content-disposition') ?? '');
  const boundary = type.parameters.get('boundary');
  if (type.value.startsWith('multipart/') && boundary !== undefined && depth < deepest) {
    for (const part of splitParts(body, boundary)) {
      const inner = splitHead(part);
      collect(inner.headers, inner.body, found, depth + 1);
    }
    return;
  }
  const content = decodeTransfer(body, field(headers, 'content-transfer-encoding') ?? '7bit');
  const name = disposition.parameters.get('filename') ?? type.parameters.get('name');
  const isAttachment = disposition.value === 'attachment' || name !== undefined;
  if (!isAttachment && type.value === 'text/plain' && found.text === undefined) {
    found.text = decodeCharset(content, type.parameters.get('charset'));
  } else if (!isAttachment && type.value === 'text/html' && found.html === undefined) {
    found.html = decodeCharset(content, type.parameters.get('charset'));
  } else {
    const id = field(headers, 'content-id')?.replace(/^<|>$/g, '') ?? null;
    const isInline = disposition.value === 'inline' || (disposition.value === '' && id !== null);
    found.attachments.push({
      name: decodeWords(name ?? 'attachment'),
      contentType: type.value,
      content,
      isInline,
      contentId: id,
    });
  }
}

function splitHead(source: string): { headers: HeaderField[]; body: string } {
  const end = /\r?\n\r?\n/.exec(source);
  const head = end === null ? source : source.slice(0, end.index);
  const lines = head.replace(/\r?\n(?=[ \t])/g, '').split(/\r?\n/);
  const headers = lines.flatMap((line): HeaderField[] => {
    const match = /^([!-9;-~]+)[ \t]*:[ \t]*(.*)$/.exec(line);
    return match === null ? [] : [{ name: match[1] ?? '', value: match[2] ?? '' }];
  });
  return headers.length === 0
    ? { headers, body: source }
    : { headers, body: end === null ? '' : source.slice(end.index + end[0].length) };
}

function splitParts(body: string, boundary: string): string[] {
  const marked = `\r\n${body}`.split(new RegExp(`\r?\n--${boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));
  const parts: string[] = [];
  for (const part of marked.slice(1)) {
    if (part.startsWith('--')) break;
    parts.push(part.replace(/^[ \t]*\r?\n/, ''));
  }
  return parts;
}

function field(headers: readonly HeaderField[], name: string): string | undefined {
  return headers.find((header) => header.name.toLowerCase() === name)?.value;
}

function parameterized(source: string): Parameterized {
  const [value = '', ...rest] = source.match(/(?:"(?:[^"\\]|\\.)*"|[^;"])+/g) ?? [];
  const parameters = rest.map((piece): [string, string] => {
    const [name = '', ...content] = piece.split('=');
    const text = content
      .join('=')
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .replace(/\\(.)/g, '$1');
    const key = name.trim().toLowerCase();
    return key.endsWith('*') ? [key.slice(0, -1), extended(text)] : [key, utf8(text)];
  });
  return { value: value.trim().toLowerCase(), parameters: new Map(parameters) };
}

/** RFC 2231: `utf-8''percent-encoded`. */
function extended(text: string): string {
  const [charset = 'utf-8', , encoded = ''] = text.split("'");
  const bytes = Buffer.from(
    encoded.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  return decodeCharset(bytes, charset);
}

function decodeTransfer(body: string, encoding: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable':
      return Buffer.from(quotedPrintable(body.replace(/[ \t]*=\r?\n/g, '')), 'latin1');
    default:
      return Buffer.from(body, 'latin1');
  }
}

/** RFC 2047 encoded words; blanks between two of them vanish. */
function decodeWords(text: string): string {
  const joined = text.replace(/(\?=)\s+(?==\?)/g, '$1');
  return joined.replace(
    /=\?([^?*]+)(?:\*[^?]*)?\?([bq])\?([^?]*)\?=/gi,
    (_, charset: string, kind: string, data: string) => {
      const bytes =
        kind.toLowerCase() === 'b'
          ? Buffer.from(data, 'base64')
          : Buffer.from(quotedPrintable(data.replaceAll('_', ' ')), 'latin1');
      return decodeCharset(bytes, charset);
    },
  );
}

function quotedPrintable(text: string): string {
  return text.replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decodeCharset(bytes: Buffer, charset = 'utf-8'): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}
