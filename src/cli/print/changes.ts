import { styleText } from 'node:util';
import type { RecordedRequestDetail } from '#contract';

/** A difference, a line for each attribute: `title  A → B`; a dash for what was not, or is no longer, there. */
export function changesView(changes: RecordedRequestDetail['changes']): string {
  const width = Math.max(...changes.map(({ path }) => path.length));
  return changes
    .map(({ path, before, after }) => `  ${styleText('dim', path.padEnd(width))}  ${said(before)} → ${said(after)}`)
    .join('\n');
}

const said = (value: unknown): string =>
  value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
