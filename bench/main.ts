// `npm run bench -- <name>`: measures one thing, prints a table, and fails where a target is missed. `start --record` adds a
// line to bench/results.md, `simulator --record` and `signin --record` sections;
// `scim` writes its sections there unless it is `--quick`.
import { parseArgs } from 'node:util';
import { benchScim } from './scim.ts';
import { benchSignIn } from './signin.ts';
import { benchSimulator } from './simulator.ts';
import { benchStart } from './start.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    database: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    users: { type: 'string' },
    sources: { type: 'boolean', default: false },
  },
});

/** Every bench by its name; each resolves to whether its targets are met. */
const benches: Readonly<Record<string, () => Promise<boolean>>> = {
  start: () => benchStart({ record: values.record }),
  simulator: () =>
    benchSimulator({
      users: Number(values.users ?? 100_000),
      seconds: Number(values.seconds ?? 10),
      record: values.record,
      sources: values.sources,
    }),
  signin: () =>
    benchSignIn({
      ...values,
      noPeers: values['no-peers'],
      database: databaseOf(values.database),
      seconds: values.seconds === undefined ? undefined : Number(values.seconds),
    }),
  scim: () =>
    benchScim({
      ...values,
      noPeers: values['no-peers'],
      database: databaseOf(values.database),
      seconds: values.seconds === undefined ? undefined : Number(values.seconds),
      users: values.users === undefined ? undefined : Number(values.users),
    }),
};

function databaseOf(name: string | undefined): 'postgres' | 'sqlite' | undefined {
  if (name === undefined || name === 'postgres' || name === 'sqlite') return name;
  throw new Error(`--database is postgres or sqlite, not ${name}`);
}

const run = benches[positionals[0] ?? ''];
if (run === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')}`);
  process.exitCode = 2;
} else if (!(await run())) process.exitCode = 1;
