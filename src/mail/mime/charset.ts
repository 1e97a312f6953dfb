/** Bytes in a character set as text. What is no known set is read as Windows-1252, what is not in the set as U+FFFD. */
export function decodeCharset(bytes: Uint8Array, charset: string | undefined): string {
  return decoderFor(charset).decode(bytes);
}

function decoderFor(charset: string | undefined): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    return new TextDecoder('windows-1252');
  }
}

/** The bytes of quoted-printable (RFC 2045 §6.7); what is not encoded right stays as it is. */
export function decodeQuotedPrintable(text: string): Buffer {
  const lines = text.split('\n').map((line) => line.trimEnd());
  const last = lines.length - 1;
  const joined = lines.map((line, at) => (line.endsWith('=') ? line.slice(0, -1) : at === last ? line : `${line}\r\n`));
  const chunks = joined.join('').split(/((?:=[0-9A-Fa-f]{2})+)/);
  return Buffer.concat(
    chunks.map((chunk, index) =>
      index % 2 === 1 ? Buffer.from(chunk.replaceAll('=', ''), 'hex') : Buffer.from(chunk, 'utf8'),
    ),
  );
}
