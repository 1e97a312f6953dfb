import { setTimeout as wait } from 'node:timers/promises';
import type { Command } from 'commander';
import type { SignInTest } from '#contract';
import type { Cli } from './cli.ts';
import { printAnswer } from './print/answer.ts';

const everyMs = 1000;

/** `portico connections test-sign-in`: gives an address to sign in at, waits, and shows what the sign-in showed. */
export function addTestSignIn(parent: Command, cli: Cli): void {
  parent
    .command('test-sign-in')
    .argument('<connection>')
    .description('Test a sign-in: it shows the claims and what would happen, and creates nothing')
    .option('--no-wait', 'print the address and end')
    .addHelpText('after', '\nNeeds the right connections:update.')
    .action(async (connection: string, { wait: patient }: { wait: boolean }) => {
      let test = (await cli.call('connections.testSignIn', { connection })) as SignInTest;
      if (patient) cli.note(`Open this in a browser and sign in:\n  ${test.url}\n`);
      const ends = Date.parse(test.expiresAt);
      while (patient && test.state === 'waiting' && cli.now() < ends) {
        await wait(everyMs);
        test = (await cli.call('connections.signInTest', { connection, test: test.id })) as SignInTest;
      }
      printAnswer(cli, 'connections.signInTest', test);
      if (test.state === 'failed') process.exitCode = 1;
    });
}
