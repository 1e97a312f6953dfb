import { recordFailedAuthentication } from '#events';
import { type Door, html, isOwnOrigin, pageResponse, readText, type Source, setCookie } from '#http';
import type { World } from '#store';
import { consoleCookie } from './authenticate.ts';
import { signInByBreakGlass } from './break-glass.ts';
import { isLinkValid, signInByLink } from './sign-in-link.ts';

/**
 * `/operator/sign-in`: takes a one-time link, or a break-glass credential. Opening it shows a button, since mail scanners and previews open links too;
 * only the button uses it up.
 */
export function createOperatorDoor(world: World): Door {
  return async (request, source) => {
    if (request.method === 'POST') return enter(world, request, source);
    const token = new URL(request.url).searchParams.get('token');
    if (token === null) return breakGlassPage(false);
    if (!(await isLinkValid(world, token))) {
      return invalid(world, source);
    }
    return pageResponse({
      title: 'Sign in to Portico',
      body: html`<h1>Sign in to the console</h1>
        <p class="soft">This link works once. It signs this browser in for twelve hours.</p>
        <form method="post" action="/operator/sign-in">
          <input type="hidden" name="token" value="${token}"><button autofocus>Open the console</button>
        </form>`,
    });
  };
}

async function enter(world: World, request: Request, source: Source): Promise<Response> {
  if (!isOwnOrigin(request, world.config.url))
    return refused('Not from here', `Open the link at ${world.config.url}.`, 403);
  const form = new URLSearchParams(await readText(request, 10_000));
  const breakGlass = form.get('credential');
  const session =
    breakGlass === null
      ? await signInByLink(world, source, form.get('token') ?? '')
      : await signInByBreakGlass(world, source, breakGlass);
  if (session === undefined && breakGlass !== null) return breakGlassPage(true);
  if (session === undefined) {
    return invalid(world, source);
  }
  return new Response(null, {
    status: 303,
    headers: { location: '/', 'set-cookie': setCookie(consoleCookie, session.cookie, session.maxAge) },
  });
}

const breakGlassPage = (failed: boolean): Promise<Response> =>
  pageResponse({
    title: 'Sign in to Portico',
    status: failed ? 403 : 200,
    body: html`<h1>Sign in to the console</h1>
      <p>Open the sign-in link that another operator made for you, or that the server printed at its first start.</p>
      <h2>Break-glass</h2>
      <p class="soft">For the day when nobody gets in otherwise. Every use is written down and announced to the owners.</p>
      <form method="post" action="/operator/sign-in">
        <label for="credential">Break-glass credential</label>
        <input id="credential" name="credential" type="password" autocomplete="off" required maxlength="200"${
          failed ? html` aria-invalid="true" aria-describedby="fault"` : ''
        }>
        ${failed ? html`<p id="fault" class="bad" role="alert">This credential opens nothing. Check that it is whole, and the newest one.</p>` : ''}
        <button class="quiet">Open the console for an hour</button>
      </form>`,
  });

/** Nobody guesses a link, so that failures of others at the same address keep nobody from one that works. */
async function invalid(world: World, source: Source): Promise<Response> {
  const why = 'the sign-in link is not valid';
  const wait = await recordFailedAuthentication(world, source, { door: 'console', why });
  if (wait > 0)
    return refused('Too many attempts', `Wait ${Math.ceil(wait / 1000)} seconds, then open the link again.`, 429);
  return refused(
    'This link does not work',
    'It was used already, or is older than an hour. Ask another operator for a new one, or type: portico operators link',
    403,
  );
}

const refused = (title: string, text: string, status: number): Promise<Response> =>
  pageResponse({ title, status, body: html`<h1>${title}</h1><p>${text}</p>` });
