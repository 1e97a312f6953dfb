import { type ESTree, parseSync, Visitor } from 'vite';

/** What the floor plan asks of one source file; lines count from 1. */
export type Source = {
  file: string;
  /** Static, dynamic and type imports and re-exports. `specifier` is undefined where it is computed. */
  imports: { line: number; specifier: string | undefined }[];
  /** Uses of `process.env`. */
  environment: number[];
  /** Where the time is asked of the machine: `Date.now`, `new Date()`, `Date()`. */
  clock: number[];
  /** Uses of `process` or `Buffer`, which a browser lacks. */
  nodeGlobals: number[];
  /** Calls of the global `fetch`. */
  fetches: number[];
  /** Statements that change a table, by the query builder or as SQL. `table` is undefined where it is computed. */
  writes: { line: number; table: string | undefined }[];
};

const writers = ['insertInto', 'replaceInto', 'mergeInto', 'updateTable', 'deleteFrom'];
const sqlWrites = [
  /\b(?:insert(?:\s+or\s+\w+)?|replace)\s+into\s+"?(\w+)"?(?=\s*\(|\s+(?:values|select|as|default)\b)/gi,
  /\bdelete\s+from\s+"?(\w+)"?(?=\s+(?:where|as|using|returning)\b|\s*;?\s*$)/gi,
  /\bupdate\s+"?(\w+)"?(?=\s+(?:as\s+\w+\s+)?set\b)/gi,
];

/** Reads a TypeScript or JavaScript file; `file` decides which by its ending. */
export function readSource(file: string, text: string): Source {
  const { program, errors } = parseSync(file, text);
  if (errors[0]) throw new Error(`${file}: ${errors[0].message}`);
  const lineOf = lineCounter(text);
  const source: Source = { file, imports: [], environment: [], clock: [], nodeGlobals: [], fetches: [], writes: [] };
  const addImport = (node: ESTree.Expression | ESTree.StringLiteral | null | undefined) => {
    if (node) source.imports.push({ line: lineOf(node.start), specifier: textOf(node) });
  };
  const addSql = (sql: string, start: number) => {
    for (const match of sqlWrites.flatMap((pattern) => [...sql.matchAll(pattern)]))
      source.writes.push({ line: lineOf(start), table: match[1] });
  };
  new Visitor({
    ImportDeclaration: (node) => addImport(node.source),
    ExportAllDeclaration: (node) => addImport(node.source),
    ExportNamedDeclaration: (node) => addImport(node.source),
    ImportExpression: (node) => addImport(node.source),
    TSImportType: (node) => addImport(node.source),
    VariableDeclarator: ({ id, init, start }) => {
      if (isName(init, 'process') && id.type === 'ObjectPattern' && text.slice(id.start, id.end).includes('env')) {
        source.environment.push(lineOf(start));
      }
    },
    MemberExpression: (node) => {
      const object = node.object;
      const property = node.property.type === 'Identifier' ? node.property.name : textOf(node.property);
      if (isName(object, 'process') && property === 'env') source.environment.push(lineOf(node.start));
      if (isName(object, 'process') || isName(object, 'Buffer')) source.nodeGlobals.push(lineOf(node.start));
      if (isName(object, 'Date') && property === 'now') source.clock.push(lineOf(node.start));
    },
    NewExpression: (node) => {
      if (isName(node.callee, 'Date') && node.arguments.length === 0) source.clock.push(lineOf(node.start));
    },
    CallExpression: ({ callee, arguments: [first], start }) => {
      if (isName(callee, 'Date')) source.clock.push(lineOf(start));
      if (isName(callee, 'fetch')) source.fetches.push(lineOf(start));
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
      if (isName(callee.object, 'globalThis') && callee.property.name === 'fetch') source.fetches.push(lineOf(start));
      if (!writers.includes(callee.property.name)) return;
      const table = first && first.type !== 'SpreadElement' ? textOf(first)?.split(' ')[0] : undefined;
      source.writes.push({ line: lineOf(callee.property.start), table });
    },
    Literal: (node) => {
      if (typeof node.value === 'string') addSql(node.value, node.start);
    },
    TemplateElement: (node) => addSql(node.value.cooked ?? node.value.raw, node.start),
  }).visit(program);
  return source;
}

function isName(node: ESTree.Node | null, name: string): boolean {
  return node?.type === 'Identifier' && node.name === name;
}

/** The text of a string literal, or of a template without holes. */
function textOf(node: ESTree.Node): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return node.quasis[0]?.value.cooked ?? undefined;
  return undefined;
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0, ...text.matchAll(/\n/g).map(({ index }) => index + 1)];
  return (offset) => starts.filter((start) => start <= offset).length;
}
