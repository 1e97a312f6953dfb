import { styleText } from 'node:util';
import { titleOf, valueText } from './value.ts';

/** One thing in full: a line for each member, what is inside it indented below. */
export function detailView(value: unknown): string {
  return lines(value, '').join('\n');
}

function lines(value: unknown, indent: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}${valueText(value)}`];
  const members = Object.entries(value);
  const width = Math.max(0, ...members.map(([name]) => titleOf(name).length));
  return members.flatMap(([name, member]) => {
    const title = styleText('dim', titleOf(name).padEnd(width));
    if (isPlain(member)) return [block(`${indent}${title}  `, valueText(member), `${indent}${' '.repeat(width)}  `)];
    const inside = Array.isArray(member)
      ? member.flatMap((item, index) => [...(index === 0 ? [] : ['']), ...lines(item, `${indent}  `)])
      : lines(member, `${indent}  `);
    return [`${indent}${title.trimEnd()}`, ...inside];
  });
}

const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (Array.isArray(value) ? value.every((item) => typeof item !== 'object') : Object.keys(value).length === 0);

const block = (head: string, text: string, indent: string): string => `${head}${text.replaceAll('\n', `\n${indent}`)}`;
