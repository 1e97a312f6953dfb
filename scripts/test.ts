// The whole suite: `npm test`, or some of it: `npm test -- src/scim test/journeys/mail.test.ts --only "RFC 7644"`.
import { globSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { makeTemplate } from '../test/world.ts';
import { bringPrograms } from './debian.mjs';
import { findChromium } from './installed.mjs';
import { bringMicrosoft365 } from './microsoft365.mjs';
import { type Postgres, startPostgres } from './postgres.ts';
import { type Bundle, type BundleResult, runBundle } from './test-bundle.ts';
import { Unable } from './unable.mjs';

const root = resolve(import.meta.dirname, '..');
const folders = ['src', 'simulator', 'test', 'bin', 'demo', 'console', 'bench', 'scripts'];

/**
 * Files that need no process of their own: they hold no state but what they make. Each costs a process a second of its own, most of
 * it to load what is tested.
 */
const together = [
  'src',
  'simulator',
  ...['api', 'conformance', 'directory', 'events', 'setup', 'signin', 'store'].map((it) => join('test', it)),
];
/** So many of them share one; more would have the others wait for it at the end. */
const mostTogether = { src: 60, simulator: 15, test: 8 };
/** Independent parts that a test of their name needs. What cannot be had is said, and the test skips itself. */
const parts = { apache: 'Apache with mod_auth_openidc', glewlwyd: 'Glewlwyd' } as const;
/** Those that take long by themselves, or measure how long something takes. */
const apart =
  /chromium|journeys|apache|glewlwyd|lemonldap|out-at-once|simulated-client|filter-property|statements|rate-limit|command-line/;

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
  if (files.some((file) => file.startsWith(`test${sep}`)))
    process.env['TEST_POSTGRES_TEMPLATE'] ??= await makeTemplate();
  // Once, and not in each of the processes that begin at the same time.
  if (files.some((file) => placeOf(file) === 'test/console')) await (await import('./build-console.ts')).buildConsole();
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

/** What cannot be had is no failure: its tests skip themselves. */
function say(error: unknown): void {
  if (!(error instanceof Unable)) throw error;
  console.log(`${error.message} Its tests are skipped.`);
}

/**
 * Installs what few tests need while the others run, one after the other, and gives when each of these files can begin; what
 * cannot be had is said, and its tests skip themselves.
 */
function bringMeanwhile(): Map<string, Promise<void>> {
  const meanwhile = async (what: string, work: () => Promise<void>): Promise<void> => {
    const started = Date.now();
    await work();
    console.log(`${what}: ${seconds(Date.now() - started)}, meanwhile`);
  };
  const ready = new Map<string, Promise<void>>();
  let last = Promise.resolve();
  const bring = (their: readonly string[], work: () => Promise<void>): void => {
    if (their.length > 0) last = last.then(work).catch(say);
    for (const file of their) ready.set(file, last);
  };
  for (const [part, program] of Object.entries(parts) as [string, (typeof parts)[keyof typeof parts]][])
    bring(
      files.filter((file) => nameOf(file) === part),
      () => bringPrograms([program], meanwhile),
    );
  bring(asksForClients() ? files.filter(takesClients) : [], async () => {
    await bringPrograms(['Azure CLI'], meanwhile).catch(say);
    await bringMicrosoft365(root, meanwhile);
  });
  return ready;
}

/** The files as they are run, the long ones first. */
function bundlesOf(files: readonly string[]): Bundle[] {
  const isShort = (file: string) =>
    together.some((folder) => file.startsWith(`${folder}${sep}`)) && !apart.test(basename(file));
  const alone = files.filter((file) => !isShort(file)).map((file) => ({ name: file, files: [file] }));
  const bundles = [...Map.groupBy(files.filter(isShort), placeOf)].flatMap(([place, its]) => {
    const most = mostTogether[place.split(sep)[0] as keyof typeof mostTogether];
    return Array.from({ length: Math.ceil(its.length / most) }, (_, part) => {
      const files = its.slice(part * most, (part + 1) * most);
      return { name: files.length === 1 ? (files[0] ?? '') : `${place}: ${files.map(nameOf).join(', ')}`, files };
    });
  });
  return [...alone, ...bundles];
}

function nameOf(file: string): string {
  return basename(file, '.test.ts');
}

async function runAll(): Promise<BundleResult[]> {
  const results: BundleResult[] = [];
  const waiting = bundlesOf(files);
  const left = new Map([...Map.groupBy(waiting, placeOfBundle)].map(([place, its]) => [place, its.length]));
  const waitsFor = bringMeanwhile();
  for (const [file, ready] of waitsFor) void ready.then(() => waitsFor.delete(file));
  const next = async () => {
    const mayBegin = () => waiting.findIndex(({ files }) => files.every((file) => !waitsFor.has(file)));
    while (waiting.length > 0 && mayBegin() < 0) await Promise.race(waitsFor.values());
    return waiting.splice(Math.max(mayBegin(), 0), 1)[0];
  };
  const worker = async () => {
    for (let bundle = await next(); bundle && !stopped.signal.aborted; bundle = await next()) {
      const result = await runBundle(bundle, { signal: stopped.signal, only: values.only });
      results.push(result);
      if (stopped.signal.aborted) return;
      printFailures(result);
      const place = placeOfBundle(bundle);
      left.set(place, (left.get(place) ?? 1) - 1);
      if (left.get(place) === 0) printPlace(place, results);
    }
  };
  // Most files wait for something now and then: one more than there are cores keeps these busy.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, worker));
  return results;
}

function placeOfBundle({ files: [first = ''] }: Bundle): string {
  return placeOf(first);
}

/** The room or folder that a line of progress is for: `src/scim`, `test/journeys`, `simulator`. */
function placeOf(file: string): string {
  const [top = '', next = ''] = file.split(sep);
  return ['src', 'test'].includes(top) && !next.endsWith('.ts') ? `${top}/${next}` : top;
}

function printFailures({ name: bundle, failures, output }: BundleResult): void {
  for (const { file, name, error } of failures)
    console.log(`\nFAILED ${file ?? bundle}${name ? ` › ${name}` : ''}\n${indent(error)}`);
  if (failures.length > 0 && output.trim()) console.log(`\n  ${bundle} printed:\n${indent(output.trim())}`);
  if (failures.length > 0) console.log('');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function printPlace(place: string, all: readonly BundleResult[]): void {
  const results = all.filter((result) => placeOfBundle(result) === place);
  const milliseconds = results.reduce((sum, result) => sum + result.milliseconds, 0);
  console.log(`${place.padEnd(24)} ${countOf(results)}, ${seconds(milliseconds)}`);
}

function countOf(results: readonly BundleResult[]): string {
  const sum = (count: (result: BundleResult) => number) => results.reduce((total, result) => total + count(result), 0);
  const skipped = sum((result) => result.skipped);
  const counts = `${sum((result) => result.passed)} passed, ${sum((result) => result.failures.length)} failed`;
  return skipped > 0 ? `${counts}, ${skipped} skipped` : counts;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

function summarize(results: readonly BundleResult[]): void {
  const slowest = results.toSorted((a, b) => b.milliseconds - a.milliseconds).slice(0, 5);
  console.log('\nslowest');
  for (const { name, milliseconds } of slowest) console.log(`  ${seconds(milliseconds).padStart(7)}  ${name}`);
  const failed = results.flatMap(({ name: bundle, failures }) =>
    failures.map(({ file = bundle, name }) => (name ? `${file} › ${name}` : file)),
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
