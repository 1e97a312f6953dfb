import { html, pageResponse } from '#http';
import { retryWords } from './retry-words.ts';

/**
 * The page for an address that has to wait, so many milliseconds. `again` is where that leads which was begun: the person's
 * page for what was begun there, which works meanwhile; null where nothing can be begun again.
 */
export async function tooMany(waitMs: number, again: string | null): Promise<Response> {
  const page = await pageResponse({
    title: 'Too many attempts',
    status: 429,
    body: html`<h1>Too many attempts</h1>
<p>There were too many sign-ins from your network, by you or by others. Nothing was changed. Wait ${
      waitMs < 60_000 ? `${Math.ceil(waitMs / 1000)} seconds` : retryWords(waitMs)
    }, then try again.</p>
${again === null ? '' : html`<a class="button" href="${again}">${again === '/me' ? 'Back to your account' : 'Start again'}</a>`}`,
  });
  page.headers.set('retry-after', String(Math.ceil(waitMs / 1000)));
  return page;
}
