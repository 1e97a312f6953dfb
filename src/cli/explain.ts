import type { Command } from 'commander';
import { entries } from '#contract';
import type { Cli } from './cli.ts';
import { printAnswer } from './print/answer.ts';

const requestForm = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** `portico explain`: a code of Microsoft's, or the id that a person quotes after a refused sign-in. */
export function addExplain(parent: Command, cli: Cli): void {
  parent
    .command('explain')
    .description(`${entries['aadsts.explain'].summary}, or a refused sign-in by the id that the person quotes`)
    .argument('<code>', 'such as AADSTS50020, or the id on the page of the refused sign-in')
    .action(async (code: string) => {
      const name = requestForm.test(code.trim()) ? 'refusedSignIns.explain' : 'aadsts.explain';
      const input = name === 'aadsts.explain' ? { code } : { request: code.trim().toLowerCase() };
      printAnswer(cli, name, await cli.call(name, input));
    });
}
