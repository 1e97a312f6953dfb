import type { ConnectionSettings } from '#contract';
import { type AppToken, EntraError, explainAadsts, explainClientIdRefusal, graphScope, requestAppToken } from '#entra';
import { Problem } from '#http';
import type { World } from '#store';
import type { EntraWorld } from './entra-world.ts';
import { listUsableSecrets } from './queries/secret.ts';
import { appTenantOf } from './settings.ts';
import { cloudOf } from './starting-point.ts';

/** Where the value of a secret is sealed to. */
export const secretPlace = (organizationId: string, id: string) => ({
  table: 'secret',
  organizationId,
  id,
  column: 'value',
});

/**
 * The secrets that may be presented, open: the current one first, then the newest waiting, then those that were in use
 * before. While one takes over from another, whoever is refused with the first may try the next.
 */
export async function openSecrets(
  world: World,
  organizationId: string,
  connectionId: string,
): Promise<{ id: string; state: string; value: string }[]> {
  const secrets = await world.store.read(listUsableSecrets, { organizationId, connectionId });
  return secrets.map(({ id, state, value }) => ({
    id,
    state,
    value: world.sealer.open(value, secretPlace(organizationId, id)),
  }));
}

/** The secret to present, open: the current one, or a waiting one while there is none. Undefined where there is none. */
export async function openSecret(
  world: World,
  organizationId: string,
  connectionId: string,
): Promise<{ id: string; value: string } | undefined> {
  const [secret] = await openSecrets(world, organizationId, connectionId);
  return secret;
}

/** A token for Microsoft Graph by which the connection's app acts as itself, remembered while it lasts. */
export async function appTokenFor(
  world: EntraWorld,
  connection: { organizationId: string; id: string; settings: ConnectionSettings },
): Promise<AppToken> {
  const { organizationId, id, settings } = connection;
  const secret = await openSecret(world, organizationId, id);
  const tenant = appTenantOf(settings);
  if (secret === undefined || settings.clientId === null || tenant === null) {
    throw new EntraError({
      error: 'invalid_client',
      description: 'the connection has no client secret, client id or tenant yet',
    });
  }
  const cloud = cloudOf(world, settings.cloud);
  return world.entra.appTokens.get({
    cloud,
    tenant,
    clientId: settings.clientId,
    secret: secret.value,
    secretId: secret.id,
    scope: graphScope(cloud),
  });
}

/** Asks for an app-only token with this very secret, past any cache. Throws {@link EntraError}. */
export function proveSecret(world: EntraWorld, settings: ConnectionSettings, value: string): Promise<AppToken> {
  const tenant = appTenantOf(settings);
  if (settings.clientId === null || tenant === null) {
    throw new Problem('wrong-state', {
      detail: 'tenant or Application (client) ID are missing',
      remedy: 'fill them in first: the secret is proven by asking for a token',
    });
  }
  const cloud = cloudOf(world, settings.cloud);
  return requestAppToken({
    cloud,
    tenant,
    clientId: settings.clientId,
    secret: value,
    scope: graphScope(cloud),
    fetch: world.fetch,
    now: world.now,
  });
}

/** What Microsoft Entra's refusal means, as a problem: the code's meaning and remedy, and what to quote to support. */
export async function refusalProblem(error: EntraError, settings: ConnectionSettings): Promise<Problem> {
  if (error.transient && error.codes.length === 0) {
    return new Problem('upstream-unreachable', {
      detail: error.description || error.message,
      remedy: 'try again in a moment',
    });
  }
  const [code] = error.codes;
  const found = code === undefined ? undefined : await explainAadsts(code);
  const explanation = found?.known === true ? found : undefined;
  const client = explainClientIdRefusal(error, settings.tenantId ?? 'of this connection');
  return new Problem('refused-by-entra', {
    detail: client?.message ?? explanation?.cause ?? error.description ?? error.error,
    ...(explanation === undefined ? {} : { remedy: explanation.action }),
    more: {
      aadsts: code === undefined ? null : `AADSTS${code}`,
      correlationId: error.correlationId ?? null,
      traceId: error.traceId ?? null,
      timestamp: error.timestamp ?? null,
    },
  });
}
