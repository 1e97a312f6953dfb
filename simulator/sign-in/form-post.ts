import { html } from 'hono/html';
import type { Answer } from '../http/exchange.ts';
import { page } from '../pages/page.ts';

/** Sends parameters to `action` by a form that submits itself (OAuth 2.0 Form Post Response Mode). */
export function formPost(action: string, parameters: URLSearchParams): Promise<Answer> {
  const fields = [...parameters].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  const content = html`<h1>Signing you in</h1>
<form method="post" action="${action}">${fields}<button class="primary" type="submit">Continue</button></form>`;
  return page('Signing you in', content, { script: 'document.forms[0].submit()' }, 'narrow');
}
