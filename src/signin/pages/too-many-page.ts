import { html, pageResponse } from '#http';

/** The page for an address that has to wait, so many milliseconds. */
export const tooMany = (waitMs: number): Promise<Response> =>
  pageResponse({
    title: 'Too many attempts',
    status: 429,
    body: html`<h1>Too many attempts</h1><p>Wait ${Math.ceil(waitMs / 1000)} seconds, then start again.</p>`,
  });
