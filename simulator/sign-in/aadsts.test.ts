import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../test-browser.ts';
import { authorizeUrl, readObject, startTestEntra, type TestApp, type TestEntra } from '../test-tenant.ts';
import { aadstsCodes } from './aadsts-codes.ts';

const codes = Object.keys(aadstsCodes).map(Number);

let entra: TestEntra;
let app: TestApp;
before(async () => {
  entra = await startTestEntra({ users: 3, groups: 1 });
  app = await entra.register();
});
after(() => entra.close());

const call = (code: number, at: string, more: Record<string, unknown> = {}): Promise<unknown> =>
  entra.control('POST', '/faults', { name: 'aadsts', code, at, times: 1, ...more });

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const described = (code: number): RegExp =>
  new RegExp(
    `^AADSTS${code}: .+\\. Trace ID: ${uuid} Correlation ID: ${uuid} Timestamp: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ$`,
  );

/** Statuses that are not 400, and OAuth errors that are not invalid_request: from Microsoft's documents and captured answers. */
const seen: readonly [code: number, status: number, error: string][] = [
  [7000215, 401, 'invalid_client'],
  [7000218, 401, 'invalid_client'],
  [7000222, 401, 'invalid_client'],
  [700027, 401, 'invalid_client'],
  [700038, 400, 'unauthorized_client'],
  [700016, 400, 'unauthorized_client'],
  [500011, 400, 'invalid_resource'],
  [70003, 400, 'unsupported_grant_type'],
  [70011, 400, 'invalid_scope'],
  [90002, 400, 'invalid_tenant'],
  [50194, 400, 'invalid_request'],
  [900144, 400, 'invalid_request'],
  [9002313, 400, 'invalid_request'],
  [9002326, 400, 'invalid_request'],
  [70021, 400, 'invalid_request'],
  [50034, 400, 'invalid_grant'],
  [50053, 400, 'invalid_grant'],
  [50126, 400, 'invalid_grant'],
  [50173, 400, 'invalid_grant'],
  [54005, 400, 'invalid_grant'],
  [70008, 400, 'invalid_grant'],
  [501051, 400, 'invalid_grant'],
  [50076, 400, 'interaction_required'],
  [50079, 400, 'interaction_required'],
  [53003, 400, 'interaction_required'],
  [50058, 400, 'login_required'],
  [65001, 400, 'consent_required'],
  [65004, 400, 'access_denied'],
  [650053, 401, 'invalid_client'],
  [70016, 400, 'authorization_pending'],
  [70018, 400, 'bad_verification_code'],
  [70020, 400, 'expired_token'],
  [90033, 503, 'temporarily_unavailable'],
  [90055, 429, 'temporarily_unavailable'],
];

/** Calls a fault for every code and asks once for each, many at a time: each answer is that of one of them. */
async function forceAll<T>(at: string, more: Record<string, unknown>, ask: () => Promise<T>): Promise<T[]> {
  const chunks = Array.from({ length: 14 }, (_, index) => codes.slice(index * 28, index * 28 + 28));
  for (const chunk of chunks) await Promise.all(chunk.map((code) => call(code, at, more)));
  const answers: T[] = [];
  for (const chunk of chunks) answers.push(...(await Promise.all(chunk.map(ask))));
  return answers;
}

const sorted = (list: readonly number[]): number[] => list.toSorted((one, other) => one - other);

test('every code of the table can be forced at the token endpoint, and is read back in the whole envelope (entra.md §1.13)', async () => {
  assert.equal(codes.length, 392);
  const answers = await forceAll('token', {}, async () => {
    const body = new URLSearchParams({ grant_type: 'refresh_token' });
    const response = await fetch(`${entra.url}/${entra.contoso.id}/oauth2/v2.0/token`, { method: 'POST', body });
    return { status: response.status, body: readObject(await response.text()) };
  });
  const byCode = new Map<number, readonly [number, unknown]>();
  for (const { status, body } of answers) {
    const [code] = body['error_codes'] as number[];
    assert.match(String(body['error_description']), described(Number(code)));
    for (const name of ['timestamp', 'trace_id', 'correlation_id']) assert.equal(typeof body[name], 'string', name);
    assert.ok((body['error'] === 'invalid_client') === (status === 401), `${code}: ${status} ${body['error']}`);
    byCode.set(Number(code), [status, body['error']]);
  }
  assert.deepEqual(sorted([...byCode.keys()]), sorted(codes));
  for (const [code, status, error] of seen) assert.deepEqual(byCode.get(code), [status, error], String(code));
});

test('every code can be forced at authorize, where it goes back to the app with state', async () => {
  const url = authorizeUrl(entra, entra.contoso.id, app);
  const more = { as: 'redirect', suberror: 'basic_action', claims: '{"a":1}' };
  const answers = await forceAll('authorize', more, async () => {
    const response = await openBrowser().get(url);
    return new URL(response.headers.get('location') ?? '').searchParams;
  });
  const met = answers.map((answer) => {
    const code = Number(/^AADSTS(\d+)/.exec(answer.get('error_description') ?? '')?.[1]);
    assert.match(answer.get('error_description') ?? '', described(code));
    assert.notEqual(answer.get('error'), null);
    const others = [answer.get('state'), answer.get('suberror'), answer.get('claims')];
    assert.deepEqual(others, ['s1', 'basic_action', '{"a":1}']);
    return code;
  });
  assert.deepEqual(sorted(met), sorted(codes));
});

test('… or stays on the page of Entra, which names code, error, trace, correlation and time', async () => {
  await call(50105, 'authorize', { as: 'page' });
  const response = await openBrowser().get(authorizeUrl(entra, entra.contoso.id, app));
  const page = await response.text();
  assert.equal(response.status, 400);
  assert.match(page, /<strong>AADSTS50105<\/strong>/);
  assert.match(page, new RegExp(`<dt>Correlation ID</dt><dd>${uuid}</dd><dt>Timestamp</dt><dd>\\d{4}-`));
});
