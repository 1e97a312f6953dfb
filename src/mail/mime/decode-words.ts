import { decodeCharset, decodeQuotedPrintable } from './charset.ts';

const word = /=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bqBQ])\?([^?\s]*)\?=/;

/** The text of a header with encoded words (RFC 2047); words side by side that share a set are one text. */
export function decodeWords(value: string): string {
  const parts = value.split(/(=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=)/);
  let text = '';
  let open: { charset: string; bytes: Buffer[] } | undefined;
  const close = () => {
    if (open !== undefined) text += decodeCharset(Buffer.concat(open.bytes), open.charset);
    open = undefined;
  };
  for (const part of parts) {
    const [, charset, encoding, encoded] = word.exec(part) ?? [];
    if (charset === undefined || encoding === undefined || encoded === undefined) {
      if (open !== undefined && /^\s*$/.test(part)) continue;
      close();
      text += part;
      continue;
    }
    if (open?.charset.toLowerCase() !== charset.toLowerCase()) close();
    open ??= { charset, bytes: [] };
    open.bytes.push(decodeWord(encoding, encoded));
  }
  close();
  return text;
}

const decodeWord = (encoding: string, encoded: string): Buffer =>
  encoding.toUpperCase() === 'B'
    ? Buffer.from(encoded, 'base64')
    : decodeQuotedPrintable(encoded.replaceAll('_', '=20'));
