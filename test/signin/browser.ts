/** What a browser got: where it is, and the answer. */
export interface Page {
  url: string;
  status: number;
  headers: Headers;
  html: string;
}

interface Cookie {
  value: string;
  path: string;
}

/** A browser as far as sign-in needs one: keeps cookies by host and path, goes where it is told. */
export interface Browser {
  /** Asks once, without following. */
  ask(url: string, init?: RequestInit): Promise<Page>;
  /** Opens an address and follows redirects until `until` says stop, or there are no more. */
  open(url: string, until?: (location: string) => boolean): Promise<Page>;
  /** Sends the first form of a page with its hidden fields and these, and follows. */
  submit(page: Page, fields: Record<string, string>, until?: (location: string) => boolean): Promise<Page>;
  /** The value of a cookie, whatever its path. */
  cookie(host: string, name: string): string | undefined;
  /** Plants a cookie. */
  plant(host: string, name: string, value: string, path?: string): void;
}

const mostRedirects = 20;

/** Opens a browser without cookies, which sends these headers with everything. */
export function openBrowser(always: Readonly<Record<string, string>> = {}): Browser {
  const jar = new Map<string, Map<string, Cookie>>();
  const cookiesOf = (host: string) => {
    const cookies = jar.get(host) ?? new Map<string, Cookie>();
    jar.set(host, cookies);
    return cookies;
  };

  async function ask(url: string, init: RequestInit = {}): Promise<Page> {
    const { host, pathname } = new URL(url);
    const cookies = cookiesOf(host);
    const sent = [...cookies].filter(
      ([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')),
    );
    const headers = new Headers({ ...always, ...Object.fromEntries(new Headers(init.headers)) });
    headers.set('accept', 'text/html');
    if (sent.length > 0) headers.set('cookie', sent.map(([key, { value }]) => `${nameOf(key)}=${value}`).join('; '));
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) keep(cookies, line);
    return { url, status: answer.status, headers: answer.headers, html: await answer.text() };
  }

  async function follow(page: Page, until: (location: string) => boolean): Promise<Page> {
    let at = page;
    for (let hop = 0; hop < mostRedirects; hop++) {
      const location = at.headers.get('location');
      if (location === null) return at;
      const next = new URL(location, at.url).href;
      if (until(next)) return { ...at, url: next };
      at = await ask(next);
    }
    throw new Error(`more than ${mostRedirects} redirects from ${page.url}`);
  }

  return {
    ask,
    open: async (url, until = () => false) => follow(await ask(url), until),
    submit: async (page, fields, until = () => false) => {
      const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(page.html)?.[0];
      if (form === undefined) throw new Error(`no form on ${page.url} (${page.status}): ${page.html.slice(-600)}`);
      const values = new URLSearchParams();
      for (const [input] of form.matchAll(/<input[^>]*type="?hidden"?[^>]*>/gi))
        values.set(attribute(input, 'name'), attribute(input, 'value'));
      for (const [name, value] of Object.entries(fields)) values.set(name, value);
      const action = attribute(/<form[^>]*>/i.exec(form)?.[0] ?? '', 'action');
      const url = new URL(action === '' ? page.url : action, page.url).href;
      const { origin } = new URL(page.url);
      return follow(await ask(url, { method: 'POST', body: values, headers: { origin } }), until);
    },
    cookie: (host, name) => [...cookiesOf(host)].find(([key]) => nameOf(key) === name)?.[1].value,
    plant: (host, name, value, path = '/') => void cookiesOf(host).set(`${name} ${path}`, { value, path }),
  };
}

const nameOf = (key: string): string => key.split(' ', 1)[0] ?? '';

function keep(cookies: Map<string, Cookie>, line: string): void {
  const [pair = '', ...rest] = line.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
  const path = rest.find((it) => /^path=/i.test(it))?.slice(5) ?? '/';
  const over = rest.some((it) => /^max-age=0$/i.test(it) || /^expires=.*1970/i.test(it));
  if (over) cookies.delete(`${name} ${path}`);
  else cookies.set(`${name} ${path}`, { value, path });
}

const attribute = (tag: string, name: string): string =>
  plain(new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1] ?? '');

/** The text that a person reads on a page. */
export const visible = (html: string): string =>
  plain(
    html
      .replace(/<(style|script|title)[^>]*>[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim();

function plain(html: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', amp: '&', apos: "'" };
  return html.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (entity, decimal?: string, hex?: string, name?: string) =>
    decimal !== undefined
      ? String.fromCodePoint(Number(decimal))
      : hex !== undefined
        ? String.fromCodePoint(Number.parseInt(hex, 16))
        : (named[name ?? ''] ?? entity),
  );
}
