import { type EntraWorld, providerOf } from '#connections';
import type { ConnectionSettings } from '#contract';
import { type Provider, ProviderError, readOpenidClaims, readUserinfo, text, validateOpenidToken } from '#openid';
import type { ProvenToken, Upstream } from './upstream.ts';

/** Any other OpenID provider, known by its exact issuer. */
export async function openidUpstream(world: EntraWorld, settings: ConnectionSettings): Promise<Upstream> {
  const provider = await providerOf(world, settings);
  return {
    authorizationEndpoint: provider.authorizationEndpoint,
    tokenEndpoint: provider.tokenEndpoint,
    endSessionEndpoint: provider.endSessionEndpoint,
    assertionAlgorithms: provider.assertionAlgorithms,
    scopes: ['openid', 'profile', 'email', ...(provider.scopes.includes('groups') ? ['groups'] : [])],
    issuer: provider.issuer,
    issuerIsSaid: provider.issuerIsSaid,
    readErrorParameters: undefined,
    readTokenError: undefined,
    validate: (token, { clientId, nonce }) =>
      validateOpenidToken(token, { provider, clientId, nonce, keys: world.entra.keys, now: world.now }),
    readPerson: async (token, accessToken) =>
      readOpenidClaims(token.claims, await userinfoOf(world, provider, token, accessToken)),
  };
}

/**
 * What the userinfo endpoint has that the token lacks: providers that send little in the token have e-mail and groups there.
 * One that does not answer leaves the person with what the token says.
 */
async function userinfoOf(
  world: EntraWorld,
  { userinfoEndpoint, issuer }: Provider,
  { claims }: ProvenToken,
  accessToken: string,
): Promise<Readonly<Record<string, unknown>>> {
  const isWhole = text(claims['email']) !== undefined && claims['groups'] !== undefined;
  if (userinfoEndpoint === undefined || isWhole) return {};
  const asked = { userinfoEndpoint, accessToken, subject: claims.sub, fetch: world.fetch };
  return readUserinfo(asked).catch((error: unknown) => {
    if (!(error instanceof ProviderError)) throw error;
    world.log.warn({ issuer, error: error.message }, 'the userinfo endpoint did not answer');
    return {};
  });
}
