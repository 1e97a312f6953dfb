import { appToken, type Graph, graphAs } from './test-graph.ts';
import type { TestApp, TestEntra } from './test-tenant.ts';

/** What an Exchange administrator does in Contoso, below `/exchange`. */
export type ExchangeAdmin = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Exchange PowerShell at hand. */
export function exchangeAdmin(entra: TestEntra): ExchangeAdmin {
  return (method, path, body) => entra.control(method, `/tenants/${entra.contoso.id}/exchange${path}`, body);
}

/** An app in Contoso with its token for Graph, and the object id of its enterprise app. */
export type ExchangeApp = TestApp & { readonly enterpriseId: string; readonly graph: Graph };

/** Registers an app with consented permissions (none, as RBAC for Applications wants it). */
export async function registerForExchange(entra: TestEntra, permissions: readonly string[] = []): Promise<ExchangeApp> {
  const app = await entra.register({ displayName: `Mailer ${permissions.join(' ')}`, permissions });
  const shown = await entra.control('GET', `/tenants/${entra.contoso.id}/applications/${app.appId}`);
  return {
    ...app,
    enterpriseId: String(shown['servicePrincipalId']),
    graph: graphAs(entra, await appToken(entra, app)),
  };
}

/** Moves the simulator's clock on. */
export const advance = async (entra: TestEntra, minutes: number): Promise<void> => {
  await entra.control('POST', '/clock', { advanceMs: minutes * 60_000 });
};
