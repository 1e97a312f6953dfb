/** A header field, unfolded. */
export interface Field {
  name: string;
  value: string;
}

/** More header fields than any message has; the rest of such a header is passed over. */
const mostFields = 2000;

/** Reads the header fields before the first empty line, and tells where the body begins (RFC 5322 §2.2). */
export function readFields(mime: string, from = 0, to = mime.length): { fields: Field[]; body: number } {
  const fields: Field[] = [];
  let at = from;
  while (at < to) {
    const end = endOfLine(mime, at, to);
    const line = mime.slice(at, end).replace(/\r$/, '');
    at = Math.min(end + 1, to);
    if (line === '') break;
    const last = fields.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last !== undefined) last.value = `${last.value} ${line.trim()}`.trimStart();
      continue;
    }
    const colon = line.indexOf(':');
    if (colon > 0 && fields.length < mostFields)
      fields.push({ name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() });
  }
  return { fields, body: at };
}

/** The value of the first field of that name, compared without case. */
export const fieldOf = (fields: readonly Field[], name: string): string | undefined =>
  fields.find((field) => field.name.toLowerCase() === name)?.value;

function endOfLine(text: string, from: number, to: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 || end > to ? to : end;
}
