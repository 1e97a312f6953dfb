/** A page as a person would find it: where one ended up, the status, the HTML. */
export interface Page {
  url: string;
  status: number;
  html: string;
}

/** A browser without a screen: keeps cookies by host, follows redirects, fills in forms. */
export interface Browser {
  open(url: string): Promise<Page>;
  /** Sends the first form of a page with its hidden fields and these. */
  submit(page: Page, fields: Record<string, string>): Promise<Page>;
}

const mostRedirects = 20;

/** Opens a browser with an empty cookie jar; `onCookie` sees each cookie that is set. */
export function openBrowser(onCookie: (name: string, value: string) => void = () => undefined): Browser {
  const jar = new Map<string, Map<string, string>>();

  async function go(url: string, init: RequestInit): Promise<Page> {
    let [at, how] = [url, init];
    for (let hop = 0; hop < mostRedirects; hop++) {
      const cookies = jar.get(new URL(at).host) ?? new Map<string, string>();
      jar.set(new URL(at).host, cookies);
      const headers = { ...how.headers, cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
      const answer = await fetch(at, { ...how, headers, redirect: 'manual' });
      for (const line of answer.headers.getSetCookie()) keep(cookies, line, onCookie);
      const location = answer.headers.get('location');
      if (location === null || answer.status < 300 || answer.status > 399)
        return { url: at, status: answer.status, html: await answer.text() };
      await answer.body?.cancel();
      at = new URL(location, at).href;
      how = {};
    }
    throw new Error(`more than ${mostRedirects} redirects from ${url}`);
  }

  return {
    open: (url) => go(url, {}),
    submit: (page, fields) => {
      const form = /<form[^>]*>[\s\S]*?<\/form>/i.exec(page.html)?.[0];
      if (form === undefined)
        throw new Error(`there is no form on ${page.url} (${page.status}): ${visible(page.html).slice(0, 300)}`);
      const values = new URLSearchParams();
      for (const [input] of form.matchAll(/<input[^>]*type="?hidden"?[^>]*>/gi))
        values.set(attribute(input, 'name'), attribute(input, 'value'));
      for (const [name, value] of Object.entries(fields)) values.set(name, value);
      const action = attribute(/<form[^>]*>/i.exec(form)?.[0] ?? '', 'action');
      return go(new URL(action, page.url).href, {
        method: 'POST',
        body: values,
        headers: { origin: new URL(page.url).origin },
      });
    },
  };
}

/** The text that a person reads on a page. */
export const visible = (html: string): string =>
  plain(
    html
      .replace(/<(style|script|title)[^>]*>[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim();

function keep(cookies: Map<string, string>, line: string, onCookie: (name: string, value: string) => void): void {
  const [pair = '', ...rest] = line.split(';');
  const at = pair.indexOf('=');
  const over = rest.some((it) => /^\s*max-age=0$/i.test(it) || /^\s*expires=.*1970/i.test(it));
  const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  if (over) cookies.delete(name);
  else cookies.set(name, value);
  onCookie(name, value);
}

const attribute = (tag: string, name: string): string =>
  plain(new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1] ?? '');

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
