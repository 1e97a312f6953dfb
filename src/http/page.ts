import { randomBytes } from 'node:crypto';
import { html, raw } from 'hono/html';

/** A piece of HTML that is already escaped. */
export type Html = ReturnType<typeof html>;

/** A nonce for one answer. */
export const newNonce = (): string => randomBytes(16).toString('base64');

/** Headers of every page: a strict policy with a nonce, no framing, no sniffing, nothing cached. */
export function pageHeaders(nonce: string, formTargets: readonly string[] = []): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}' 'self'`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      `form-action 'self'${formTargets.map((target) => ` ${target}`).join('')}`,
      "frame-ancestors 'none'",
    ].join('; '),
    // Not no-referrer: with it browsers send `Origin: null` along with a form, and isOwnOrigin refuses that.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

const style = `
:root{color-scheme:light dark;--ink:#1b1a19;--soft:#605e5c;--paper:#f5f5f5;--card:#fff;--line:#e1dfdd;--accent:#0f6cbd;--accent-ink:#fff;--bad:#b10e1c}
@media (prefers-color-scheme:dark){:root{--ink:#fff;--soft:#c8c6c4;--paper:#1f1f1f;--card:#292929;--line:#454545;--accent:#479ef5;--accent-ink:#0b1a29;--bad:#f1707b}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--paper);color:var(--ink);font:16px/1.5 "Segoe UI",system-ui,sans-serif}
main{width:100%;max-width:440px;background:var(--card);border:1px solid var(--line);border-radius:8px;padding:32px;overflow-wrap:anywhere}
main.wide{max-width:760px}
h1{font-size:24px;line-height:1.25;margin:0 0 8px}
h2{font-size:16px;margin:24px 0 4px}
p{margin:8px 0}
.soft{color:var(--soft);font-size:14px}
.bad{color:var(--bad)}
label{display:block;font-weight:600;margin:20px 0 6px}
input{width:100%;font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:4px;padding:9px 12px}
button,.button{display:block;width:100%;margin-top:16px;padding:10px 16px;font:inherit;font-weight:600;text-align:center;text-decoration:none;border:1px solid var(--accent);border-radius:4px;background:var(--accent);color:var(--accent-ink);cursor:pointer}
.quiet{background:transparent;color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
code,pre{font:13px/1.5 "Cascadia Mono",Consolas,monospace}
pre{overflow:auto;padding:12px;border:1px solid var(--line);border-radius:4px;white-space:pre-wrap}
table{width:100%;border-collapse:collapse;font-size:14px}
td,th{text-align:left;vertical-align:top;padding:6px 8px 6px 0;border-top:1px solid var(--line)}
th{overflow-wrap:normal}
summary{margin:16px 0 8px;cursor:pointer}
.plain{list-style:none;margin:8px 0;padding:0}
.plain li{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;justify-content:space-between;padding:8px 0;border-top:1px solid var(--line)}
.plain li>div{flex:1 1 220px}
.small{width:auto;margin:0;padding:5px 14px}
`;

/** A page that the server writes: sign-in, sign-out, errors. */
export async function pageResponse(it: {
  title: string;
  body: Html;
  status?: number;
  wide?: boolean;
  formTargets?: readonly string[];
  /** Runs at the end of the page; never made of anything that came with a request. */
  script?: string;
}): Promise<Response> {
  const nonce = newNonce();
  const text = await html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${it.title}</title><style nonce="${nonce}">${raw(style)}</style></head>
<body><main class="${it.wide === true ? 'wide' : ''}">${it.body}</main>${
    it.script === undefined ? '' : html`<script nonce="${nonce}">${raw(it.script)}</script>`
  }</body>
</html>`;
  return new Response(String(text), { status: it.status ?? 200, headers: pageHeaders(nonce, it.formTargets) });
}
