import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal } from '../../test/entra/local-tenant.ts';
import { EntraError, readAuthorizationError, readEntraError } from './entra-error.ts';

const answerOf = (status: number, json: unknown, text = JSON.stringify(json)) => ({
  status,
  headers: new Headers(),
  text,
  json,
});

test('§1.13: the envelope of a real tenant is read whole', () => {
  const body = refusal('invalid_client', 7000215, 'Invalid client secret provided.', {
    error_uri: 'https://login.microsoftonline.com/error?code=7000215',
  });
  const error = readEntraError(answerOf(401, body));
  assert.ok(error instanceof EntraError);
  assert.deepEqual(
    { ...error },
    {
      name: 'EntraError',
      error: 'invalid_client',
      suberror: undefined,
      codes: [7000215],
      description: 'Invalid client secret provided.',
      traceId: '5cbd8e24-4d31-4b06-9d4e-3f8b1a2c0d00',
      correlationId: '0d1c5a53-7d0c-4d61-8f0a-6d1f7a0b1c2d',
      timestamp: '2026-08-13 09:12:33Z',
      claims: undefined,
      errorUri: 'https://login.microsoftonline.com/error?code=7000215',
      httpStatus: 401,
    },
  );
  assert.equal(
    error.message,
    'AADSTS7000215: Invalid client secret provided. (correlation id 0d1c5a53-7d0c-4d61-8f0a-6d1f7a0b1c2d)',
  );
});

for (const [what, separator] of [
  ['blanks', ' '],
  ['CRLF', '\r\n'],
] as const) {
  test(`§1.13: parts separated by ${what} are found in the description alone`, () => {
    const description = [
      'AADSTS50105: The user is not assigned to a role.',
      'Trace ID: 5cbd8e24-4d31-4b06-9d4e-3f8b1a2c0d00',
      'Correlation ID: 0d1c5a53-7d0c-4d61-8f0a-6d1f7a0b1c2d',
      'Timestamp: 2026-08-13 09:12:33Z',
    ].join(separator);
    const error = readAuthorizationError(
      new URLSearchParams({ error: 'access_denied', error_description: description, error_subcode: 'x' }),
    );
    assert.deepEqual(error?.codes, [50105]);
    assert.equal(error?.description, 'The user is not assigned to a role.');
    assert.equal(error?.traceId, '5cbd8e24-4d31-4b06-9d4e-3f8b1a2c0d00');
    assert.equal(error?.correlationId, '0d1c5a53-7d0c-4d61-8f0a-6d1f7a0b1c2d');
    assert.equal(error?.timestamp, '2026-08-13 09:12:33Z');
  });
}

test('§1.13: only error is needed; what is missing stays undefined', () => {
  const error = readEntraError(answerOf(400, { error: 'invalid_grant' }));
  assert.equal(error.error, 'invalid_grant');
  assert.deepEqual(error.codes, []);
  assert.equal(error.correlationId, undefined);
  assert.equal(error.message, 'invalid_grant: invalid_grant');
});

test('§1.13: several codes: the leading one of the text comes first, each once', () => {
  const json = { error: 'x', error_description: 'AADSTS500011: A. AADSTS90002: B.', error_codes: [90002, 500011, 'z'] };
  assert.deepEqual(readEntraError(answerOf(400, json)).codes, [500011, 90002]);
});

test('§1.10: suberror and a claims challenge are kept, as text and as object', () => {
  const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
  for (const form of [claims, JSON.parse(claims)]) {
    const error = readEntraError(
      answerOf(400, { error: 'interaction_required', suberror: 'basic_action', claims: form }),
    );
    assert.equal(error.suberror, 'basic_action');
    assert.equal(error.claims, claims);
  }
});

for (const [json, text] of [
  [undefined, '<html><h1>Blocked by proxy</h1></html>'],
  [[], '[]'],
  [null, 'null'],
  [{ error: { code: 'x' } }, '{"error":{"code":"x"}}'],
] as const) {
  test(`an answer like ${text} is unreadable and quoted`, () => {
    const error = readEntraError(answerOf(502, json, text));
    assert.equal(error.error, 'unreadable');
    assert.ok(error.message.includes(text));
    assert.equal(error.transient, true);
  });
}

test('parameters without an error hold none', () => {
  assert.equal(readAuthorizationError(new URLSearchParams({ code: 'x' })), undefined);
});

test('what may succeed later is told apart from what will not', () => {
  const transient = (error: string, httpStatus: number) => new EntraError({ error, httpStatus }).transient;
  assert.deepEqual(
    [transient('unreachable', 0), transient('temporarily_unavailable', 400), transient('x', 429), transient('x', 503)],
    [true, true, true, true],
  );
  assert.deepEqual([transient('invalid_client', 401), transient('invalid_grant', 400)], [false, false]);
});
