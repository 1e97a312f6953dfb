import { type Browser, openBrowser, type Page, visible } from './browser.ts';

/** A person at a browser, going through the product's sign-in by hand and eye. */
export interface PersonAtBrowser {
  browser: Browser;
  /** The page of the product where the sign-in ended. */
  page: Page;
}

/**
 * Signs a person in to the product: opens it, gives the e-mail address where Portico asks for it, picks the account at
 * the tenant, and ends up where the redirects lead.
 */
export async function signIn(productUrl: string, login: string, browser = openBrowser()): Promise<PersonAtBrowser> {
  return { browser, page: await goThrough(browser, `${productUrl}/login`, login, productUrl) };
}

/** Goes on from an address until the browser is at the product, filling in the forms on the way. */
export async function goThrough(browser: Browser, url: string, login: string, productUrl: string): Promise<Page> {
  let page = await browser.open(url);
  for (let form = 0; form < 4 && !page.url.startsWith(productUrl); form++) {
    if (!/<form/i.test(page.html))
      throw new Error(`the sign-in ended at ${page.url}: ${visible(page.html).slice(0, 400)}`);
    const asksForEmail = /name="email"/.test(page.html);
    page = await browser.submit(page, asksForEmail ? { email: login } : { login });
  }
  if (!page.url.startsWith(productUrl))
    throw new Error(`the sign-in ended at ${page.url}: ${visible(page.html).slice(0, 400)}`);
  return page;
}
