import type { Command } from 'commander';
import { buildProgram } from '#cli';
import { page } from './markdown.ts';

const introduction = `The command line talks to a running server. It finds it by \`PORTICO_URL\` and \`PORTICO_API_KEY\`, or after \`portico login\`, which
keeps both in a file that only you can read (\`$XDG_CONFIG_HOME/portico/logins.json\`).

- \`--json\` prints the answer of the [REST API](rest.md) unchanged, and a refusal as its problem document on standard error.
- The exit code is 0 when it is done, 1 when it failed, 2 when the command was not meant that way.
- Secrets are read from standard input or asked for, never taken from the command line.

\`portico serve\`, \`migrate\`, \`simulate\` and \`demo\` run something on this machine instead; see [Get started](../get-started.md).`;

/** Every command with its arguments and options, as its help prints them. */
export function commandLinePage(): string {
  const cli = {
    json: false,
    now: () => 0,
    call: () => Promise.reject(new Error('nothing is called here')),
    print: () => undefined,
    note: () => undefined,
  };
  const program = buildProgram(cli, '', []);
  return page('# Command line', introduction, ...program.commands.flatMap((command) => sections(command, [])));
}

function sections(command: Command, before: readonly string[]): string[] {
  const name = [...before, command.name()];
  const depth = '#'.repeat(Math.min(before.length + 2, 4));
  const title = `${depth} portico ${name.join(' ')}`;
  if (command.commands.length > 0)
    return [title, `${command.description()}.`, ...command.commands.flatMap((below) => sections(below, name))];
  return [title, helpOf(command)];
}

/** Help at a fixed width, without what every command has. */
function helpOf(command: Command): string {
  let text = '';
  command.configureHelp({ showGlobalOptions: false, styleTitle: (title) => title });
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  const lines = text
    .trim()
    .split('\n')
    .filter((line) => !/^ +-h, --help +/.test(line));
  const tidy = lines
    .join('\n')
    .replace(/\nOptions:\n(?=\n|$)/, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return `\`\`\`\n${tidy}\n\`\`\``;
}
