import assert from 'node:assert/strict';
import type { ScimDoor } from '#directory';
import type { Source } from '#http';

/** What the token endpoint answered. */
export interface TokenAnswer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

const source: Source = { requestId: 'request-1', address: '203.0.113.7', userAgent: 'provisioning-test' };

/** Asks a token endpoint by a form, as over HTTP; asserts what every answer of it has (RFC 6749 §5.1). */
export async function askForToken(
  door: ScimDoor,
  tenantUrl: string,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
  from: Partial<Source> = {},
): Promise<TokenAnswer> {
  const url = `${tenantUrl.replace('/scim/v2/', '/scim/oauth2/')}/token`;
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const request = new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  });
  const answer = await door(request, { ...source, ...from });
  assert.equal(answer.headers.get('content-type'), 'application/json');
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.equal(answer.headers.get('pragma'), 'no-cache');
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

/** The value of a Basic header, form-encoded inside (RFC 6749 §2.3.1). */
export const basicOf = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
