import type { ConnectionSettings } from '#contract';
import { type AppToken, EntraError, explainAadsts, explainClientIdRefusal, graphScope, requestAppToken } from '#entra';
import { Problem } from '#http';
import { type ClientProof, MetadataError, ProviderError, presentProof, requestToken } from '#openid';
import { clientProofsOf } from './client-proofs.ts';
import { type LiveConnection, redirectUrisOf } from './connection.ts';
import type { EntraWorld } from './entra-world.ts';
import { appTenantOf, providerOf } from './settings.ts';
import { cloudOf } from './starting-point.ts';

/** A token for Microsoft Graph by which the connection's app acts as itself, remembered while it lasts. */
export async function appTokenFor(world: EntraWorld, connection: LiveConnection): Promise<AppToken> {
  const { settings } = connection;
  const [usable] = await clientProofsOf(world, connection);
  const tenant = appTenantOf(settings);
  if (usable === undefined || settings.clientId === null || tenant === null || settings.provider !== 'entra') {
    throw new EntraError({
      error: 'invalid_client',
      description: 'the connection has no client secret or certificate, client id or tenant yet',
    });
  }
  const cloud = cloudOf(world, settings.cloud);
  return world.entra.appTokens.get({
    cloud,
    tenant,
    clientId: settings.clientId,
    proof: usable.proof,
    proofId: usable.id,
    scope: graphScope(cloud),
  });
}

/** Asks Microsoft Entra for an app-only token with this very proof, past any cache. Throws {@link EntraError}. */
export async function askForAppToken(
  world: EntraWorld,
  settings: ConnectionSettings,
  proof: ClientProof,
): Promise<AppToken> {
  const tenant = appTenantOf(settings);
  if (settings.clientId === null || tenant === null) {
    throw new Problem('wrong-state', {
      detail: 'tenant or Application (client) ID are missing',
      remedy: 'fill them in first: it is proven by asking for a token',
    });
  }
  const cloud = cloudOf(world, settings.cloud);
  return requestAppToken({
    cloud,
    tenant,
    clientId: settings.clientId,
    proof,
    scope: graphScope(cloud),
    fetch: world.fetch,
    now: world.now,
  });
}

/** By what a code is refused: RFC 6749 §5.2, and Glewlwyd's own word for it. */
const codeRefusals = ['invalid_grant', 'invalid_code'];

/**
 * Proves this very secret or certificate at the provider: at Microsoft Entra by an app-only token; at another one by a code
 * that does not exist, which is refused as such (`invalid_grant`) only to a client that has proven itself (RFC 6749 §5.2).
 * Throws {@link ProviderError}, or a problem where something is missing.
 */
export async function proveClient(
  world: EntraWorld,
  { id, settings }: Pick<LiveConnection, 'id' | 'settings'>,
  proof: ClientProof,
): Promise<void> {
  if (settings.provider === 'entra') {
    await askForAppToken(world, settings, proof);
    return;
  }
  const { clientId } = settings;
  if (clientId === null || settings.metadataUrl === null) {
    throw new Problem('wrong-state', {
      detail: 'issuer or client id are missing',
      remedy: 'fill them in first: it is proven at the provider',
    });
  }
  const provider = await providerOf(world, settings).catch((error: unknown) => {
    if (!(error instanceof MetadataError)) throw error;
    throw new ProviderError({ error: 'unreachable', description: error.message }, { cause: error });
  });
  const { form, headers } = await presentProof(proof, clientId, provider.tokenEndpoint, provider.assertionAlgorithms);
  const asked = {
    grant_type: 'authorization_code',
    ...form,
    code: 'a-code-that-was-never-issued',
    // Some look at whether it is the client's before they look at the code.
    redirect_uri: redirectUrisOf(world.config.url, id)[0]?.uri ?? '',
    code_verifier: 'a'.repeat(43),
  };
  await requestToken(world.fetch, provider.tokenEndpoint, asked, headers).catch((error: unknown) => {
    if (error instanceof ProviderError && codeRefusals.includes(error.error)) return;
    throw error;
  });
}

/** What a provider's refusal means, as a problem: the code's meaning and remedy, and what to quote to support. */
export async function refusalProblem(error: ProviderError, settings: ConnectionSettings): Promise<Problem> {
  const codes = error instanceof EntraError ? error.codes : [];
  if (error.transient && codes.length === 0) {
    return new Problem('upstream-unreachable', {
      detail: error.description || error.message,
      remedy: 'try again in a moment',
    });
  }
  if (!(error instanceof EntraError)) {
    return new Problem('refused-by-provider', {
      detail: error.message,
      remedy: 'compare client id, client secret and the way in which they are sent with what the provider has',
    });
  }
  const [code] = codes;
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
