/** An element, by its local name; namespaces are passed over. */
export type Element = {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** Its own text, that of children left out. */
  readonly text: string;
};

type Open = { name: string; attributes: Map<string, string>; children: Element[]; text: string };

const piece =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s/<>!?]+)((?:\s+[^\s=<>/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/** Reads an XML document. Throws SyntaxError for what is none, and for document types, which SOAP does not allow. */
export function parseXml(source: string): Element {
  const root: Open = { name: '', attributes: new Map(), children: [], text: '' };
  const stack: Open[] = [root];
  piece.lastIndex = source.startsWith('\uFEFF') ? 1 : 0;
  while (piece.lastIndex < source.length) {
    const place = piece.lastIndex;
    const match = piece.exec(source);
    if (match === null) throw new SyntaxError(`The document is not well-formed at character ${place}.`);
    const [, cdata, closing, name, attributes = '', single, text] = match;
    const top = stack.at(-1) ?? root;
    if (text !== undefined) top.text += unescapeXml(text);
    else if (cdata !== undefined) top.text += cdata;
    else if (name !== undefined) {
      const local = name.slice(name.indexOf(':') + 1);
      if (closing === '/') {
        if (stack.length === 1 || top.name !== local) throw new SyntaxError(`The end tag '${name}' has no start tag.`);
        stack.pop();
      } else {
        const element: Open = { name: local, attributes: readAttributes(attributes), children: [], text: '' };
        top.children.push(element);
        if (single !== '/') stack.push(element);
      }
    }
  }
  const [document, ...more] = root.children;
  if (stack.length > 1) throw new SyntaxError(`The element '${stack.at(-1)?.name}' is not closed.`);
  if (document === undefined || more.length > 0) throw new SyntaxError('The document has no single root element.');
  return document;
}

function readAttributes(text: string): Map<string, string> {
  const pairs = text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g);
  return new Map(
    [...pairs].map(([, name = '', double, one]) => [
      name.slice(name.indexOf(':') + 1),
      unescapeXml(double ?? one ?? ''),
    ]),
  );
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#xD;',
};

/** Text for an element or an attribute; characters that XML does not allow are left out. */
export function escapeXml(text: string): string {
  return [...text]
    .filter((character) => character >= ' ' || '\t\r\n'.includes(character))
    .join('')
    .replace(/[&<>"\r]/g, (character) => escapes[character] ?? character);
}

/** An element as text; `inner` is XML already. */
export function element(name: string, attributes: Readonly<Record<string, string>>, inner = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return inner === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${inner}</${name}>`;
}

/** An element that holds a text. */
export const textElement = (name: string, text: string): string => element(name, {}, escapeXml(text));

/** The child of that name. */
export function child(parent: Element | undefined, name: string): Element | undefined {
  return parent?.children.find((each) => each.name === name);
}

/** What a path of names leads to. */
export function at(parent: Element | undefined, ...names: readonly string[]): Element | undefined {
  return names.reduce<Element | undefined>((found, name) => child(found, name), parent);
}

/** The trimmed text of what a path leads to. */
export const textAt = (parent: Element | undefined, ...names: readonly string[]): string | undefined =>
  at(parent, ...names)?.text.trim();
