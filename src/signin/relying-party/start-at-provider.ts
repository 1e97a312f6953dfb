import type { EntraWorld } from '#connections';
import { cookieOf, html, pageResponse, type Source, setCookie } from '#http';
import type { Transaction } from '#store';
import { tooMany } from '../pages/too-many-page.ts';
import { refuseSignIn } from './refuse-sign-in.ts';
import {
  type AskedOfProvider,
  browserCookie,
  browserOf,
  newBrowser,
  prepareSignIn,
  type SignInTarget,
  signInMs,
} from './sign-in-request.ts';
import { unfinishedSignIns } from './unfinished-sign-ins.ts';

/** The connection that a browser came to; its organization, where there is such a connection. */
export interface ConnectionAsked {
  organizationId: string | undefined;
  connectionId: string;
}

/**
 * Sends the browser to the provider of a connection. `findTarget` may throw a `SignInRefused`, which is shown as one.
 */
export async function startAtProvider(
  world: EntraWorld,
  request: Request,
  source: Source,
  of: ConnectionAsked,
  findTarget: () => SignInTarget | Promise<SignInTarget>,
  asked: AskedOfProvider,
): Promise<Response> {
  if (isInPage(request.headers.get('sec-fetch-dest'))) return notInPage();
  try {
    const target = await findTarget();
    const waitMs = await unfinishedSignIns(world).start(source.address);
    if (waitMs > 0) return tooMany(waitMs, asked.returnTo);
    const { location, cookie, write } = await prepareStart(world, request, target, asked);
    await world.store.write(write);
    const headers = new Headers({ location, 'set-cookie': cookie, ...goingThere });
    return new Response(null, { status: 303, headers });
  } catch (error) {
    return refuseSignIn(world, source, error, of, asked.returnTo);
  }
}

/** What an answer says besides that sends a browser to a provider. */
export const goingThere = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };

/**
 * Prepares to send a browser to the provider of a connection: the address, the cookie that ties the sign-in to the browser,
 * and what writes it down. Throws a `SignInRefused` where it cannot start.
 */
export async function prepareStart(
  world: EntraWorld,
  request: Pick<Request, 'headers'>,
  target: SignInTarget,
  asked: AskedOfProvider,
): Promise<{ location: string; cookie: string; write(tx: Transaction): Promise<void> }> {
  const browser = browserOf(cookieOf(request, browserCookie)) ?? newBrowser();
  const cookie = setCookie(browserCookie, browser, signInMs / 1000, 'Lax');
  return { ...(await prepareSignIn(world, target, { ...asked, browser })), cookie };
}

/**
 * Whether another page loads it as a picture, a frame or by script. A sign-in is a page of its own: such a request is none, and
 * counts towards no limit, or whoever opens that page would be kept out by it, with everybody at the same address. It tells by
 * its header `Sec-Fetch-Dest`.
 */
export const isInPage = (fetchDest: string | null): boolean => (fetchDest ?? '') !== '' && fetchDest !== 'document';

/** The answer to such a request. */
export const notInPage = (): Promise<Response> =>
  pageResponse({
    title: 'Not inside another page',
    status: 403,
    body: html`<h1>Not inside another page</h1><p>A sign-in opens in a window of its own. Start at the product that you want to use.</p>`,
  });
