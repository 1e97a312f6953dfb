import { openBrowser } from './browser.ts';
import { goThrough } from './person.ts';
import { createSignIn } from './single-page/sign-in.js';
import type { Stage } from './stage.ts';

/** What somebody sees who uses the single-page app. */
export interface Used {
  name: unknown;
  /** How the API answered the page's token, and one that was renewed. */
  tasks: number;
  renewed: number;
  /** Why the page could renew nothing after signing out. */
  out: string;
}

/**
 * Uses the app as a browser would: its own module, as the app serves it to pages, with each request from the page's origin; an
 * answer that does not allow that origin is none.
 */
export async function useSinglePage(stage: Stage, login: string): Promise<Used> {
  const { singlePage } = stage;
  const told = await (await fetch(`${singlePage.url}/settings`)).json();
  const settings = told as { issuer: string; clientId: string; resource: string };
  const kept = new Map<string, string>();
  const page = await createSignIn({
    ...settings,
    redirectUri: `${singlePage.url}/`,
    storage: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    fetch: async (url, { headers, body, method, redirect }) => {
      const init = { headers: { ...headers, origin: singlePage.url }, method, redirect };
      const answer = await fetch(url, { ...init, ...(body == null ? {} : { body: body as string | URLSearchParams }) });
      const allowed = answer.headers.get('access-control-allow-origin');
      if (allowed !== singlePage.url && allowed !== '*') throw new Error(`${url} may not be read by the page`);
      return answer;
    },
  });
  const callApi = async () =>
    (await fetch(`${singlePage.url}/api/tasks`, { headers: { authorization: `Bearer ${await page.accessToken()}` } }))
      .status;
  const browser = openBrowser();
  const { url } = await goThrough(browser, await page.begin(), login, singlePage.url);
  const claims = await page.complete(new URL(url));
  const tasks = await callApi();
  await page.refresh();
  const renewed = await callApi();
  const again = page.refresh.bind(page);
  await goThrough(browser, page.endSession(), login, singlePage.url);
  const out = await again().then(
    () => 'renewed',
    (error: { error?: string; message?: string }) => error.error ?? error.message ?? '',
  );
  return { name: claims?.['name'], tasks, renewed, out };
}
