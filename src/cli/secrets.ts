import type { Command } from 'commander';
import type { Secret } from '#contract';
import { askSecret } from './ask.ts';
import type { Cli } from './cli.ts';
import { printAnswer } from './print/answer.ts';

const fromInput = '\nThe value is asked for, or read from standard input; it never stands on the command line.';

interface Options {
  name?: string;
  expiresAt?: string;
  secret?: string;
}

/** `portico secrets set`: stores a client secret beside the one in use. */
export function addSet(parent: Command, cli: Cli): void {
  parent
    .command('set')
    .argument('<connection>')
    .description('Store a client secret; it waits until it has proven itself')
    .option('--name <text>', 'a name for it')
    .option('--expires-at <time>', 'when it ends, as Microsoft Entra shows it: 2027-05-19 or with a time')
    .addHelpText('after', `${fromInput}\nNeeds the right secrets:set.`)
    .action(async (connection: string, options: Options) =>
      printAnswer(cli, 'secrets.set', await store(cli, connection, options)),
    );
}

/** `portico secrets rotate`: stores a client secret, has it prove itself by a token, and uses it from then on. */
export function addRotate(parent: Command, cli: Cli): void {
  parent
    .command('rotate')
    .argument('<connection>')
    .description('Store a client secret, prove it by a token, and use it from now on')
    .option('--name <text>', 'a name for it')
    .option('--expires-at <time>', 'when it ends, as Microsoft Entra shows it: 2027-05-19 or with a time')
    .option('--secret <id>', 'prove and use this one, which is stored already')
    .addHelpText('after', `${fromInput}\nNeeds the right secrets:set.`)
    .action(async (connection: string, options: Options) => {
      const secret = options.secret ?? (await store(cli, connection, options)).id;
      try {
        printAnswer(cli, 'secrets.rotate', await cli.call('secrets.rotate', { connection, secret }));
      } catch (error) {
        cli.note(
          `The secret is stored and waits; what was in use stays in use. A secret made just now is refused for some seconds. Try it again with:\n  portico secrets rotate ${connection} --secret ${secret}\n`,
        );
        throw error;
      }
    });
}

async function store(cli: Cli, connection: string, { name, expiresAt }: Options): Promise<Secret> {
  const value = await askSecret(`Value of the client secret for ${connection}`);
  const end = expiresAt !== undefined && /^\d{4}-\d\d-\d\d$/.test(expiresAt) ? `${expiresAt}T00:00:00Z` : expiresAt;
  const body = { value, ...(name === undefined ? {} : { name }), ...(end === undefined ? {} : { expiresAt: end }) };
  return (await cli.call('secrets.set', { connection, body })) as Secret;
}
