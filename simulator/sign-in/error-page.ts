import { html } from 'hono/html';
import type { Answer } from '../http/exchange.ts';
import { page } from '../pages/page.ts';
import type { AadstsEnvelope, AadstsError } from './aadsts.ts';

/** Puts what is below the heading into the clipboard; where there is none, people have to select it. */
const copy = `const b=document.getElementById('copy');b.hidden=!navigator.clipboard;b.onclick=()=>navigator.clipboard.writeText(document.querySelector('dl').innerText).then(()=>{b.textContent='Copied'})`;

/** The page on which Entra keeps a user whom it cannot or will not send back to the app. */
export function errorPage(error: AadstsError, envelope: AadstsEnvelope): Promise<Answer> {
  const content = html`<h1>You could not be signed in</h1>
<p><strong>AADSTS${error.code}</strong>: ${error.message}.</p>
<h2>Troubleshooting details</h2>
<p>If you contact your administrator, send this info to them. <button id="copy" type="button" hidden>Copy info to clipboard</button></p>
<dl><dt>Error code</dt><dd>${error.code}</dd><dt>Error</dt><dd>${envelope.error}</dd><dt>Request Id</dt><dd>${envelope.trace_id}</dd>
<dt>Correlation ID</dt><dd>${envelope.correlation_id}</dd><dt>Timestamp</dt><dd>${envelope.timestamp}</dd></dl>`;
  return page('Sign in: error', content, { status: 400, script: copy });
}
