import { html } from 'hono/html';
import { microsoftTenantId } from '../applications/first-party.ts';
import type { Fault } from '../faults/faults.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Markup } from '../pages/page.ts';
import type { World } from '../world.ts';
import { actionButton, dataTable } from './data-table.ts';
import { requestColumns } from './requests-page.ts';
import { type Content, instant, pageAddress } from './shell.ts';

/** What most people want to see go wrong first. */
const usual = ['secret-expired', 'consent-missing', 'mfa-required', 'unknown-kid', 'throttle', 'unavailable'];

/** What there is, what strikes, and what was refused lately. */
export function overviewPage(world: World, { origin }: Exchange): Content {
  const apps = [...world.applications.values()].filter(({ homeTenantId }) => homeTenantId !== microsoftTenantId);
  const refused = world.requests.filter(({ status, code }) => code !== null || status === null || status >= 400);
  const tiles: readonly (readonly [tab: string, name: string, value: number | string])[] = [
    ['people', 'people', sum(world, ({ users }) => users.size)],
    ['groups', 'groups', sum(world, ({ groups }) => groups.size)],
    ['apps', 'apps', apps.length],
    ['requests', 'requests in the log', world.requests.length],
    ['faults', 'faults that strike', world.faults.list().length],
  ];
  return {
    tab: '',
    title: 'Overview',
    about: 'This is not Microsoft: made-up tenants that answer as theirs do.',
    live: html`<ul class="tiles">${tiles.map(
      ([tab, name, value]) => html`<li><a href="${pageAddress(tab)}"><b>${value}</b> ${name}</a></li>`,
    )}</ul>
<h2>Force a fault, once</h2><div class="row">${usual.map((name) =>
      actionButton('fault', name, { name, times: '1', back: '' }),
    )}<a class="button" href="${pageAddress('faults')}">more …</a></div>
${activeFaults(world, '')}
<h2>Tenants</h2>${dataTable(
      [...world.tenants.values()],
      [
        ['Name', ({ id, name }) => html`<a href="${pageAddress('people', { tenant: id })}">${name}</a>`],
        ['Tenant id', ({ id }) => html`<code>${id}</code>`],
        ['Domains', ({ domains }) => domains.join(', ')],
        ['Cloud', ({ cloud }) => cloud],
        ['People', ({ users }) => users.size],
        ['Groups', ({ groups }) => groups.size],
      ],
      'There is no tenant.',
    )}
<h2>Refused lately</h2>${dataTable(refused.slice(-6).reverse(), requestColumns, 'Nothing was refused.')}
<h2>Where to ask</h2><dl><dt>Authority</dt><dd><code>${origin}/{tenant}/v2.0</code></dd><dt>Graph</dt><dd><code>${origin}/v1.0</code></dd>
<dt>Control API</dt><dd><a href="/_control/tenants"><code>${origin}/_control</code></a></dd></dl>`,
  };
}

/** The faults that strike now, each with a button that clears it. */
export function activeFaults(world: World, back: string): Markup {
  const active = world.faults.list();
  if (active.length === 0) return html``;
  return html`<h2>Striking now</h2>${dataTable(
    active,
    [
      ['Fault', ({ name }) => html`<b class="warn">${name}</b>`],
      ['With', parametersOf],
      ['Left', ({ left }) => (left === undefined ? 'until cleared' : left === 0 ? 'used up' : `${left} ×`)],
      ['Action', ({ id }) => actionButton('clear-fault', 'Clear', { id, back })],
    ],
    '',
  )}<p>${actionButton('clear-fault', 'Clear all', { back })}</p>`;
}

function parametersOf({ parameters }: Fault): string {
  const entries = Object.entries(parameters);
  return entries.length === 0 ? '–' : entries.map(([name, value]) => `${name} ${value}`).join(', ');
}

function sum(
  world: World,
  count: (tenant: World['tenants'] extends Map<string, infer T> ? T : never) => number,
): number {
  return world.tenants.values().reduce((total, tenant) => total + count(tenant), 0);
}

/** A date in the past is told as over. */
export function end(world: World, at: number): Markup {
  return at <= world.clock.now() ? html`<span class="bad">ended ${instant(at)}</span>` : html`until ${instant(at)}`;
}
