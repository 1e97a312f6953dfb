import { html } from 'hono/html';
import type { World } from '../world.ts';
import { actionButton, dataTable } from './data-table.ts';
import { type Content, instant } from './shell.ts';

const steps: readonly (readonly [label: string, ms: number])[] = [
  ['+ 1 minute', 60_000],
  ['+ 1 hour', 3_600_000],
  ['+ 1 day', 86_400_000],
  ['+ 30 days', 30 * 86_400_000],
  ['+ 2 years', 730 * 86_400_000],
];

/** The clock, the signing keys, and snapshots of the whole world. */
export function timePage(world: World): Content {
  const { clock } = world;
  const frozen = clock.state.frozenAt !== null;
  return {
    tab: 'time',
    title: 'Time and snapshots',
    about:
      'The clock decides about the life of tokens and secrets, the dates of mail, and when provisioning tries again.',
    steady: html`<form method="post" action="/_control/do/clock"><label>Set the clock to (UTC)<input name="now" type="datetime-local" step="1" required value="${new Date(clock.now()).toISOString().slice(0, 19)}"></label><button>Set</button></form>
<form method="post" action="/_control/do/take-snapshot"><label>Name of a snapshot<input name="name" maxlength="256" value="snapshot"></label><button class="primary">Take a snapshot</button></form>`,
    live: html`<h2>${instant(clock.now())}${frozen ? html` <span class="warn">stands still</span>` : ''}</h2><div class="row">${steps.map(
      ([label, ms]) => actionButton('clock', label, { advanceMs: String(ms) }),
    )}${actionButton('clock', frozen ? 'Let it run' : 'Stop it', { frozen: String(!frozen) })}</div>
<h2>Signing keys</h2><dl><dt>Signs</dt><dd><code>${world.keys.active().kid}</code></dd><dt>Published</dt><dd>${world.keys
      .published()
      .map(({ kid }) => html`<div><code>${kid}</code></div>`)}</dd></dl>${actionButton('rotate-keys', 'Rotate')}
<h2>Snapshots</h2>${dataTable(
      [...world.snapshots.values()].reverse(),
      [
        ['Name', ({ name }) => name],
        ['Taken', ({ takenAt }) => instant(takenAt), 'short'],
        ['Size', ({ bytes }) => `${Math.ceil(bytes.length / 1024)} KiB`],
        [
          'Actions',
          ({ id }) =>
            html`<div class="row">${actionButton('restore', 'Go back to it', { id }, 'primary')}<a class="button" href="/_control/snapshots/${id}">Download</a>${actionButton('delete-snapshot', 'Delete', { id }, 'danger')}</div>`,
        ],
      ],
      'No snapshot was taken.',
    )}`,
  };
}
