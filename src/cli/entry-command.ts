import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { type Entry, type EntryName, entries } from '#contract';
import { askYes } from './ask.ts';
import { type Cli, type Given, Misuse } from './cli.ts';
import { type Field, fieldsOf, flagOf } from './fields.ts';
import { printAnswer } from './print/answer.ts';

/** A verb that is one entry of the contract. */
export interface EntryVerb {
  entry: EntryName;
  /** Members of the body or query that are taken as arguments, after the path's own. */
  takes?: readonly string[];
  /** The entry that answers where one more argument names a single thing. */
  one?: EntryName;
}

/** The most choices that help prints. */
const printable = 12;

/** Makes a command from an entry: the path's parameters are its arguments, query and body its options. */
export function addEntryCommand(
  parent: Command,
  verb: string,
  { entry: name, takes = [], one }: EntryVerb,
  cli: Cli,
): void {
  const entry: Entry = entries[name];
  const parameters = parametersOf(entry);
  const single = one === undefined ? [] : parametersOf(entries[one]).slice(parameters.length);
  const queried = fieldsOf(entry.query);
  const given = fieldsOf(entry.body);
  const command = parent.command(verb).description(entry.summary);
  for (const parameter of parameters) command.argument(`<${parameter}>`, aboutParameter(parameter));
  for (const field of takes)
    command.argument(`<${flagOf(field)}>`, [...given, ...queried].find((it) => it.name === field)?.about);
  for (const parameter of single) command.argument(`[${parameter}]`, 'only this one, in full');
  for (const field of [...queried, ...given]) if (!takes.includes(field.name)) addOption(command, field);
  const nullable = given.filter((field) => field.nullable && !field.required && entry.method === 'PATCH');
  if (nullable.length > 0) {
    const unset = new Option('--unset <field...>', 'take these away').choices(nullable.map(({ flag }) => flag));
    command.addOption(unset);
  }
  if (entry.query !== undefined && 'cursor' in entry.query.shape)
    command.option('--all', 'follow every page to the end');
  if (entry.problems?.includes('version-changed') && entry.method !== 'POST')
    command.option('--if-version <number>', 'only if it still has this version');
  if (entry.status === 202) command.option('--idempotency-key <text>', 'the same key never does it twice');
  if (entry.method === 'DELETE') command.option('--yes', 'do not ask');
  if (entry.right !== 'signed-in') command.addHelpText('after', `\nNeeds the right ${entry.right}.`);

  command.action(async (...parts: unknown[]) => {
    const values = parts.slice(0, parameters.length + takes.length + single.length);
    const options = command.opts<Record<string, unknown>>();
    const named = Object.fromEntries([...parameters, ...takes, ...single].map((key, index) => [key, values[index]]));
    const target = single.some((key) => named[key] !== undefined) && one !== undefined ? one : name;
    const input = inputOf(entries[target], target === name ? [...queried, ...given] : [], { ...options, ...named });
    if (entry.method === 'DELETE' && options['yes'] !== true) await confirm(entry, values);
    const answer = options['all'] === true ? await everyPage(cli, target, input) : await cli.call(target, input);
    printAnswer(cli, target, answer);
  });
}

const parametersOf = ({ path }: Pick<Entry, 'path'>): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, parameter]) => parameter ?? []);

const aboutParameter = (parameter: string): string => `id of the ${parameter}`;

function addOption(command: Command, field: Field): void {
  const { flag, about, many, choices, placeholder } = field;
  if (field.kind === 'boolean' && !many) {
    command.option(`--${flag}`, `${about}; --no-${flag} for the opposite`);
    command.addOption(new Option(`--no-${flag}`).hideHelp());
    return;
  }
  const fallback = field.default == null || many ? '' : `; ${String(field.default)} by default`;
  const needed = field.required ? '; needed' : '';
  const option = new Option(`--${flag} <${placeholder}${many ? '...' : ''}>`, `${about}${fallback}${needed}`);
  if (choices.length > 0 && choices.length <= printable) option.choices(choices);
  else if (field.kind === 'number') option.argParser(readNumber);
  else if (field.kind === 'json') option.argParser(many ? readJsons : readJson);
  if (field.required) option.makeOptionMandatory();
  command.addOption(option);
}

function readNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It takes a number.');
  return value;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It takes JSON.');
  }
}

const readJsons = (text: string, before: unknown): unknown[] => [
  ...(Array.isArray(before) ? before : []),
  readJson(text),
];

/** The input of a call, held to the shapes of its entry before anything is sent. Throws {@link Misuse}. */
function inputOf(entry: Entry, fields: readonly Field[], values: Record<string, unknown>): Given {
  const input: Given = {};
  for (const parameter of parametersOf(entry)) input[parameter] = values[parameter];
  const members = (shape: z.ZodType): Record<string, unknown> =>
    Object.fromEntries(
      fieldsOf(shape).flatMap(({ name }) =>
        fields.some((field) => field.name === name) && values[name] !== undefined ? [[name, values[name]]] : [],
      ),
    );
  if (entry.query !== undefined) input.query = held(entry.query, members(entry.query), fields);
  if (entry.body !== undefined) {
    const unset = Array.isArray(values['unset']) ? values['unset'] : [];
    const taken = fields.filter(({ flag }) => unset.includes(flag)).map(({ name }) => [name, null]);
    input.body = held(entry.body, { ...members(entry.body), ...Object.fromEntries(taken) }, fields);
  }
  if (values['ifVersion'] !== undefined) input.ifMatch = `"${String(values['ifVersion'])}"`;
  if (typeof values['idempotencyKey'] === 'string') input.idempotencyKey = values['idempotencyKey'];
  return input;
}

function held(shape: z.ZodType, value: Record<string, unknown>, fields: readonly Field[]): Record<string, unknown> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return value;
  const faults = parsed.error.issues.map(({ path, message }) => {
    const field = fields.find(({ name }) => name === path[0]);
    return `--${field?.flag ?? path.join('.')}: ${message}`;
  });
  throw new Misuse(faults.join('\n  '));
}

async function everyPage(cli: Cli, name: EntryName, input: Given): Promise<unknown> {
  const items: unknown[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 1000, ...input.query, ...(cursor === undefined ? {} : { cursor }) };
    const page = (await cli.call(name, { ...input, query })) as { items: unknown[]; nextCursor?: string };
    items.push(...page.items);
    // A feed gives a cursor even at its end.
    cursor = page.items.length === 0 ? undefined : page.nextCursor;
  } while (cursor !== undefined);
  return { items };
}

async function confirm(entry: Entry, values: readonly unknown[]): Promise<void> {
  if (!process.stdin.isTTY) return;
  if (!(await askYes(`${entry.summary}: ${values.join(' ')}?`))) throw new Misuse('nothing was done');
}
