import type { Wire } from '../wire/wire.ts';

/** An argument of a command (RFC 3501 §4); texts are bytes as latin1. */
export type Argument =
  | { readonly kind: 'atom' | 'string'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Argument[] };

/** A command with its arguments. */
export type Command = { readonly tag: string; readonly name: string; readonly rest: readonly Argument[] };

/** A command that can't be read; the message is what the client is told. */
export class CommandFault extends Error {}

const largestLiteral = 64 * 1024 * 1024;

/** Reads a command with its literals; undefined once the connection has ended. Throws CommandFault. */
export async function readCommand(wire: Wire): Promise<Command | undefined> {
  const literals: string[] = [];
  let text = '';
  for (;;) {
    const line = await wire.line();
    if (line === undefined) return undefined;
    const match = /\{(\d+)(\+?)\}$/.exec(line);
    if (match === null) return parseCommand(text + line, literals);
    const size = Number(match[1]);
    if (size > largestLiteral) throw new CommandFault('Command Argument Error. 12');
    if (match[2] === '') wire.write('+ Ready for additional command text.\r\n');
    const literal = await wire.bytes(size);
    if (literal === undefined) return undefined;
    text += `${line.slice(0, match.index)}\0${literals.push(literal.toString('latin1')) - 1}\0`;
  }
}

function parseCommand(text: string, literals: readonly string[]): Command {
  const [tag = '', name = '', ...more] = text.trim().split(' ');
  if (tag === '' || name === '') throw new CommandFault('Command Error. 12');
  return { tag, name: name.toUpperCase(), rest: parseArguments(more.join(' '), literals) };
}

/** Takes arguments apart; a section in brackets belongs to its atom. */
function parseArguments(text: string, literals: readonly string[] = []): Argument[] {
  let place = 0;
  const fault = (): CommandFault => new CommandFault('Command Argument Error. 12');
  const sequence = (isInner: boolean): Argument[] => {
    const found: Argument[] = [];
    for (;;) {
      while (text[place] === ' ') place += 1;
      const next = text[place];
      if (next === undefined) {
        if (isInner) throw fault();
        return found;
      }
      if (next === ')') {
        if (!isInner) throw fault();
        place += 1;
        return found;
      }
      found.push(one(next));
    }
  };
  const one = (next: string): Argument => {
    if (next === '(') {
      place += 1;
      return { kind: 'list', items: sequence(true) };
    }
    const rest = text.slice(place);
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
    const literal = /^\0(\d+)\0/.exec(rest);
    const atom = /^(?:[^\s()"[\]]+|\[[^\]]*\])+/.exec(rest);
    const [taken] = quoted ?? literal ?? atom ?? [];
    if (taken === undefined) throw fault();
    place += taken.length;
    if (quoted !== null) return { kind: 'string', text: (quoted[1] ?? '').replace(/\\(.)/g, '$1') };
    if (literal !== null) return { kind: 'string', text: literals[Number(literal[1])] ?? '' };
    return { kind: 'atom', text: taken };
  };
  return sequence(false);
}

/** The text of an argument. Throws CommandFault for a list and for none. */
export function textOf(argument: Argument | undefined): string {
  if (argument === undefined || argument.kind === 'list') throw new CommandFault('Command Argument Error. 12');
  return argument.text;
}

/** The texts of a list, or of one argument that stands for a list. */
export function textsOf(argument: Argument | undefined): string[] {
  return argument?.kind === 'list' ? argument.items.map(textOf) : [textOf(argument)];
}
