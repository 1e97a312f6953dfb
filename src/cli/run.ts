import { CommanderError } from 'commander';
import type { Cli } from './cli.ts';
import { failureOf } from './failure.ts';
import { type Beside, buildProgram } from './program.ts';
import { callAt, findReach } from './reach.ts';

/** What the commands beside the command line's own are, and which version this is. */
export interface Surroundings {
  version: string;
  beside: Beside;
  now: () => number;
}

/**
 * Runs one command and sets the exit code: 0 done, 1 failed, 2 misuse. `argv` is without node and script.
 */
export async function run(argv: readonly string[], { version, beside, now }: Surroundings): Promise<void> {
  const json = argv.includes('--json');
  const cli: Cli = {
    json,
    now,
    call: async (name, input) => callAt(await findReach(), name, input),
    print: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
  };
  // Whoever reads only the first lines (head, less) ends us.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  try {
    const program = buildProgram(cli, version, beside, argv);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    const failure = failureOf(error, json);
    process.stderr.write(`${failure.text}\n`);
    process.exitCode = failure.exitCode;
  }
}
