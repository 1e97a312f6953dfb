import { html } from 'hono/html';
import { readFilter } from '../control/requests.ts';
import type { Exchange } from '../http/exchange.ts';
import type { LoggedRequest } from '../request-log.ts';
import type { World } from '../world.ts';
import type { Column } from './data-table.ts';
import { dataTable } from './data-table.ts';
import { type Content, instant, pageAddress } from './shell.ts';

/** So many requests are shown. */
const shown = 200;

/** Columns of the request log. */
export const requestColumns: readonly Column<LoggedRequest>[] = [
  ['Time', ({ at }) => instant(at).slice(11, 19), 'short'],
  [
    'Request',
    ({ method, path }) => html`<b>${method}</b> <code>${path.length > 160 ? `${path.slice(0, 160)}…` : path}</code>`,
  ],
  [
    'Answer',
    ({ status, code }) =>
      html`<span class="${status === null || status >= 400 || code !== null ? 'bad' : 'good'}">${status ?? 'cut'} ${code ?? ''}</span>`,
  ],
  ['Grant', ({ grantType }) => grantType?.split(':').at(-1) ?? '–', 'short'],
  ['ms', ({ ms }) => ms],
];

/** The request log, newest first, by what is asked for. */
export function requestsPage(world: World, exchange: Exchange): Content {
  const query = exchange.url.searchParams;
  const found = [...world.requests.toReversed().values().filter(readFilter(query)).take(shown)];
  const value = (name: string): string => query.get(name) ?? '';
  return {
    tab: 'requests',
    title: 'Requests',
    about: `${found.length} of ${world.requests.length} requests in the log, newest first. Secrets are blacked out.`,
    steady: html`<form method="get" action="${pageAddress('requests')}"><label>Path contains<input name="path" value="${value('path')}"></label>
<label class="short">Status<input name="status" value="${value('status')}" placeholder="4xx" pattern="[1-5](xx|[0-9]{2})?"></label>
<label>Code<input name="code" value="${value('code')}" placeholder="AADSTS50105"></label><label>App<input name="app" value="${value('app')}" placeholder="client id"></label>
<button class="primary">Filter</button></form>`,
    live: dataTable(found, requestColumns, 'No request fits.'),
  };
}
