import type { Command } from 'commander';
import type { Page, Token } from '#contract';
import { type Cli, Misuse } from './cli.ts';
import { printAnswer } from './print/answer.ts';

interface Options {
  name?: string;
  expiresAt?: string;
  token?: string;
}

/**
 * `portico directories tokens rotate`: first issues a token beside the one in use; called again with `--token`, revokes the
 * others, but only once the provisioning service was seen to use the new one. No request fails in between.
 */
export function addRotateToken(parent: Command, cli: Cli): void {
  parent
    .command('rotate')
    .argument('<directory>', 'id of the directory')
    .description('Issue the next SCIM token; with --token, revoke the others once that one is used')
    .option('--name <text>', 'a name to know it by')
    .option('--expires-at <time>', 'at most 10 years ahead; one year by default')
    .option('--token <id>', 'this one takes over: revoke all others')
    .addHelpText('after', '\nNeeds the right tokens:issue.')
    .action(async (directory: string, options: Options) => {
      if (options.token === undefined) await issueNext(cli, directory, options);
      else await revokeOthers(cli, directory, options.token);
    });
}

async function issueNext(cli: Cli, directory: string, { name, expiresAt }: Options): Promise<void> {
  const body = { ...(name === undefined ? {} : { name }), ...(expiresAt === undefined ? {} : { expiresAt }) };
  const issued = (await cli.call('tokens.create', { directory, body })) as Token;
  printAnswer(cli, 'tokens.create', issued);
  cli.note(
    `Both are valid now. When Entra has the new one, and has called with it, revoke the others:\n  portico directories tokens rotate ${directory} --token ${issued.id}`,
  );
}

async function revokeOthers(cli: Cli, directory: string, id: string): Promise<void> {
  const { items } = (await cli.call('tokens.list', { directory, query: { limit: 1000 } })) as Page<Token>;
  const valid = items.filter(({ revokedAt }) => revokedAt === null);
  const next = valid.find((token) => token.id === id);
  if (next === undefined) throw new Misuse(`${id} is no valid token of ${directory}`);
  if (next.lastUsedAt === null) {
    const used = valid.flatMap(({ name, lastUsedAt }) => (lastUsedAt === null ? [] : [`${name}, on ${lastUsedAt}`]));
    const last = used.length === 0 ? '' : `; used last: ${used.join('; ')}`;
    cli.note(`${next.name} was not used yet, so nothing was revoked${last}. Paste it into Secret Token in Entra.`);
    process.exitCode = 1;
    return;
  }
  for (const { id: token, name } of valid) {
    if (token === id) continue;
    await cli.call('tokens.revoke', { directory, token });
    cli.note(`${name} is revoked.`);
  }
  printAnswer(cli, 'tokens.list', await cli.call('tokens.list', { directory, query: {} }));
}
