import { styleText } from 'node:util';
import type { Check, CheckReport } from '#contract';

const colours = { passed: 'green', warning: 'yellow', failed: 'red', waiting: 'cyan' } as const;

/** Checks, each with what it saw; what did not pass also with why it matters and what to do. */
export function checksView({ settings, checks }: CheckReport): string {
  const width = Math.max(0, ...checks.map(({ title }) => title.length));
  const failed = checks.filter(({ outcome }) => outcome === 'failed').length;
  const sum = failed === 0 ? 'None failed' : `${failed} failed`;
  return [
    ...checks.map((check) => checkView(check, width)),
    '',
    `${sum}, of ${checks.length} on the ${settings} settings.`,
  ].join('\n');
}

function checkView({ outcome, title, saw, matters, next, link }: Check, width: number): string {
  const indent = ' '.repeat(9);
  const more = [
    ...(outcome === 'passed' ? [] : [['why', matters]]),
    ...(next === null ? [] : [['next', next]]),
    ...(link === null ? [] : [['link', link]]),
  ];
  return [
    `${styleText(colours[outcome], outcome.padEnd(7))}  ${title.padEnd(width)}  ${saw}`,
    ...more.map(([name, text]) => `${indent}${styleText('dim', `${name}`.padEnd(4))}  ${text}`),
  ].join('\n');
}
