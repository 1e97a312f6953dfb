import type { ClientKind } from '#contract';

const thisMachine = ['localhost', '127.0.0.1', '[::1]'];

/** Schemes that a browser or the system answers itself: no application on a device can have them. */
const takenSchemes = [
  'about:',
  'blob:',
  'chrome:',
  'data:',
  'file:',
  'filesystem:',
  'ftp:',
  'intent:',
  'javascript:',
  'mailto:',
  'sms:',
  'tel:',
  'vbscript:',
  'view-source:',
  'ws:',
  'wss:',
];

/** What is wrong with an address that the browser is sent to with something in hand; undefined where nothing is. */
export function faultOfRedirect(kind: ClientKind, text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null) return 'is not an absolute address';
  const fault = faultOfText(url, text);
  if (fault !== undefined) return fault;
  if (kind === 'extension') return faultOfExtension(url);
  if (kind === 'native' && url.protocol !== 'https:' && url.protocol !== 'http:') return faultOfScheme(url);
  if (kind === 'native' && url.protocol === 'https:' && thisMachine.includes(url.hostname))
    return 'use http for the loopback address (RFC 8252 §7.3)';
  return faultOfHttp(url);
}

/** The like for an address that Portico itself asks. */
export function faultOfWebAddress(text: string): string | undefined {
  const url = URL.parse(text);
  return url === null ? 'is not an absolute address' : (faultOfText(url, text) ?? faultOfHttp(url));
}

function faultOfText(url: URL, text: string): string | undefined {
  if (text.includes('#')) return 'must have no fragment';
  if (url.username !== '' || url.password !== '') return 'must have no user name or password';
  // What the parser takes away or turns into something else would never compare equal.
  if (/[\s\\]/.test(text) || /\p{Cc}/u.test(text)) return 'must have no blanks, control characters or backslashes';
  return undefined;
}

/** A name, or an address: parsers let through more, which has a meaning of its own in a page's content security policy. */
const hostForm = /^(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])$/;

/** https; http is for this very machine. */
function faultOfHttp(url: URL): string | undefined {
  if (!hostForm.test(url.hostname)) return 'has a host that is neither a name nor an address';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && thisMachine.includes(url.hostname))) return undefined;
  return 'must use https; http is possible for localhost only';
}

/** A private-use scheme (RFC 8252 §7.1), or one that an application claims, such as `app://auth`. */
const faultOfScheme = ({ protocol }: URL): string | undefined =>
  takenSchemes.includes(protocol) ? `${protocol} is no scheme of an application` : undefined;

/** Addresses that browsers give to one extension and to nobody else. */
function faultOfExtension({ protocol, hostname }: URL): string | undefined {
  if (protocol === 'chrome-extension:' || protocol === 'moz-extension:') return undefined;
  const ofBrowser = /^[a-z0-9]+\.(chromiumapp\.org|extensions\.allizom\.org)$/.test(hostname);
  return protocol === 'https:' && ofBrowser
    ? undefined
    : 'is no address of an extension: https://<id>.chromiumapp.org/…, https://<id>.extensions.allizom.org/…';
}
