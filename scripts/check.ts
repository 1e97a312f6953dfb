// Everything about the code that needs no run of it: `npm run check`. One line for each part, and all that a failing part says.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runQuietly } from './command.mjs';
import { findViolations } from './find-violations.ts';

/** One part of the check: resolves to what is wrong, or to nothing. */
type Part = { name: string; run: () => Promise<string> };

const root = resolve(import.meta.dirname, '..');

function command(name: string, file: string, ...args: string[]): Part {
  return {
    name,
    run: async () => {
      const { code, output } = await runQuietly(process.execPath, [join(root, file), ...args], { cwd: root });
      return code === 0 ? '' : output.trim() || `exit code ${code}`;
    },
  };
}

const tsc = 'node_modules/typescript/bin/tsc';
const parts: Part[] = [
  command('types', tsc, '--project', '.'),
  ...(existsSync(join(root, 'console/tsconfig.json')) ? [command('console types', tsc, '--project', 'console')] : []),
  command('format and lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'),
  command('dead code', 'node_modules/knip/bin/knip.js', '--no-config-hints'),
  {
    name: 'floor plan',
    run: async () =>
      findViolations(root)
        .map(({ file, line, rule }) => `${file}:${line} ${rule}`)
        .join('\n'),
  },
  ...(existsSync(join(root, 'scripts/reference.ts')) ? [command('reference', 'scripts/reference.ts', '--check')] : []),
];

await Promise.all(
  parts.map(async ({ name, run }) => {
    const start = Date.now();
    const fault = await run();
    console.log(`${fault ? 'FAILED' : 'ok'} ${name} ${((Date.now() - start) / 1000).toFixed(1)} s`);
    if (!fault) return;
    console.log(fault.replaceAll(/^/gm, '  '));
    process.exitCode = 1;
  }),
);
