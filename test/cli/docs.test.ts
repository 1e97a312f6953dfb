import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Command } from 'commander';
import { buildProgram } from '#cli';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'].concat(
  globSync('docs/**/*.md', { cwd: root }),
);
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** Commands that run something here instead of calling a server. */
const beside = ['serve', 'migrate', 'simulate', 'demo'].map((name): [string, string] => [name, '']);
const program = buildProgram(
  {
    json: false,
    now: () => 0,
    call: () => Promise.reject(new Error('nothing is called here')),
    print: () => undefined,
    note: () => undefined,
  },
  '',
  beside,
);

/** The command that a line names, and the options it uses; undefined where there is no such command. */
function commandOf(words: readonly string[]): Command | undefined {
  let at: Command = program;
  for (const word of words) {
    const below = at.commands.find((command) => command.name() === word);
    if (below === undefined) break;
    at = below;
  }
  return at.commands.length > 0 ? undefined : at;
}

/** Every command line in code, as words. */
const commandLines = (text: string): string[][] =>
  [...text.matchAll(/(?:^\$ |`)portico ([a-z][^`\n]*)/gm)].map(([, line = '']) => line.trim().split(/\s+/));

for (const file of pages) {
  test(`${file}: its links lead somewhere`, () => {
    const links = [...textOf(file).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    const dead = links.filter(
      (target) => !target.includes('pictures/') && !existsSync(join(root, dirname(file), target)),
    );
    assert.deepEqual(dead, []);
  });

  test(`${file}: its commands exist, with the options it names`, () => {
    const wrong = commandLines(textOf(file)).filter((words) => {
      const command = commandOf(words);
      if (command === undefined) return !isNoun(words);
      const known = [...command.options, ...program.options].map(({ long }) => long);
      const runsHere = beside.some(([name]) => name === command.name());
      return !runsHere && words.some((word) => word.startsWith('--') && word !== '--help' && !known.includes(word));
    });
    assert.deepEqual(
      wrong.map((words) => words.join(' ')),
      [],
    );
  });
}

/** A noun alone, as prose names it. */
const isNoun = ([noun, verb]: readonly string[]): boolean =>
  verb === undefined && program.commands.some((command) => command.name() === noun);
