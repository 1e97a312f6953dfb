import { styleText } from 'node:util';
import type { Column } from './columns.ts';
import { titleOf, valueText } from './value.ts';

const gap = '  ';
const least = 8;

/** A table of items; cut to `width` characters where there is one. */
export function tableView(items: readonly object[], columns: readonly Column[], width?: number): string {
  const paths = columns.map((column) => (typeof column === 'string' ? column : column[0]));
  const rows = items.map((item) => paths.map((path) => valueText(at(item, path)).replace(/\s+/g, ' ')));
  const heads = columns.map((column) => (typeof column === 'string' ? titleOf(column) : column[1]).toUpperCase());
  const widths = fit(
    paths.map((_, column) => Math.max(...[heads, ...rows].map((row) => row[column]?.length ?? 0))),
    width,
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cut(cell, widths[column] ?? cell.length).padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd();
  return [styleText('dim', line(heads)), ...rows.map(line)].join('\n');
}

function at(item: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      item,
    );
}

/** Takes from the widest column until all fit. */
function fit(widths: number[], width: number | undefined): number[] {
  if (width === undefined) return widths;
  const fitted = [...widths];
  const over = () => fitted.reduce((sum, it) => sum + it, gap.length * (fitted.length - 1)) - width;
  while (over() > 0) {
    const widest = Math.max(...fitted);
    if (widest <= least) break;
    fitted[fitted.indexOf(widest)] = widest - 1;
  }
  return fitted;
}

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);
