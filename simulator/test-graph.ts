import { readObject, type TestApp, type TestEntra } from './test-tenant.ts';

/** An answer of Graph. */
export type GraphReply = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON body; empty when there is none. */
  readonly body: Record<string, unknown>;
  /** `value` of a collection. */
  readonly value: Record<string, unknown>[];
  /** `error.code` of a refusal. */
  readonly code: unknown;
};

/** Calls Graph below `/v1.0` (or at a whole URL, for nextLink and deltaLink). */
export type Graph = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<GraphReply>;

/** Registers an app with the given application permissions and calls Graph with its token. */
export async function openGraph(entra: TestEntra, permissions: readonly string[]): Promise<Graph> {
  const app = await entra.register({ displayName: `Graph app ${permissions.join(' ')}`, permissions });
  return graphAs(entra, await appToken(entra, app));
}

/** An app-only token, for Graph unless another scope is named. */
export async function appToken(
  entra: TestEntra,
  app: TestApp,
  scope = 'https://graph.microsoft.com/.default',
): Promise<string> {
  const { body } = await entra.token(entra.contoso.id, {
    grant_type: 'client_credentials',
    client_id: app.appId,
    client_secret: app.secret,
    scope,
  });
  return String(body['access_token']);
}

/** Calls Graph with a token. A Buffer body goes out as base64 MIME in text/plain, anything else as JSON. */
export function graphAs(entra: TestEntra, token: string): Graph {
  return async (method, path, body, headers = {}) => {
    const isMime = Buffer.isBuffer(body);
    const payload = isMime ? body.toString('base64') : JSON.stringify(body);
    const response = await fetch(path.startsWith('http') ? path : `${entra.url}/v1.0${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': isMime ? 'text/plain' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: payload }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    const object = isJson ? readObject(text) : {};
    const items: readonly unknown[] = Array.isArray(object['value']) ? object['value'] : [];
    const value = items.filter((item) => typeof item === 'object').map((item) => readObject(JSON.stringify(item)));
    const error = readObject(JSON.stringify(object['error'] ?? {}));
    return { status: response.status, headers: response.headers, text, body: object, value, code: error['code'] };
  };
}
