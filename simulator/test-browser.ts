import assert from 'node:assert/strict';

/** A browser as far as the tests need one: it keeps cookies and does not follow redirects. */
export type TestBrowser = {
  readonly get: (url: string) => Promise<Response>;
  readonly post: (url: string, form: URLSearchParams) => Promise<Response>;
  /** Opens an authorization URL, fills the picker when there is one, and returns where that leads. */
  readonly signIn: (url: string, login: string) => Promise<URL>;
};

/** Starts a browser without cookies. */
export function openBrowser(): TestBrowser {
  const cookies = new Map<string, string>();
  const ask = async (url: string, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', ...value] = (line.split(';', 1)[0] ?? '').split('=');
      if (/max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value.join('='));
    }
    return response;
  };
  const get: TestBrowser['get'] = (url) => ask(url, {});
  const post: TestBrowser['post'] = (url, form) => ask(url, { method: 'POST', body: form });
  return {
    get,
    post,
    signIn: async (url, login) => {
      const first = await get(url);
      if (first.status === 302) return new URL(first.headers.get('location') ?? '');
      const form = hiddenFields(await first.text());
      form.set('login', login);
      const second = await post(url.split('?', 1)[0] ?? url, form);
      assert.equal(second.status, 302, await second.clone().text());
      return new URL(second.headers.get('location') ?? '');
    },
  };
}

/** The hidden fields of the first form on a page. */
export function hiddenFields(page: string): URLSearchParams {
  const form = page.slice(page.indexOf('<form'), page.indexOf('</form>'));
  const fields = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return new URLSearchParams(
    [...fields].map(([, name = '', value = '']): [string, string] => [plainText(name), plainText(value)]),
  );
}

function plainText(text: string): string {
  const plain: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&amp;': '&',
  };
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => plain[entity] ?? entity);
}
