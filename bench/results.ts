import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const file = join(import.meta.dirname, 'results.md');

/** The machine in a few words. */
export const machine = (): string =>
  `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}`;

/** Adds a line to the table of starts. */
export function addStartLine(line: string): void {
  const text = readFileSync(file, 'utf8');
  const [table = '', ...sections] = text.split(/\n(?=## )/);
  writeFileSync(file, [`${table.trimEnd()}\n${line}\n`, ...sections].join('\n'));
}

/** Puts a section in the place of the one with the same title, or at the end. */
export function writeSection(title: string, body: string): void {
  const sections = readFileSync(file, 'utf8').split(/\n(?=## )/);
  const section = `## ${title}\n\n${body.trim()}\n`;
  const place = sections.findIndex((each) => each.startsWith(`## ${title}\n`));
  if (place < 0) sections.push(section);
  else sections[place] = section;
  writeFileSync(file, `${sections.map((each) => each.trim()).join('\n\n')}\n`);
}
