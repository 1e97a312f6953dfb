import assert from 'node:assert/strict';
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
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

/** Signing keys of simulators that ended, for those to come, since to make one takes long. No two that run have one in common. */
const spareKeys: string[] = [];

async function takeKey(): Promise<string> {
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
  const encoded = { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding };
  return spareKeys.pop() ?? (await promisify(generateKeyPair)('rsa', encoded)).privateKey;
}

/** Starts a simulator for one test; `await using` ends it. */
export async function startTestEntra(options: SimulateOptions = {}): Promise<TestEntra> {
  const signingKeys: [string, string] = [await takeKey(), await takeKey()];
  const entra = await simulateEntra({ users: 30, signingKeys, ...options });
  const close = async (): Promise<void> => {
    await entra.close();
    spareKeys.push(...signingKeys.splice(0));
  };
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
    close,
    [Symbol.asyncDispose]: close,
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
