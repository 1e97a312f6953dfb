// The whole suite: `npm test`, or some of it: `npm test -- src/scim test/journeys/mail.test.ts --only "RFC 7644"`.
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { bringPrograms } from './debian.mjs';
import { findChromium } from './installed.mjs';
import { bringMicrosoft365 } from './microsoft365.mjs';
import { type Postgres, startPostgres } from './postgres.ts';
import { type FileResult, runTestFile } from './test-file.ts';
import { Unable } from './unable.mjs';

const root = resolve(import.meta.dirname, '..');
const folders = ['src', 'simulator', 'test', 'bin', 'demo', 'console', 'bench', 'scripts'];

const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
const files = findTestFiles(positionals);
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
process.env['NODE_COMPILE_CACHE'] ??= resolve(root, '.cache/compile');

const chromium = findChromium();
if (chromium) process.env['TEST_CHROMIUM'] ??= chromium;
let postgres: Postgres | undefined;
if (!process.env['TEST_POSTGRES_URL']) {
  postgres = await startPostgres({ durable: false });
  process.env['TEST_POSTGRES_URL'] = postgres.url;
}
try {
  const results = await runAll();
  if (stopped.signal.aborted) process.exitCode = 130;
  else summarize(results);
} finally {
  await postgres?.stop();
}

function findTestFiles(asked: readonly string[]): string[] {
  const inFolder = (folder: string) =>
    globSync(`${folder}/**/*.test.ts`, { exclude: (name) => name === 'node_modules' });
  const found =
    asked.length === 0
      ? folders.flatMap((folder) => inFolder(resolve(root, folder)))
      : asked.flatMap((path) =>
          statSync(path, { throwIfNoEntry: false })?.isDirectory() ? inFolder(path) : globSync(path),
        );
  const names = [...new Set(found.map((file) => relative(root, resolve(file))))].sort();
  // The long stories first, so that none of them runs alone at the end.
  const isLong = (file: string) => file.startsWith(`test${sep}`) || takesClients(file);
  return [...names.filter(isLong), ...names.filter((file) => !isLong(file))];
}

/** Tests that run Microsoft's command line clients. */
function takesClients(file: string): boolean {
  return basename(file) === 'command-line.test.ts';
}

/** Whether they were asked for by name: installing them takes longer than the whole suite should be held up. */
function asksForClients(): boolean {
  return positionals.length > 0 && files.some(takesClients);
}

/** Installs the clients while the other tests run; what cannot be had is said, and its tests skip themselves. */
async function bringClients(): Promise<void> {
  const meanwhile = async (what: string, work: () => Promise<void>): Promise<void> => {
    const started = Date.now();
    await work();
    console.log(`${what}: ${seconds(Date.now() - started)}, meanwhile`);
  };
  const say = (error: unknown): void => {
    if (!(error instanceof Unable)) throw error;
    console.log(`${error.message} Its tests are skipped.`);
  };
  await bringPrograms(['Azure CLI'], meanwhile).catch(say);
  await bringMicrosoft365(root, meanwhile).catch(say);
}

async function runAll(): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const waiting = [...files];
  const left = Map.groupBy(files, placeOf);
  let ready = !asksForClients();
  const clients = ready ? undefined : bringClients().then(() => (ready = true));
  const next = async () => {
    const at = waiting.findIndex((file) => ready || !takesClients(file));
    if (at < 0) await clients;
    return waiting.splice(Math.max(at, 0), 1)[0];
  };
  const worker = async () => {
    for (let file = await next(); file && !stopped.signal.aborted; file = await next()) {
      const result = await runTestFile(file, { signal: stopped.signal, only: values.only });
      results.push(result);
      if (stopped.signal.aborted) return;
      printFailures(result);
      const place = placeOf(file);
      left.set(place, left.get(place)?.filter((other) => other !== file) ?? []);
      if (left.get(place)?.length === 0) printPlace(place, results);
    }
  };
  // Most files wait for something now and then: one more than there are cores keeps these busy.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker));
  return results;
}

/** The room or folder that a line of progress is for: `src/scim`, `test/journeys`, `simulator`. */
function placeOf(file: string): string {
  const [top = '', next = ''] = file.split(sep);
  return ['src', 'test'].includes(top) && !next.endsWith('.ts') ? `${top}/${next}` : top;
}

function printFailures({ file, failures, output }: FileResult): void {
  for (const { name, error } of failures) console.log(`\nFAILED ${file}${name ? ` › ${name}` : ''}\n${indent(error)}`);
  if (failures.length > 0 && output.trim()) console.log(`\n  ${file} printed:\n${indent(output.trim())}`);
  if (failures.length > 0) console.log('');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function printPlace(place: string, all: readonly FileResult[]): void {
  const results = all.filter(({ file }) => placeOf(file) === place);
  const milliseconds = results.reduce((sum, result) => sum + result.milliseconds, 0);
  console.log(`${place.padEnd(24)} ${countOf(results)}, ${seconds(milliseconds)}`);
}

function countOf(results: readonly FileResult[]): string {
  const sum = (count: (result: FileResult) => number) => results.reduce((total, result) => total + count(result), 0);
  const skipped = sum((result) => result.skipped);
  const counts = `${sum((result) => result.passed)} passed, ${sum((result) => result.failures.length)} failed`;
  return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function summarize(results: readonly FileResult[]): void {
  const slowest = results.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 5);
  console.log('\nslowest');
  for (const { file, milliseconds } of slowest) console.log(`  ${seconds(milliseconds).padStart(7)}  ${file}`);
  const failed = results.flatMap(({ file, failures }) =>
    failures.map(({ name }) => (name ? `${file} › ${name}` : file)),
  );
  if (failed.length > 0) console.log(`\nfailed\n${failed.map((line) => `  ${line}`).join('\n')}`);
  const ran = results.some(({ passed, failures }) => passed + failures.length > 0);
  if (!ran)
    console.log(
      `no test ran: nothing matches ${[...positionals, values.only ?? ''].join(' ').trim() || folders.join(', ')}`,
    );
  console.log(`\n${countOf(results)}`);
  process.exitCode = failed.length > 0 || !ran ? 1 : 0;
}
