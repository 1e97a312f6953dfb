// Runs one task of package.json on a machine that may have nothing but npm: brings what the task needs (a Node that can run
// Portico, the dependencies, programs from Debian), then hands over. This file and the .mjs files beside it are all that an
// old Node sees: they keep to what Node 18 parses, and import nothing but Node's own modules.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step, stepBesideOthers } from './command.mjs';
import { bringPrograms } from './debian.mjs';
import { bringDependencies } from './dependencies.mjs';
import { bringNode } from './platform-node.mjs';
import { Unable } from './unable.mjs';

/** @typedef {'PostgreSQL' | 'Chromium'} Program */

/** @type {Record<string, { file: string, first?: readonly string[], needs: readonly Program[] | ((args: readonly string[]) => readonly Program[]) }>} */
const tasks = {
  demo: {
    file: 'bin/portico.ts',
    first: ['demo'],
    needs: (args) => (/--database[ =]postgres/.test(args.join(' ')) ? ['PostgreSQL'] : []),
  },
  test: { file: 'scripts/test.ts', needs: ['PostgreSQL', 'Chromium'] },
  check: { file: 'scripts/check.ts', needs: [] },
  build: { file: 'scripts/build.ts', needs: [] },
  bench: { file: 'bench/main.ts', needs: ['PostgreSQL'] },
  pictures: { file: 'scripts/pictures.ts', needs: ['Chromium'] },
  reference: { file: 'scripts/reference.ts', needs: [] },
  portico: { file: 'bin/portico.ts', needs: [] },
  'test:mutations': { file: 'scripts/mutations.ts', needs: ['PostgreSQL', 'Chromium'] },
  'test:faults': { file: 'scripts/faults.ts', needs: ['PostgreSQL'] },
  'test:fuzz': {
    file: 'scripts/fuzz.ts',
    needs: (args) => (/--database[ =]postgres/.test(args.join(' ')) ? ['PostgreSQL'] : []),
  },
};

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name = '', ...args] = process.argv.slice(2);

try {
  const task = tasks[name];
  if (!task) throw new Unable(`There is no task "${name}": choose one of ${Object.keys(tasks).join(', ')}.`);
  const node = await bringNode(root);
  const programs = typeof task.needs === 'function' ? task.needs(args) : task.needs;
  // npm and apt wait for the network and for one processor each: together they take little longer than one of them.
  const asStep = programs.length === 0 ? step : stepBesideOthers;
  const brought = await Promise.allSettled([bringDependencies(root, node, asStep), bringPrograms(programs, asStep)]);
  for (const it of brought) if (it.status === 'rejected') throw it.reason;
  handOver(node, join(root, task.file), [...(task.first ?? []), ...args]);
} catch (error) {
  console.error(error instanceof Unable ? error.message : error);
  process.exitCode = 1;
}

/**
 * Runs the task with our terminal, and ends as it ends.
 * @param {string} node
 * @param {string} file
 * @param {readonly string[]} given
 */
function handOver(node, file, given) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}` };
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', file, ...given], { stdio: 'inherit', env });
  // At a terminal Ctrl-C reaches the task by itself, and npm repeats it to us: a second one would look like impatience.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  let interrupted = false;
  process.on('SIGINT', () => {
    if (!atTerminal && !interrupted) child.kill('SIGINT');
    interrupted = true;
  });
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  // npm passes a signal to its shell, which dies of SIGTERM without passing it on: then nobody waits for us.
  const shell = process.ppid;
  const orphaned = () => process.ppid !== shell && child.kill('SIGTERM');
  if (process.env['npm_lifecycle_event']) setInterval(orphaned, 500).unref();
  child.on('error', (error) => {
    console.error(`${node} does not start (${error.message}): remove the folder .tools, then start again.`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    // npm says nothing about a script that died of Ctrl-C itself, and a page of complaint about any other end.
    const died = signal ?? (interrupted && code === 128 + constants.signals.SIGINT ? 'SIGINT' : undefined);
    if (!died) process.exit(code ?? 1);
    process.removeAllListeners(died);
    process.kill(process.pid, died);
  });
}
