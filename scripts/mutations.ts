// `npm run test:mutations`: takes out each scope predicate, each binding of a seal, each authentication and authorization, one
// at a time and in a copy of the project, and says which test notices. `-- --only <pattern>` for some of
// them, `--near` for the nearest tests only, `--list` to see what would be taken out.
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from './installed.mjs';
import type { Mutation } from './mutation.ts';
import { findAccessChecks } from './mutations-access.ts';
import { equivalents } from './mutations-equivalent.ts';
import { type Copy, makeBaseline, makeCopy } from './mutations-run.ts';
import { findScopePredicates } from './mutations-scope.ts';
import { findSealBindings } from './mutations-seal.ts';
import { startPostgres } from './postgres.ts';

const root = resolve(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    near: { type: 'boolean', default: false },
  },
});

const nameOf = ({ file, line, about }: Mutation): string => `${file}:${line} ${about}`;
const all = [...findScopePredicates(root), ...findSealBindings(root), ...findAccessChecks(root)];
for (const { file, about } of equivalents)
  if (!all.some((it) => it.file === file && it.about === about))
    throw new Error(`mutations-equivalent.ts: ${file} has no ${about} any more`);
const isEquivalent = (it: Mutation) => equivalents.some(({ file, about }) => file === it.file && about === it.about);
const chosen = all.filter((it) => !isEquivalent(it) && new RegExp(values.only ?? '').test(`${it.kind} ${nameOf(it)}`));

if (values.list) for (const mutation of chosen) console.log(`${mutation.kind.padEnd(6)} ${nameOf(mutation)}`);
else await run();

async function run(): Promise<void> {
  const started = performance.now();
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopped.abort());
  process.env['NODE_COMPILE_CACHE'] ??= resolve(root, '.cache/compile');
  const chromium = findChromium();
  if (chromium) process.env['TEST_CHROMIUM'] ??= chromium;
  const postgres = await startPostgres({ durable: false });
  const setting = { root, postgresUrl: postgres.url, nearOnly: values.near, signal: stopped.signal };
  const baseline = makeBaseline(setting);
  const copies = Array.from({ length: Math.max(2, availableParallelism()) }, () => makeCopy(setting, baseline));
  const unnoticed: Mutation[] = [];
  const waiting = [...chosen];
  let done = 0;
  const worker = async (copy: Copy) => {
    for (let next = waiting.shift(); next !== undefined && !stopped.signal.aborted; next = waiting.shift()) {
      const test = await copy.noticedBy(next);
      if (stopped.signal.aborted) return;
      if (test === undefined) unnoticed.push(next);
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      const outcome = test === undefined ? 'NOT NOTICED' : `noticed by ${test}`;
      console.log(`${++done} of ${chosen.length}, ${seconds} s  ${next.kind}  ${nameOf(next)}: ${outcome}`);
    }
  };
  try {
    await Promise.all(copies.map(worker));
  } finally {
    stopped.abort();
    for (const { remove } of [...copies, baseline]) remove();
    await postgres.stop();
  }
  summarize(unnoticed, done, (performance.now() - started) / 1000);
}

function summarize(unnoticed: readonly Mutation[], done: number, seconds: number): void {
  console.log('');
  for (const [kind, found] of Map.groupBy(chosen, (it) => it.kind)) console.log(`${kind.padEnd(8)} ${found.length}`);
  for (const { file, about, why } of equivalents) console.log(`left out: ${file} ${about}: ${why}`);
  for (const mutation of unnoticed) console.log(`NOT NOTICED: ${nameOf(mutation)}`);
  const missed = unnoticed.length + chosen.length - done;
  console.log(`\n${done - unnoticed.length} noticed, ${missed} not, in ${seconds.toFixed(0)} s`);
  process.exitCode = missed > 0 || chosen.length === 0 ? 1 : 0;
}
