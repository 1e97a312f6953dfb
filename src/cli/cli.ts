import type { EntryName } from '#contract';

/** What a command works with. */
export interface Cli {
  /** Calls an entry of the REST API at the server that is meant. */
  call(name: EntryName, input: Given): Promise<unknown>;
  /** Whether `--json` was given: answers are printed as the API gave them. */
  readonly json: boolean;
  /** Writes lines to standard output. */
  print(text: string): void;
  /** Epoch milliseconds. */
  now(): number;
  /** Writes lines to standard error: for people, never part of the answer. */
  note(text: string): void;
}

/** Input of a call, put together from arguments and options. */
export type Given = {
  query?: Record<string, unknown>;
  body?: Record<string, unknown>;
  ifMatch?: string;
  idempotencyKey?: string;
  [parameter: string]: unknown;
};

/** The command was typed in a way that can't be meant: exit code 2. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}
