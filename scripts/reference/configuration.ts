import { type Setting, settings } from '#config';
import { code, page, table } from './markdown.ts';

/** Every setting. */
export function configurationPage(): string {
  const rows = Object.values<Setting<unknown>>(settings).map(({ name, default: fallback, about, secret }) => [
    code(name),
    code(fallback ?? ''),
    `${about}${secret === true ? ' Secret: never printed.' : ''}`,
  ]);
  return page(
    '# Configuration',
    'Portico is set up by environment variables, read once when it starts.',
    [
      '- Every setting can also come from a file: `PORTICO_DATABASE_URL_FILE=/run/secrets/database` is read instead of',
      '  `PORTICO_DATABASE_URL`. Setting both is a fault.',
      '- A name that begins with `PORTICO_` and is not in this table is a fault, which names the nearest one that is.',
      '- All faults are told together, and Portico does not start.',
    ].join('\n'),
    table(['setting', 'default', 'what it is for'], rows),
  );
}
