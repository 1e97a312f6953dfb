import { randomBytes } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { Answer } from '../http/exchange.ts';
import type { Markup } from '../pages/page.ts';
import type { World } from '../world.ts';
import { liveMarks, liveScript } from './live-script.ts';
import { style } from './style.ts';

/** Where the pages are, below `/_control`. */
export const tabs = {
  '': 'Overview',
  people: 'People',
  groups: 'Groups',
  apps: 'Apps',
  tokens: 'Tokens',
  sessions: 'Sessions',
  mail: 'Mail',
  provisioning: 'Provisioning',
  requests: 'Requests',
  faults: 'Faults',
  time: 'Time and snapshots',
} as const;

/** The address of a page of the control page. */
export const pageAddress = (tab: string, query: Readonly<Record<string, string>> = {}): string => {
  const search = new URLSearchParams(query).toString();
  return `/_control${tab === '' ? '' : `/view/${tab}`}${search === '' ? '' : `?${search}`}`;
};

/** What stands on a page of the control page. */
export type Content = {
  readonly tab: keyof typeof tabs;
  readonly title: string;
  readonly about?: string;
  /** What is brought up to date by itself. */
  readonly live: Markup;
  /** Forms above and below it, which stay as they are. */
  readonly steady?: Markup;
  readonly below?: Markup;
  readonly status?: number;
  /** Why what was asked for was not done. */
  readonly fault?: string;
};

/** A page with its navigation, under a policy that allows its own style, its own script, and forms to itself. */
export async function shell(world: World, content: Content): Promise<Answer> {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  const links = Object.entries(tabs).map(
    ([tab, name]) =>
      html`<a href="${pageAddress(tab)}"${tab === content.tab ? raw(' aria-current="page"') : ''}>${name}</a>`,
  );
  const document = await html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${content.title} · Simulated Entra</title><style nonce="${nonce}">${raw(style)}</style></head>
<body><header><div><p><b>Simulated Entra</b> <span>${time(world)}</span></p><nav aria-label="Parts">${links}</nav></div></header>
<main><h1>${content.title}</h1>${content.about === undefined ? '' : html`<p>${content.about}</p>`}
${content.fault === undefined ? '' : html`<p class="alert" role="alert">${content.fault}</p>`}
${content.steady ?? ''}${raw(liveMarks.start)}<div id="live">${content.live}</div>${raw(liveMarks.end)}${content.below ?? ''}</main><script nonce="${nonce}">${raw(liveScript)}</script></body></html>`;
  return {
    status: content.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      vary: 'accept',
    },
    body: String(document),
  };
}

function time({ clock }: World): string {
  return `${instant(clock.now())}${clock.state.frozenAt === null ? '' : ', the clock stands'}`;
}

/** A date and time as the page writes it: UTC, to the second. */
export function instant(at: number): string {
  return Number.isFinite(at) ? `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC` : 'never';
}
