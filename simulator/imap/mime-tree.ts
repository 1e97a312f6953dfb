/** A part of a message with what is in it; all text is bytes as latin1. */
export type MimeNode = {
  /** The header with the empty line that ends it. */
  readonly header: string;
  readonly body: string;
  readonly type: string;
  readonly subtype: string;
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Parts of a multipart. */
  readonly parts: readonly MimeNode[];
  /** The message in a message/rfc822. */
  readonly message: MimeNode | undefined;
};

const deepest = 20;

/** Takes a message apart into a tree (RFC 2045, 2046). */
export function parseMimeTree(source: string, depth = 0): MimeNode {
  const end = source.startsWith('\r\n') ? 0 : source.indexOf('\r\n\r\n');
  const cut = end < 0 ? source.length : end + (end === 0 ? 2 : 4);
  const [header, body] = [source.slice(0, cut), source.slice(cut)];
  const { value, parameters } = parameterized(fieldOf(header, 'Content-Type') ?? 'text/plain');
  const [type = 'text', subtype = 'plain'] = value.toLowerCase().split('/');
  const boundary = parameters.find(([name]) => name.toLowerCase() === 'boundary')?.[1];
  const isMultipart = type === 'multipart' && boundary !== undefined && depth < deepest;
  const isMessage = type === 'message' && subtype === 'rfc822' && depth < deepest;
  return {
    header,
    body,
    type,
    subtype,
    parameters,
    parts: isMultipart ? partsOf(body, boundary).map((part) => parseMimeTree(part, depth + 1)) : [],
    message: isMessage ? parseMimeTree(body, depth + 1) : undefined,
  };
}

/** The value of a header field, unfolded; undefined when there is none. */
export function fieldOf(header: string, name: string): string | undefined {
  const field = fieldsOf(header).find((each) => each.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return field
    ?.slice(name.length + 1)
    .replace(/\r\n(?=[ \t])/g, '')
    .trim();
}

/** The fields of a header, each as it stands, folded and with its line end. */
export function fieldsOf(header: string): string[] {
  return header.match(/^[^\r\n \t][^\r\n]*(?:\r\n[ \t][^\r\n]*)*(?:\r\n|$)/gm) ?? [];
}

/** A structured value with its parameters, quotes taken off. */
export function parameterized(source: string): {
  readonly value: string;
  readonly parameters: readonly (readonly [string, string])[];
} {
  const [value = '', ...rest] = source.match(/(?:"(?:[^"\\]|\\.)*"|[^;"])+/g) ?? [];
  const parameters = rest.flatMap((piece): [string, string][] => {
    const at = piece.indexOf('=');
    if (at < 0) return [];
    const text = piece.slice(at + 1).trim();
    return [[piece.slice(0, at).trim(), text.replace(/^"(.*)"$/s, '$1').replace(/\\(.)/g, '$1')]];
  });
  return { value: value.trim(), parameters };
}

function partsOf(body: string, boundary: string): string[] {
  const marker = boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const [, ...pieces] = `\r\n${body}`.split(new RegExp(`\r\n--${marker}(?=--|[ \t]*\r\n|$)`));
  const end = pieces.findIndex((piece) => piece.startsWith('--'));
  return (end < 0 ? pieces : pieces.slice(0, end)).map((piece) => piece.replace(/^[ \t]*\r\n/, ''));
}
