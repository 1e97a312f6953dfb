import type { Client, Configuration, errors, interactionPolicy, KoaContextWithOIDC } from 'oidc-provider';
import type { World } from '#store';
import { mostSessionMs } from '../sessions/most-session.ts';
import type { Seen } from './browser-session.ts';
import { isOwnOriginOf, ownClientOf, ownName } from './client-metadata.ts';
import { mayClientOf } from './client-of-token.ts';
import { accountOf, claimsByScope } from './find-account.ts';
import { interactionCookie, resumeCookie } from './interaction.ts';
import { isOpenTo, loadGrant } from './load-grant.ts';
import { promptPolicy } from './prompts.ts';
import { opaqueSeconds, resourceFor } from './resource.ts';
import { cookieKeys, type SigningKey, signingAlgs } from './signing-key.ts';

type Token = { resourceServer?: { accessTokenTTL?: number | undefined } | undefined };
const secondsOf = (_ctx: unknown, { resourceServer }: Token): number => resourceServer?.accessTokenTTL ?? opaqueSeconds;

/** Seconds that what the provider gives is good for; nothing outlives the session it came of. */
const lifetimes = {
  AuthorizationCode: 60,
  AccessToken: secondsOf,
  ClientCredentials: secondsOf,
  IdToken: 300,
  RefreshToken: mostSessionMs / 1000,
  Grant: mostSessionMs / 1000,
  Session: mostSessionMs / 1000,
  Interaction: 1800,
  DeviceCode: 600,
};

type Features = NonNullable<Configuration['features']>;

/** The pages that the provider shows. */
export interface ProviderPages extends Pick<Configuration, 'renderError'> {
  logout: Pick<NonNullable<Features['rpInitiatedLogout']>, 'logoutSource' | 'postLogoutSuccessSource'>;
  device: Pick<NonNullable<Features['deviceFlow']>, 'userCodeInputSource' | 'userCodeConfirmSource' | 'successSource'>;
}

/** A token belongs to the client that it was given to, and to the API that it is meant for. */
function isFor(client: Client, token: { clientId?: string | undefined; aud?: unknown }): boolean {
  const own = ownClientOf(client);
  const isForApi = own?.kind === 'api' && own.identifier !== null && [token.aud].flat().includes(own.identifier);
  return token.clientId === client.clientId || isForApi;
}

/** What the provider is given of the world around it. */
interface Given {
  keys: readonly SigningKey[];
  https: boolean;
  seen: (ctx: KoaContextWithOIDC) => Seen;
  pages: ProviderPages;
  errors: typeof errors;
  prompts: typeof interactionPolicy;
}

/**
 * The provider's settings: authorization code with PKCE only, opaque access tokens unless an API wants them otherwise, rotating
 * refresh tokens. What is not listed is off, and discovery does not claim it.
 */
export function configuration(world: World, { keys, https, seen, pages, errors, prompts }: Given): Configuration {
  const cookie = { httpOnly: true, sameSite: 'lax', secure: https, signed: true, overwrite: true } as const;
  return {
    jwks: { keys: keys.map(({ jwk }) => ({ ...jwk })) },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email', 'groups', 'roles', 'offline_access'],
    // Named here so that they are in id tokens; userinfo says nothing of them.
    claims: { ...claimsByScope, openid: [...claimsByScope.openid, 'acr', 'amr'] },
    conformIdTokenClaims: false,
    subjectTypes: ['public'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    enabledJWA: {
      idTokenSigningAlgValues: [...signingAlgs],
      clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'],
    },
    extraClientMetadata: { properties: [ownName], validator: () => undefined },
    // What of it the library would do itself, we do: `sessions/tell-product.ts`.
    discovery: { backchannel_logout_supported: true, backchannel_logout_session_supported: true },
    pkce: { required: () => true },
    extraParams: ['organization', 'connection', 'domain_hint'],
    ttl: lifetimes,
    rotateRefreshToken: true,
    // Who cannot keep a secret refreshes in place of a session of its own; others say that they want to (OpenID Connect Core §11).
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (client.clientAuthMethod === 'none' || source.scopes.has('offline_access')),
    expiresWithSession: () => false,
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: (_ctx, origin, client) => {
      const own = ownClientOf(client);
      return own !== undefined && isOwnOriginOf(own, origin);
    },
    // Whatever the library would do with it, the address is checked when it is connected to; redirects are not followed.
    fetch: (url, { dispatcher: _, ...init }: RequestInit & { dispatcher?: unknown } = {}) => world.fetch(url, init),
    interactions: {
      policy: promptPolicy(prompts, { now: world.now, seen, errors }),
      url: (_, { prompt, uid }) => `/${prompt.name === 'consent' ? 'consent' : 'login'}/${uid}`,
    },
    cookies: {
      keys: cookieKeys(keys),
      names: { interaction: interactionCookie, resume: resumeCookie, session: 'portico_provider' },
      // Sent along everywhere, so that a sign-in which ends at another door goes on here by the same session.
      long: { ...cookie, path: '/' },
      short: { ...cookie },
    },
    features: {
      claimsParameter: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true, charset: 'base-20', mask: '****-****', ...pages.device },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, resource, client) => resourceFor(world, errors, ownClientOf(client), resource),
      },
      introspection: {
        enabled: true,
        allowedPolicy: async (ctx, client, token) =>
          isFor(client, token) &&
          mayClientOf(world, seen(ctx), token.clientId, 'grantId' in token ? token.grantId : undefined),
      },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: true, ...pages.logout },
      userinfo: { enabled: true },
    },
    ...(pages.renderError === undefined ? {} : { renderError: pages.renderError }),
    extraTokenClaims: async (ctx, token) => {
      const grantId = 'grantId' in token ? token.grantId : undefined;
      if (token.aud === undefined || typeof grantId !== 'string') return undefined;
      const { acting } = seen(ctx);
      const session = acting?.session ?? (await seen(ctx).grant(grantId))?.session;
      if (session === undefined) return undefined;
      return {
        org_id: session.organizationId,
        roles: session.roles,
        ...(acting === undefined ? {} : { act: acting.act }),
      };
    },
    findAccount: async (ctx, accountId, token) => {
      const grantId = token !== undefined && 'grantId' in token ? token.grantId : undefined;
      const session =
        typeof grantId === 'string' ? (await seen(ctx).grant(grantId))?.session : await seen(ctx).browser();
      if (session?.accountId !== accountId) return undefined;
      const own = token === undefined || ctx.oidc.client === undefined ? undefined : ownClientOf(ctx.oidc.client);
      return own === undefined || isOpenTo(own, session.organizationId) ? accountOf(world, session) : undefined;
    },
    loadExistingGrant: (ctx) => loadGrant(world, ctx, seen(ctx), errors),
  };
}
