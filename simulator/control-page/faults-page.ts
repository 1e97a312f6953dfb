import { html } from 'hono/html';
import { type FaultKind, type FaultParameter, faultTable, times } from '../faults/fault-table.ts';
import type { Markup } from '../pages/page.ts';
import type { World } from '../world.ts';
import { actionButton } from './data-table.ts';
import { activeFaults } from './overview-page.ts';
import type { Content } from './shell.ts';

/** Every fault of the table with a form of its parameters; `fault` is what was wrong with the one that was called. */
export function faultsPage(world: World, fault?: string): Content {
  return {
    tab: 'faults',
    title: 'Faults',
    about: 'Misfortunes that can be called by name. The control page itself is never struck.',
    live: html`${activeFaults(world, 'faults')}`,
    below: html`<div class="cards">${faultTable.map(card)}</div>`,
    ...(fault === undefined ? {} : { fault, status: 400 }),
  };
}

function card(kind: FaultKind): Markup {
  const needs = kind.parameters.some(({ required }) => required);
  const once = actionButton('fault', 'Once', { name: kind.name, times: '1', back: 'faults' }, 'primary');
  const until = actionButton('fault', 'Until cleared', { name: kind.name, back: 'faults' });
  return html`<section class="card" id="fault-${kind.name}"><h2>${kind.name}</h2><p class="soft">${kind.does}</p>
${needs ? '' : html`<div class="row">${once}${until}</div>`}<details><summary>${needs ? 'Say how' : 'With more'}</summary>
<form class="fields" method="post" action="/_control/do/fault"><input type="hidden" name="name" value="${kind.name}"><input type="hidden" name="back" value="faults">
${[...kind.parameters, times].map(field)}<button class="primary">Force ${kind.name}</button></form></details></section>`;
}

function field({ name, type, required, means }: FaultParameter): Markup {
  const need = required ? html` required` : '';
  if (typeof type !== 'string') {
    const options = type.map((value) => html`<option>${value}</option>`);
    return html`<label><span>${name} <small>${means}</small></span><select name="${name}"${need}>${required ? '' : html`<option value="">–</option>`}${options}</select></label>`;
  }
  const number = type === 'text' ? '' : html` type="number" min="0" step="${type === 'integer' ? '1' : 'any'}"`;
  return html`<label><span>${name} <small>${means}</small></span><input name="${name}"${number}${need}></label>`;
}
