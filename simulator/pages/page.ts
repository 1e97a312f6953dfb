import { randomBytes } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { Answer } from '../http/exchange.ts';

/** A piece of HTML; values put into `html` templates are escaped. */
export type Markup = ReturnType<typeof html>;

/** What a page needs beyond plain content. */
export type PageNeeds = {
  readonly status?: number;
  readonly headers?: Answer['headers'];
  /** Script text; runs under the page's nonce. */
  readonly script?: string;
  /** Origins that may be framed. */
  readonly frames?: readonly string[];
};

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:0;background:light-dark(#f3f2f1,#1b1a19);color:light-dark(#201f1e,#f3f2f1)}
main{max-width:46rem;margin:2rem auto;padding:1.5rem 2rem;background:light-dark(#fff,#252423);border-radius:.5rem;box-shadow:0 2px 8px #0002}main.narrow{max-width:26rem}@media(max-width:30rem){main{margin:0;padding:1.25rem;border-radius:0;box-shadow:none;min-height:100vh;box-sizing:border-box}}
.brand{margin:0 0 1rem;font-weight:600;font-size:.85rem;opacity:.7}
h1{font-size:1.4rem;margin-top:0}h2{font-size:1.1rem}a{color:light-dark(#005a9e,#6cb8f6)}code{overflow-wrap:anywhere}
input,button{font:inherit;padding:.5rem .75rem;border-radius:.25rem;border:1px solid light-dark(#8a8886,#797775);background:light-dark(#fff,#1b1a19);color:inherit;box-sizing:border-box}
input{width:100%}button{cursor:pointer}button.primary{background:#005a9e;border-color:#005a9e;color:#fff}.row{display:flex;gap:.5rem;margin-top:1rem;flex-wrap:wrap}
ul.people{list-style:none;padding:0}ul.people button{width:100%;text-align:start;margin-bottom:.25rem}ul.people small{display:block;opacity:.8;overflow-wrap:anywhere}
.account{margin:0 0 1rem;padding:.25rem .75rem;border-radius:1rem;background:light-dark(#f3f2f1,#323130);font-size:.9rem;overflow-wrap:anywhere;width:fit-content;max-width:100%;box-sizing:border-box}.fault{color:light-dark(#a4262c,#f1707b);font-weight:600}.row.end{justify-content:flex-end}.stack{display:grid;gap:.25rem;justify-items:start}
button.link{border:0;background:none;color:light-dark(#005a9e,#6cb8f6);padding:.25rem 0;text-align:start;text-decoration:underline}.check{display:flex;gap:.5rem;align-items:center;margin:.5rem 0}.check input{width:auto}
textarea{font:inherit;width:100%;box-sizing:border-box;padding:.5rem .75rem;border-radius:.25rem;border:1px solid light-dark(#8a8886,#797775);background:light-dark(#fff,#1b1a19);color:inherit}label{display:block;margin:.5rem 0 .25rem}
.number{font-size:3rem;text-align:center;margin:.5rem 0;font-variant-numeric:tabular-nums}.phone{border:1px solid light-dark(#8a8886,#797775);border-radius:1rem;padding:.75rem 1rem;margin:1rem 0}.phone h2{margin:0;font-size:.9rem}.phone p{margin:.5rem 0}
ul.scopes{list-style:none;padding:0}ul.scopes li{margin:.4rem 0}ul.scopes p{margin:.25rem 0 .5rem 1.1rem;font-size:.9rem}summary{cursor:pointer}.unseen{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden;white-space:nowrap}
ul.people li.tile{display:flex;gap:.25rem}ul.people li.tile form:first-child{flex:1}ul.people li.tile form:last-child button{height:calc(100% - .25rem)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dd{margin:0;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:.25rem .5rem .25rem 0;vertical-align:top;overflow-wrap:anywhere}`;

/** Who is signing in, above everything else on a page. */
export const accountLine = (userPrincipalName: string): Markup => html`<p class="account">${userPrincipalName}</p>`;

/** What was wrong, for people and for screen readers; nothing when nothing was. */
export const faultLine = (fault: string | undefined): Markup | '' =>
  fault === undefined ? '' : html`<p class="fault" role="alert">${fault}</p>`;

/**
 * An HTML answer under a content security policy that allows nothing but its own style and script.
 * `form-action` is left open, for browsers hold the redirects after a form to it, and those lead to the apps.
 */
export async function page(title: string, content: Markup, needs: PageNeeds = {}, width = 'wide'): Promise<Answer> {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `frame-src ${needs.frames?.join(' ') || "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  const script = needs.script === undefined ? '' : html`<script nonce="${nonce}">${raw(needs.script)}</script>`;
  const document = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style nonce="${nonce}">${raw(style)}</style></head>
<body><main class="${width}">${width === 'narrow' ? html`<p class="brand">Simulated Microsoft Entra</p>` : ''}${content}</main>${script}</body></html>`;
  return {
    status: needs.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      ...needs.headers,
    },
    body: String(document),
  };
}
