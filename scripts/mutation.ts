import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type ESTree, parseSync } from 'vite';

/** One protection taken out: a stretch of one source file and what stands there instead. */
export interface Mutation {
  kind: 'scope' | 'seal' | 'access';
  file: string;
  line: number;
  /** What is taken out, in words. */
  about: string;
  start: number;
  end: number;
  replacement: string;
  /** The tests that should notice, nearest first. */
  near: readonly NearTest[];
}

/** A test file, or some of its tests; on SQLite only, unless it needs PostgreSQL. */
export interface NearTest {
  file: string;
  /** Only tests of names that match. */
  only?: string;
  postgres?: true;
}

/** A source file, parsed. Offsets are those of the text. */
export interface Parsed {
  file: string;
  text: string;
  program: ESTree.Program;
  lineOf(offset: number): number;
  textOf(node: { start: number; end: number }): string;
}

/** Reads and parses the files of some patterns, tests left out. A pattern that matches no file fails the run. */
export function parseFiles(root: string, patterns: readonly string[]): Parsed[] {
  const files = patterns.flatMap((pattern) => {
    const found = globSync(pattern, { cwd: root }).filter((file) => !/\.test\.ts$/.test(file));
    if (found.length === 0) throw new Error(`no file matches ${pattern}: the list of what is taken out has to follow`);
    return found.map((file) => file.split(sep).join('/'));
  });
  return [...new Set(files)].sort().map((file) => parse(file, readFileSync(join(root, file), 'utf8')));
}

function parse(file: string, text: string): Parsed {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  return {
    file,
    text,
    program,
    lineOf: (offset) => text.slice(0, offset).split('\n').length,
    textOf: ({ start, end }) => text.slice(start, end),
  };
}

/** The text of the file with the protection taken out. Throws where that is no TypeScript any more. */
export function mutate(mutation: Mutation, text: string): string {
  const mutated = text.slice(0, mutation.start) + mutation.replacement + text.slice(mutation.end);
  const { errors } = parseSync(mutation.file, mutated);
  if (errors[0]) throw new Error(`${mutation.file}:${mutation.line} ${mutation.about}: ${errors[0].message}`);
  return mutated;
}

/** The name of what is called: `f` in `f(…)`, `m` in `a.b.m(…)`. */
export function calledName({ callee }: ESTree.CallExpression): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'MemberExpression' && callee.property.type === 'Identifier') return callee.property.name;
  return undefined;
}

/** The text of a string literal; undefined for anything else. */
export const stringOf = (node: ESTree.Node | undefined): string | undefined =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
