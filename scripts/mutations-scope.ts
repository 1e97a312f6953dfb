import { type ESTree, Visitor } from 'vite';
import { calledName, type Mutation, type NearTest, type Parsed, parseFiles, stringOf } from './mutation.ts';
import { nearTestsOf } from './mutations-near.ts';

const scopeColumn = /^(?:\w+\.)?(organization_id|directory_id|connection_id)$/;
/** The tests that plan or run every statement; of a statement with a name only its own are needed. */
const ofStatement = (name: string): NearTest[] => {
  const only = /^\w+\.\w+$/.test(name) ? { only: `^${name.replace('.', '\\.')}( |$)` } : {};
  return [
    { file: 'test/store/indexes.test.ts', ...only },
    { file: 'test/store/statements.test.ts', ...only },
    { file: 'test/store/partitions.test.ts', ...only, postgres: true },
    { file: 'test/store/statements.test.ts', ...only, postgres: true },
  ];
};

/** Every condition on organization, directory or connection, in every statement and every join. */
export function findScopePredicates(root: string): Mutation[] {
  return parseFiles(root, ['src/*/queries/*.ts', 'src/store/scim-filter/*.ts']).flatMap(inFile);
}

function inFile(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  const statements: string[] = [];
  const add = (column: string, start: number, end: number, replacement: string) => {
    const [statement = 'a part of several statements'] = statements;
    const about = `${column} in ${statement}`;
    const near = [...ofStatement(statement), ...nearTestsOf(source.file)];
    found.push({ kind: 'scope', file: source.file, line: source.lineOf(start), about, start, end, replacement, near });
  };
  new Visitor({
    CallExpression: (node) => {
      if (calledName(node) === 'statement')
        statements.push(stringOf(node.arguments[0]) ?? 'a statement made when asked for');
      const condition = readCondition(node);
      if (condition !== undefined) add(condition.column, ...replacementOf(source, node, condition));
    },
    'CallExpression:exit': (node) => {
      if (calledName(node) === 'statement') statements.pop();
    },
    TemplateElement: ({ start }) => {
      // Conditions written as SQL: `organization_id = ${…}` becomes `organization_id = organization_id`.
      const rest = source.text.slice(start);
      const match = /((?:\w+\.)?(?:organization_id|directory_id|connection_id))"? = (?:\$\{[^}]*\}|[\w."]+)/.exec(
        rest.slice(0, rest.indexOf('`')),
      );
      if (match?.[1] !== undefined && !found.some((it) => it.start === start + match.index))
        add(match[1], start + match.index, start + match.index + match[0].length, `${match[1]} = ${match[1]}`);
    },
  }).visit(source.program);
  return assertAllFound(source, found);
}

/** A condition by its method: `where` and the like, `on` and the like, or `eb(column, '=', …)`. */
interface Condition {
  column: string;
  method: string;
}

function readCondition(node: ESTree.CallExpression): Condition | undefined {
  const [first, operator, last] = node.arguments;
  const columns = [stringOf(first), stringOf(last)].filter((it) => it !== undefined && scopeColumn.test(it));
  const [column] = columns;
  if (column === undefined || stringOf(operator) === undefined) return undefined;
  return { column, method: node.callee.type === 'MemberExpression' ? (calledName(node) ?? '') : 'eb' };
}

/** Takes a condition out of a chain, or makes it true where something has to stand there. */
function replacementOf(
  source: Parsed,
  node: ESTree.CallExpression,
  { column, method }: Condition,
): [start: number, end: number, replacement: string] {
  const { callee } = node;
  if (callee.type === 'MemberExpression' && /^(where|whereRef|having|filterWhere|filterWhereRef)$/.test(method))
    return [callee.object.end, node.end, ''];
  if (callee.type === 'MemberExpression' && /^(on|onRef)$/.test(method))
    return [callee.property.start, node.end, `onRef('${column}', '=', '${column}')`];
  return [node.start, node.end, `${source.textOf(callee)}.lit(true)`];
}

/** Nothing that looks like such a condition may stay unnoticed because it is written in a new way. */
function assertAllFound({ file, text, lineOf }: Parsed, found: Mutation[]): Mutation[] {
  for (const { index } of text.matchAll(/'(?:\w+\.)?(?:organization_id|directory_id|connection_id)',\s*'(?:=|in)'/g))
    if (!found.some(({ start, end }) => start <= index && index < end))
      throw new Error(
        `${file}:${lineOf(index)} is a condition on the scope in a form that mutations-scope.ts does not know`,
      );
  return found;
}
