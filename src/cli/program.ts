import { styleText } from 'node:util';
import { Command } from 'commander';
import type { Cli } from './cli.ts';
import { addEntryCommand, type EntryVerb } from './entry-command.ts';
import { addExplain } from './explain.ts';
import { addLogin, addLogout } from './login.ts';
import { nouns } from './nouns.ts';

/** A verb: an entry of the contract, verbs below a noun of its own, or a function that adds the command. */
export type Verb = EntryVerb | Noun | ((parent: Command, cli: Cli) => void);

/** A noun with its verbs. */
export interface Noun {
  about: string;
  verbs: Readonly<Record<string, Verb>>;
}

/** Commands that are not of the command line's own: they run a server. Name and what it does. */
export type Beside = readonly (readonly [name: string, about: string])[];

/**
 * The whole command line. Options are made only for the nouns that `argv` names, so that it starts fast; without `argv`
 * for all.
 */
export function buildProgram(cli: Cli, version: string, beside: Beside, argv?: readonly string[]): Command {
  const program = new Command('portico')
    .description('Portico: sign-in, users and groups, and mail from the Microsoft Entra tenants of your customers.')
    .usage('<command> [options]')
    .showHelpAfterError('Add --help for what it takes.')
    .version(version, '-v, --version', 'print the version')
    .option('--json', "print the API's answer unchanged")
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => styleText('bold', title) })
    .showSuggestionAfterError()
    .exitOverride();
  program.commandsGroup('Run:');
  for (const [name, about] of beside) program.command(name).description(about);
  program.commandsGroup('A running server:');
  for (const [name, noun] of Object.entries(nouns)) {
    const command = program.command(name).description(noun.about).helpCommand(false);
    if (argv === undefined || argv.includes(name)) addVerbs(command, noun, cli);
  }
  addExplain(program, cli);
  program.commandsGroup('You:');
  addLogin(program, cli);
  addLogout(program, cli);
  addEntryCommand(program, 'whoami', { entry: 'session.get' }, cli);
  program.addHelpText(
    'after',
    '\nA server is reached by PORTICO_URL and PORTICO_API_KEY, or after `portico login`.\nExit code: 0 done, 1 failed, 2 misuse.',
  );
  return program;
}

function addVerbs(parent: Command, { verbs }: Noun, cli: Cli): void {
  for (const [name, verb] of Object.entries(verbs)) {
    if (typeof verb === 'function') verb(parent, cli);
    else if ('entry' in verb) addEntryCommand(parent, name, verb, cli);
    else addVerbs(parent.command(name).description(verb.about).helpCommand(false), verb, cli);
  }
}
