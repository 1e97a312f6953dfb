// The pages of docs/ that come from the code's own tables: `npm run reference` writes them, `--check` only compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { aadstsPage } from './reference/aadsts.ts';
import { commandLinePage } from './reference/command-line.ts';
import { configurationPage } from './reference/configuration.ts';
import { eventsPage } from './reference/events.ts';
import { problemsPage } from './reference/problems.ts';
import { refusalsPage } from './reference/refusals.ts';
import { restPage } from './reference/rest.ts';
import { rightsPage } from './reference/rights.ts';

const root = resolve(import.meta.dirname, '..');

/** Every page by its file, and what makes it. */
const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/configuration.md': configurationPage,
  'docs/reference/rest.md': restPage,
  'docs/reference/rights.md': rightsPage,
  'docs/reference/events.md': eventsPage,
  'docs/reference/problems.md': problemsPage,
  'docs/reference/refusals.md': refusalsPage,
  'docs/reference/cli.md': commandLinePage,
  'docs/reference/aadsts.md': aadstsPage,
};

const onlyCompare = process.argv.includes('--check');

for (const [file, make] of Object.entries(pages)) {
  const made = (await make()).replace(
    '\n',
    '\n\n<!-- Made from the code by `npm run reference`; changes belong there. -->\n',
  );
  if (made === read(file)) continue;
  if (onlyCompare) {
    console.error(`${file} is not what the code says: run \`npm run reference\``);
    process.exitCode = 1;
    continue;
  }
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), made);
  console.log(`wrote ${file}`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    return undefined;
  }
}
