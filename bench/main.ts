// `npm run bench -- <name>`: measures one thing, prints a table, and fails where a target is missed. `--record` adds a line to
// bench/results.md.
import { benchStart } from './start.ts';

/** Every bench by its name; each resolves to whether its targets are met. */
const benches: Readonly<Record<string, (options: { record: boolean }) => Promise<boolean>>> = { start: benchStart };

const args = process.argv.slice(2);
const [name = ''] = args.filter((it) => !it.startsWith('--'));
const run = benches[name];
if (run === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')} [--record]`);
  process.exitCode = 2;
} else if (!(await run({ record: args.includes('--record') }))) process.exitCode = 1;
