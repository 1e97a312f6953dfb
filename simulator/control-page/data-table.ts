import { html } from 'hono/html';
import type { Markup } from '../pages/page.ts';

/** One column: its head, what stands in it for an item, and whether that is short and stays in one line. */
export type Column<T> = readonly [head: string, cell: (item: T) => Markup | string | number, short?: 'short'];

/** A table, or a sentence where there is nothing. On a narrow screen each row is a card, whose lines carry the heads. */
export function dataTable<T>(items: readonly T[], columns: readonly Column<T>[], empty: string): Markup {
  if (items.length === 0) return html`<p class="empty">${empty}</p>`;
  const rows = items.map(
    (item) =>
      html`<tr>${columns.map(([head, cell, short]) => {
        const content = cell(item);
        return html`<td data-head="${head}"${typeof content === 'number' || short === 'short' ? html` class="short"` : ''}>${content}</td>`;
      })}</tr>`,
  );
  return html`<table><thead><tr>${columns.map(([head]) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table>`;
}

/** A list of lines that open, or a sentence where there is nothing. */
export function foldedList<T>(
  items: readonly T[],
  line: (item: T) => Markup,
  inside: (item: T) => Markup,
  empty: string,
): Markup {
  if (items.length === 0) return html`<p class="empty">${empty}</p>`;
  return html`<div class="folded">${items.map(
    (item) => html`<details><summary>${line(item)}</summary>${inside(item)}</details>`,
  )}</div>`;
}

/** Properties one below the other; what is null or empty is left out. */
export function dataList(entries: readonly (readonly [name: string, value: Markup | string | null])[]): Markup {
  const shown = entries.filter(([, value]) => value !== null && value !== '');
  return html`<dl>${shown.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

/** A button that posts hidden fields. */
export function actionButton(
  action: string,
  label: string,
  fields: Readonly<Record<string, string>> = {},
  kind = '',
): Markup {
  const hidden = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  return html`<form class="inline" method="post" action="/_control/do/${action}">${hidden}<button${kind === '' ? '' : html` class="${kind}"`}>${label}</button></form>`;
}
