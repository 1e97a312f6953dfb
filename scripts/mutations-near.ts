import type { NearTest } from './mutation.ts';

/** The tests that know a file best, beyond its room's own: found by the beginning of its path, the longest first. */
const known: readonly (readonly [path: string, tests: readonly string[]])[] = [
  ['src/access/door.ts', ['test/api/credentials.test.ts']],
  ['src/access/sign-in-link.ts', ['test/api/credentials.test.ts']],
  ['src/access/authenticate.ts', ['test/api/credentials.test.ts', 'test/api/refusals.test.ts']],
  ['src/access/', ['test/api/credentials.test.ts', 'test/api/refusals.test.ts']],
  ['src/api/idempotency.ts', ['test/api/conditions.test.ts']],
  [
    'src/api/',
    [
      'test/api/refusals.test.ts',
      'test/api/credentials.test.ts',
      'test/api/open-api.test.ts',
      'test/api/input.test.ts',
    ],
  ],
  ['src/connections/queries/scope.ts', ['test/api/connection-states.test.ts', 'test/api/refusals.test.ts']],
  ['src/connections/check-tokens.ts', ['test/directory/rest.test.ts']],
  ['src/connections/credentials.ts', ['test/api/tokens.test.ts', 'test/directory/client-credentials.test.ts']],
  ['src/connections/grant-by-secret.ts', ['test/directory/client-credentials.test.ts']],
  ['src/connections/access-tokens.ts', ['test/directory/client-credentials.test.ts']],
  ['src/connections/grant-by-assertion.ts', ['test/directory/assertions.test.ts']],
  [
    'src/connections/queries/',
    ['test/store/statements.test.ts', 'test/directory/client-credentials.test.ts', 'test/directory/assertions.test.ts'],
  ],
  ['src/directory/oauth/', ['test/directory/client-credentials.test.ts', 'test/directory/assertions.test.ts']],
  ['src/connections/verify-token.ts', ['test/api/tokens.test.ts']],
  ['src/connections/secrets.ts', ['test/api/secrets.test.ts']],
  ['src/connections/', ['test/api/secrets.test.ts', 'test/api/expiry.test.ts', 'test/api/connection-states.test.ts']],
  ['src/directory/', ['test/directory/door.test.ts']],
  ['src/events/', ['test/events/*.test.ts', 'test/api/credentials.test.ts']],
  ['src/entra/validate-assertion.ts', ['test/directory/assertions.test.ts']],
  ['src/entra/', ['src/entra/**/*.test.ts', 'test/entra/*.test.ts']],
  [
    'src/signin/accounts/judge-person.ts',
    ['src/signin/accounts/*.test.ts', 'test/signin/refusals.test.ts', 'test/signin/sign-in.test.ts'],
  ],
  ['src/signin/provider/client-', ['test/signin/clients.test.ts', 'test/signin/provider-attacks-clients.test.ts']],
  [
    'src/signin/provider/',
    [
      'test/signin/provider-attacks.test.ts',
      'test/signin/provider-attacks-clients.test.ts',
      'test/signin/provider-flows.test.ts',
      'test/signin/provider.test.ts',
    ],
  ],
  ['src/signin/sessions/', ['test/signin/sessions.test.ts', 'test/signin/attacks.test.ts']],
  [
    'src/signin/queries/provider-artifact.ts',
    ['test/signin/provider-attacks.test.ts', 'test/store/statements.test.ts'],
  ],
  ['src/signin/queries/sign-in-', ['test/store/statements.test.ts']],
  ['src/signin/queries/end-sessions.ts', ['test/store/statements.test.ts', 'test/signin/sessions.test.ts']],
  ['src/signin/queries/session.ts', ['test/store/statements.test.ts', 'test/signin/sessions.test.ts']],
  ['src/signin/pages/', ['test/signin/login-page.test.ts', 'test/signin/attacks.test.ts']],
  ['src/signin/', ['test/signin/attacks.test.ts', 'test/signin/refusals.test.ts', 'test/signin/sign-in.test.ts']],
  ['src/store/queries/due.ts', ['test/store/due-work.test.ts']],
  ['src/store/queries/active-subject.ts', ['test/store/statements.test.ts', 'test/signin/*.test.ts']],
  ['src/store/seal.ts', ['src/store/seal.test.ts']],
];

/** The tests nearest to a source file: those of the list above, those beside it, those of its room, those of REST. */
export function nearTestsOf(file: string): NearTest[] {
  const [, room = ''] = file.split('/');
  const listed = known.find(([path]) => file.startsWith(path))?.[1] ?? [];
  const beside = file.replace(/\.ts$/, '.test.ts');
  return [...listed, beside, `src/${room}/**/*.test.ts`, `test/${room}/**/*.test.ts`, 'test/api/*.test.ts'].map(
    (pattern) => ({ file: pattern }),
  );
}
