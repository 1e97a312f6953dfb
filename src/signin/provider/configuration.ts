import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { World } from '#store';
import { mostSessionMs } from '../sessions/session.ts';
import type { Seen } from './browser-session.ts';
import { accountOf, claimsByScope } from './find-account.ts';
import { interactionCookie } from './interaction.ts';
import { cookieKeys, type SigningKey, signingAlgs } from './signing-key.ts';

/** Seconds that what the provider gives is good for; nothing outlives the session it came of. */
const lifetimes = {
  AuthorizationCode: 60,
  AccessToken: 3600,
  IdToken: 300,
  RefreshToken: mostSessionMs / 1000,
  Grant: mostSessionMs / 1000,
  Session: mostSessionMs / 1000,
  Interaction: 1800,
};

/** The pages that the provider shows. */
export type ProviderPages = Pick<Configuration, 'renderError'> & {
  logoutSource: (ctx: KoaContextWithOIDC, form: string) => Promise<void>;
  postLogoutSuccessSource: (ctx: KoaContextWithOIDC) => Promise<void>;
};

/**
 * The provider's settings: authorization code with PKCE only, opaque access tokens, rotating refresh tokens, no consent as
 * the clients are the deployment's own products. What is not listed is off, and discovery does not claim it.
 */
export function configuration(
  world: World,
  keys: readonly SigningKey[],
  https: boolean,
  seen: (ctx: KoaContextWithOIDC) => Seen,
  pages: ProviderPages,
): Configuration {
  const { renderError, logoutSource, postLogoutSuccessSource } = pages;
  const cookie = { httpOnly: true, sameSite: 'lax', secure: https, signed: true, overwrite: true } as const;
  return {
    jwks: { keys: keys.map(({ jwk }) => ({ ...jwk })) },
    responseTypes: ['code'],
    scopes: ['openid', 'profile', 'email', 'groups', 'roles', 'offline_access'],
    claims: claimsByScope,
    conformIdTokenClaims: false,
    subjectTypes: ['public'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    enabledJWA: { idTokenSigningAlgValues: [...signingAlgs] },
    pkce: { required: () => true },
    extraParams: ['organization', 'connection'],
    ttl: lifetimes,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    allowOmittingSingleRegisteredRedirectUri: false,
    clientBasedCORS: () => false,
    interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
    cookies: {
      keys: cookieKeys(keys),
      names: { interaction: interactionCookie, resume: 'portico_resume', session: 'portico_provider' },
      long: { ...cookie, path: '/oidc' },
      short: { ...cookie },
    },
    features: {
      claimsParameter: { enabled: false },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      introspection: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
      userinfo: { enabled: true },
    },
    ...(renderError === undefined ? {} : { renderError }),
    findAccount: async (ctx, accountId, token) => {
      const grantId = token !== undefined && 'grantId' in token ? token.grantId : undefined;
      const session =
        typeof grantId === 'string' ? (await seen(ctx).grant(grantId))?.session : await seen(ctx).browser();
      return session?.accountId === accountId ? accountOf(world, session) : undefined;
    },
    loadExistingGrant: async (ctx) => {
      const { oidc } = ctx;
      const { client, account, session } = oidc;
      const browser = await seen(ctx).browser();
      if (client === undefined || account === undefined || browser === undefined) return undefined;
      const grantId = session?.grantIdFor(client.clientId);
      const known = grantId === undefined ? undefined : await seen(ctx).grant(grantId);
      const kept =
        known?.session.id === browser.id && grantId !== undefined ? await oidc.provider.Grant.find(grantId) : undefined;
      const grant = kept ?? new oidc.provider.Grant({ clientId: client.clientId, accountId: account.accountId });
      const wanted = [...oidc.requestParamOIDCScopes];
      if (kept !== undefined && wanted.every((scope) => grant.getOIDCScope().split(' ').includes(scope))) return grant;
      grant.addOIDCScope(wanted.join(' '));
      await grant.save();
      return grant;
    },
  };
}
