import { type ESTree, Visitor } from 'vite';
import { calledName, type Mutation, type Parsed, parseFiles } from './mutation.ts';
import { nearTestsOf } from './mutations-near.ts';

/**
 * Calls that say who somebody is or whether they may: wherever they stand in `src`, what they give is replaced. The text of
 * the call stands for `$call`, that of its first argument for `$first`.
 */
const calls: Readonly<Record<string, string>> = {
  authenticate: `$call.catch(() => ({ type: 'key', id: '-', name: '-', rights: { has: () => true }, organization: null, expiresAt: 0, sessionId: null, source }))`,
  requireRight: 'undefined',
  ofDeployment: '$first',
  isOwnOrigin: 'true',
  isSecretOf: 'true',
  isLinkValid: 'true',
  keepAnOwner: 'undefined',
  recordFailedAuthentication: '0',
  waitAfterFailures: '0',
  verifyToken: `Promise.resolve({ ok: true, id: '-', name: '-' })`,
  verifyAccessToken: `Promise.resolve({ ok: true, id: '-', name: '-' })`,
  grantBySecret: `Promise.resolve({ ok: true, value: '-', lifetime: 3600000 })`,
  grantByAssertion: `Promise.resolve({ ok: true, value: '-', lifetime: 3600000 })`,
  findClosed: 'undefined',
  countTowards: 'undefined',
  isInward: 'false',
  sign: `''`,
  validateAssertion: 'Promise.resolve(4102444800000)',
  validateIdToken: `$first.then((it) => JSON.parse(Buffer.from(it.split('.')[1], 'base64url').toString()))`,
  takesTenant: 'true',
  isOneOf: 'true',
  isOfBrowser: 'Promise.resolve(true)',
};

/** Files whose every refusal decides who comes in. */
const gates = [
  'src/access/authenticate.ts',
  'src/access/caller.ts',
  'src/access/door.ts',
  'src/access/sign-in-link.ts',
  'src/access/api-keys.ts',
  'src/api/access.ts',
  'src/api/door.ts',
  'src/connections/{access-tokens,credentials,grant-by-assertion,grant-by-secret,verify-token}.ts',
  'src/directory/gate.ts',
  'src/directory/oauth/{read-token-request,token-endpoint}.ts',
  'src/entra/{validate-assertion,validate-id-token}.ts',
  'src/openid/{authorization,read-userinfo,validate-id-token,verify-token}.ts',
  'src/events/failed-authentication.ts',
  'src/signin/accounts/judge-person.ts',
  'src/signin/provider/{adapter,answer-userinfo,browser-session,client-addresses,client-secrets,client-settings,clients}.ts',
  'src/signin/provider/{consent-door,exchange-token,interaction,load-grant,resource}.ts',
  'src/signin/local/{attempts,device-cookie,local-link,passkeys,set-password,sign-in-by-password,start-local-session}.ts',
  'src/signin/relying-party/{complete-sign-in,redeem-answer,sign-in-request,step-up}.ts',
  'src/signin/sessions/{front-channel-logout,session}.ts',
];

/** What is asked of a signed token beyond its signature. */
const tokenOptions = ['algorithms', 'audience', 'currentDate', 'requiredClaims', 'issuer'];

/** Statements that say whether a session is valid: each of their conditions counts. */
const validity = ['src/signin/queries/session.ts', 'src/store/queries/active-subject.ts'];

/** Settings of the provider that products' security rests on, and what stands there when they are forgotten. */
const providerSettings: Readonly<Record<string, string>> = {
  pkce: '{ required: () => false }',
  rotateRefreshToken: 'false',
  clientBasedCORS: '() => true',
  allowOmittingSingleRegisteredRedirectUri: 'true',
};

/** Each authentication and each authorization: calls, refusals, scopes of callers, ends in time, revocations. */
export function findAccessChecks(root: string): Mutation[] {
  const sources = parseFiles(root, ['src/**/*.ts']);
  const gateFiles = new Set(parseFiles(root, gates).map(({ file }) => file));
  const called = sources.flatMap(findCalls);
  for (const name of Object.keys(calls))
    if (!called.some(({ about }) => about === `the call of ${name}`))
      throw new Error(`nothing calls ${name} any more: the list in mutations-access.ts has to follow`);
  const kinds = {
    guards: sources.filter(({ file }) => gateFiles.has(file)).flatMap(findGuards),
    scopes: sources.flatMap(findCallerScopes),
    ends: sources.flatMap(findEnds),
    tokens: sources.flatMap(findTokenOptions),
    'conditions of valid sessions': parseFiles(root, validity).flatMap(findValidityConditions),
    'settings of the provider': parseFiles(root, ['src/signin/provider/configuration.ts']).flatMap(
      findProviderSettings,
    ),
  };
  if (kinds['settings of the provider'].length !== Object.keys(providerSettings).length)
    throw new Error('a setting of the provider is gone: mutations-access.ts has to follow');
  for (const [kind, found] of Object.entries(kinds))
    if (found.length === 0) throw new Error(`no ${kind} are found any more: mutations-access.ts has to follow`);
  for (const file of gateFiles)
    if (!kinds.guards.some((it) => it.file === file)) throw new Error(`${file} refuses nobody: is it still a gate?`);
  return [...called, ...Object.values(kinds).flat()];
}

const mutationAt = (
  { file, lineOf }: Parsed,
  about: string,
  { start, end }: { start: number; end: number },
  replacement: string,
): Mutation => ({ kind: 'access', file, line: lineOf(start), about, start, end, replacement, near: nearTestsOf(file) });

function findCalls(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  new Visitor({
    CallExpression: (node) => {
      const name = calledName(node);
      const replacement = name === undefined ? undefined : calls[name];
      if (name === undefined || replacement === undefined || node.callee.type !== 'Identifier') return;
      const [first] = node.arguments;
      const text = replacement
        .replaceAll('$call', () => source.textOf(node))
        .replaceAll('$first', () => (first === undefined ? '' : source.textOf(first)));
      found.push(mutationAt(source, `the call of ${name}`, node, text));
    },
  }).visit(source.program);
  return found;
}

/** `if (…) throw …` and `if (…) return …`: the refusal never comes, or what is accepted is everything. */
function findGuards(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  new Visitor({
    BlockStatement: ({ body }) => {
      const refusesAtEnd = body.at(-1)?.type === 'ThrowStatement';
      for (const statement of body) {
        if (statement.type !== 'IfStatement' || !leaves(statement.consequent)) continue;
        const last = lastOf(statement.consequent);
        const throws = last?.type === 'ThrowStatement';
        // `throw new Error` is about what cannot be, not about who may come in.
        if (throws && /^new Error\(/.test(source.textOf(last.argument))) continue;
        const taken = throws || !refusesAtEnd ? 'false' : 'true';
        const about = `the check (${source.textOf(statement.test).replaceAll(/\s+/g, ' ').slice(0, 80)})`;
        found.push(mutationAt(source, about, statement.test, taken));
      }
    },
  }).visit(source.program);
  return found;
}

const lastOf = (statement: ESTree.Statement): ESTree.Statement | undefined =>
  statement.type === 'BlockStatement' ? statement.body.at(-1) : statement;

const leaves = (statement: ESTree.Statement): boolean =>
  ['ThrowStatement', 'ReturnStatement'].includes(lastOf(statement)?.type ?? '');

/** `caller.organization`: the only organization that a caller may see. */
function findCallerScopes(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  new Visitor({
    MemberExpression: (node) => {
      if (/^(?:\w+\.)?caller\.organization$/.test(source.textOf(node)))
        found.push(mutationAt(source, 'the organization of the caller', node, 'null'));
    },
  }).visit(source.program);
  return found;
}

const end = /\b(?:expires_?at|expires|last_seen_at|ends_?at|since)\b/i;
/** Time passed: it grows while the time left shrinks. */
const passed = /^(?:\w+\.)*now(?:\(\))? - /;

/** Comparisons with an end in time, in code and in statements, and with a revocation. */
function findEnds(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  new Visitor({
    BinaryExpression: (node) => {
      const [left, right] = [source.textOf(node.left), source.textOf(node.right)];
      if (/\b(?:revoked|consumed)_?at$/i.test(left) && right === 'null' && node.operator.length === 3)
        found.push(mutationAt(source, 'the revocation', node, node.operator === '!==' ? 'false' : 'true'));
      if (!['<', '<=', '>', '>='].includes(node.operator) || end.test(left) === end.test(right)) return;
      const isLess = end.test(left) === node.operator.startsWith('<');
      const isOver = isLess !== passed.test(end.test(left) ? left : right);
      found.push(mutationAt(source, `the end in time (${source.textOf(node)})`, node, isOver ? 'false' : 'true'));
    },
    CallExpression: (node) => {
      const [column] = node.arguments;
      if (node.callee.type !== 'MemberExpression' || calledName(node) !== 'where' || column === undefined) return;
      if (!end.test(source.textOf(column)) && !/revoked_at|consumed_at/.test(source.textOf(column))) return;
      const range = { start: node.callee.object.end, end: node.end };
      found.push(mutationAt(source, `the end in time (${source.textOf(column)} in a statement)`, range, ''));
    },
  }).visit(source.program);
  return found;
}

function findTokenOptions(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  new Visitor({
    CallExpression: (node) => {
      const options = node.arguments.at(-1);
      if (calledName(node) !== 'jwtVerify' || options?.type !== 'ObjectExpression') return;
      for (const property of options.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Identifier') continue;
        const { name } = property.key;
        if (tokenOptions.includes(name))
          found.push(mutationAt(source, `${name} of a token`, property, `${name}: undefined`));
      }
    },
  }).visit(source.program);
  return found;
}

/** Each `where` of the function that says what is valid, and each part of a conjunction. */
function findValidityConditions(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  const inside: string[] = [];
  const ofValidity = () => inside.some((name) => /^(?:validSessions|activeSubject)$/.test(name));
  const add = (node: { start: number; end: number }, text: string, replacement: string) =>
    found.push(
      mutationAt(source, `the condition of validity (${text.replaceAll(/\s+/g, ' ').slice(0, 60)})`, node, replacement),
    );
  new Visitor({
    FunctionDeclaration: ({ id }) => void inside.push(id?.name ?? ''),
    'FunctionDeclaration:exit': () => void inside.pop(),
    VariableDeclarator: ({ id }) => void inside.push(id.type === 'Identifier' ? id.name : ''),
    'VariableDeclarator:exit': () => void inside.pop(),
    CallExpression: (node) => {
      const [first] = node.arguments;
      const name = calledName(node);
      if (!ofValidity() || first === undefined) return;
      if (name === 'where' && node.callee.type === 'MemberExpression') {
        const text = source.textOf({ start: first.start, end: node.end - 1 });
        // The scope and the ends in time are taken out by others.
        if (/organization_id|directory_id/.test(source.textOf(first)) || end.test(source.textOf(first))) return;
        add({ start: node.callee.object.end, end: node.end }, text, '');
      }
      if (name === 'and' && first.type === 'ArrayExpression')
        for (const part of first.elements) if (part !== null) add(part, source.textOf(part), 'sql`1 = 1`');
    },
  }).visit(source.program);
  return found;
}

function findProviderSettings(source: Parsed): Mutation[] {
  const found: Mutation[] = [];
  new Visitor({
    Property: (node) => {
      const name = node.key.type === 'Identifier' ? node.key.name : '';
      const other = providerSettings[name];
      if (other !== undefined) found.push(mutationAt(source, `the setting ${name}`, node, `${name}: ${other}`));
    },
  }).visit(source.program);
  return found;
}
