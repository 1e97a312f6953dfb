import assert from 'node:assert/strict';
import type { ScimAnswer } from '../test/directory/scim-world.ts';
import type { FuzzRequest } from './fuzz-requests.ts';

const scimTypes: ReadonlySet<unknown> = new Set([
  undefined,
  ...[
    'invalidFilter',
    'tooMany',
    'uniqueness',
    'mutability',
    'invalidSyntax',
    'invalidPath',
    'noTarget',
    'invalidValue',
  ],
  ...['invalidCursor', 'invalidCount'],
]);

/** Throws unless an answer is in SCIM's words: no fault of the server, each refusal with its body (RFC 7644 §3.12). */
export function wellAnswered({ method }: FuzzRequest, { status, body, text }: ScimAnswer): void {
  assert.ok(status < 500 || status === 501, `${status} ${text}`);
  if (method === 'HEAD') return;
  if (status < 400) {
    if (status === 204 || status === 304) assert.equal(text, '');
    else assert.ok(Array.isArray(body['schemas']), text);
    return;
  }
  assert.deepEqual(body['schemas'], ['urn:ietf:params:scim:api:messages:2.0:Error']);
  assert.equal(body['status'], String(status));
  assert.ok(typeof body['detail'] === 'string' && body['detail'].length > 10, text);
  assert.ok(body['detail'].length < 20_000, 'the detail is too long');
  assert.ok(scimTypes.has(body['scimType']), text);
}

/** Refused before anything of the directory was asked for. */
const byTheParser: ReadonlySet<string> = new Set([
  'invalidSyntax',
  'invalidFilter',
  'invalidPath',
  'invalidCursor',
  'invalidCount',
]);

/** Whether a request got past the parser: it was carried out, or refused for what the directory, the schema or the value is. */
export function isEngines(path: string, status: number, scimType: string): boolean {
  if (status < 400) return true;
  if (byTheParser.has(scimType) || [405, 413, 415, 501].includes(status)) return false;
  return status !== 404 || /^\/(?:Users|Groups)(?:\/[^/]*)?(?:\?|$)/.test(path);
}
