import type { z } from 'zod';
import type { ProblemName } from './problems.ts';
import type { Right } from './rights.ts';

/**
 * One operation of the REST API as data. The handler, its validation, the right it needs, `openapi.json`, the CLI's and
 * the console's calls all come from it.
 */
export interface Entry {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`; `{organization}`, `{connection}` and `{directory}` also set the scope of the request. */
  path: `/${string}`;
  /** The right it needs; `signed-in` needs none beyond being somebody. */
  right: Right | 'signed-in';
  summary: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  answer?: z.ZodType;
  /** Status of success; 204 where there is no answer. */
  status: 200 | 201 | 202 | 204;
  /** Problems of its own, beyond those that every entry can have. */
  problems?: readonly ProblemName[];
}

/** Keeps the literal types of a table of entries. */
export const entriesOf = <const Table extends Record<string, Entry>>(table: Table): Table => table;

type ParameterNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterNames<Rest>
  : never;

/** The path's parameters of an entry. */
export type ParamsOf<E extends Entry> = { [Name in ParameterNames<E['path']>]: string };
/** The query of an entry as its handler sees it. */
export type QueryOf<E extends Entry> = E['query'] extends z.ZodType ? z.output<E['query']> : Record<never, never>;
/** The query of an entry as its caller writes it. */
export type GivenQueryOf<E extends Entry> = E['query'] extends z.ZodType ? z.input<E['query']> : Record<never, never>;
/** The body of an entry as its handler sees it. */
export type BodyOf<E extends Entry> = E['body'] extends z.ZodType ? z.output<E['body']> : undefined;
/** The body of an entry as its caller writes it. */
export type GivenBodyOf<E extends Entry> = E['body'] extends z.ZodType ? z.input<E['body']> : undefined;
/** What an entry answers. */
export type AnswerOf<E extends Entry> = E['answer'] extends z.ZodType ? z.output<E['answer']> : undefined;
