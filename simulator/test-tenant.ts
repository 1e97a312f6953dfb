import assert from 'node:assert/strict';
import { type SimulatedEntra, type SimulatedTenant, type SimulateOptions, simulateEntra } from './index.ts';

/** A running simulator with the shortcuts tests take. */
export type TestEntra = SimulatedEntra & {
  readonly contoso: SimulatedTenant;
  readonly fabrikam: SimulatedTenant;
  /** Calls the control API and returns the body; asserts that it succeeded. */
  readonly control: (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;
  /** Registers an app in Contoso. */
  readonly register: (body?: Readonly<Record<string, unknown>>) => Promise<TestApp>;
  /** Posts a form to a tenant's token endpoint. */
  readonly token: (
    tenant: string,
    form: Readonly<Record<string, string>>,
    headers?: Record<string, string>,
  ) => Promise<TokenReply>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** An app registration as a test uses it. */
export type TestApp = { readonly appId: string; readonly id: string; readonly secret: string; readonly keyId: string };

/** Status and body of a token answer. */
export type TokenReply = { readonly status: number; readonly body: Record<string, unknown> };

/** Where test apps get their codes. */
export const callback = 'http://localhost:8080/callback';

/** Starts a simulator for one test; `await using` ends it. */
export async function startTestEntra(options: SimulateOptions = {}): Promise<TestEntra> {
  const entra = await simulateEntra({ users: 30, ...options });
  const [contoso, fabrikam] = entra.tenants;
  assert.ok(contoso && fabrikam);
  const control: TestEntra['control'] = async (method, path, body) => {
    const response = await fetch(`${entra.url}/_control${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    assert.ok(response.ok, `${method} ${path}: ${response.status} ${text}`);
    return readObject(text);
  };
  return {
    ...entra,
    contoso,
    fabrikam,
    control,
    register: async (body = {}) => {
      const app = await control('POST', `/tenants/${contoso.id}/applications`, {
        displayName: 'Test app',
        redirectUris: { web: [callback] },
        secret: { displayName: 'first' },
        ...body,
      });
      const secret = readObject(JSON.stringify(app['secret'] ?? {}));
      return {
        appId: String(app['appId']),
        id: String(app['id']),
        secret: String(secret['secretText']),
        keyId: String(secret['keyId']),
      };
    },
    token: async (tenant, form, headers = {}) => {
      const response = await fetch(`${entra.url}/${tenant}/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers,
      });
      return { status: response.status, body: readObject(await response.text()) };
    },
    [Symbol.asyncDispose]: entra.close,
  };
}

/** A JSON object out of text; an empty one when there is no text. */
export function readObject(text: string): Record<string, unknown> {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  assert.ok(typeof value === 'object' && value !== null);
  return { ...value };
}

/** An authorization URL with what every request needs; `undefined` leaves a parameter out. */
export function authorizeUrl(
  entra: TestEntra,
  tenant: string,
  app: TestApp,
  parameters: Readonly<Record<string, string | undefined>> = {},
): string {
  const url = new URL(`${entra.url}/${tenant}/oauth2/v2.0/authorize`);
  const all: Record<string, string | undefined> = {
    client_id: app.appId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid profile',
    state: 's1',
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/** The claims of a JWT, unverified. */
export function claimsOf(token: unknown): Record<string, unknown> {
  return readObject(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'));
}
