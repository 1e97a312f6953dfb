import { createHash } from 'node:crypto';
import type { Application } from '../applications/application.ts';
import { consentedScopes } from '../applications/consent.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { header } from '../http/exchange.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { checkMayUse, homeOf } from '../sign-in/accounts.ts';
import { issuerOf } from '../sign-in/authority.ts';
import { grantedScopes, readScopes } from '../sign-in/scopes.ts';
import type { World } from '../world.ts';
import { makeAccessToken } from './access-token.ts';
import { personClaims } from './claims.ts';
import { authenticateClient, type Client } from './client-authentication.ts';
import { clientInfo } from './client-info.ts';
import { type Code, codeLifetime, type Grant, insertRefreshToken, refreshLifetime } from './grants.ts';
import { signToken, tokenLifetime } from './sign.ts';
import type { TokenRequest } from './token-endpoint.ts';

/** Redeems an authorization code, once. */
export async function redeemCode(request: TokenRequest): Promise<Readonly<Record<string, unknown>>> {
  const { world, exchange, authority, form } = request;
  const client = await authenticateClient(world, authority, exchange, form);
  const key = form.get('code');
  if (key === null) throw new AadstsError(900144, "The request body must contain the parameter 'code'");
  const code = world.grants.codes.get(key);
  if (code === undefined || code.grant.appId !== client.application.appId) {
    throw new AadstsError(70000, 'The provided authorization code is malformed or was not issued to this application');
  }
  checkCode(request, code);
  checkClient(request, client, code.grant);
  code.redeemed = true;
  return answer(request, client.application, code.grant, { nonce: code.nonce, spaExpiresAt: undefined });
}

/** Redeems a refresh token; the answer holds a new one, and the old stays good until its end, as at Entra. */
export async function redeemRefreshToken(request: TokenRequest): Promise<Readonly<Record<string, unknown>>> {
  const { world, exchange, authority, form } = request;
  const client = await authenticateClient(world, authority, exchange, form);
  const key = form.get('refresh_token');
  if (key === null) throw new AadstsError(900144, "The request body must contain the parameter 'refresh_token'");
  const token = world.grants.refreshTokens.get(key);
  if (token === undefined || token.grant.appId !== client.application.appId) {
    throw new AadstsError(70000, 'The provided refresh token is malformed or was not issued to this application');
  }
  const now = world.clock.now();
  if (token.spaExpiresAt !== undefined && token.spaExpiresAt <= now) {
    throw new AadstsError(
      700084,
      'The refresh token was issued to a single page app and has reached its fixed lifetime',
    );
  }
  if (token.expiresAt <= now) throw new AadstsError(700082, 'The refresh token has expired due to inactivity');
  checkClient(request, client, token.grant);
  const scopes = form.get('scope') === null ? undefined : readScopes(world, exchange.origin, form.get('scope'));
  const grant: Grant =
    scopes === undefined
      ? token.grant
      : {
          ...token.grant,
          openidScopes: merge(scopes.openid, token.grant.openidScopes),
          resourceAppId: scopes.resourceAppId,
          resourceScopes: scopes.resource,
        };
  return answer(request, client.application, grant, { nonce: undefined, spaExpiresAt: token.spaExpiresAt });
}

/** `openid profile offline_access` are asked once; a refresh for another API keeps them. */
function merge(asked: readonly string[], granted: readonly string[]): string[] {
  return [...new Set([...asked, ...granted])];
}

function checkCode({ world, authority, form }: TokenRequest, code: Code): void {
  if (code.redeemed)
    throw new AadstsError(54005, 'OAuth2 authorization code was already redeemed, please retry with a new valid code');
  if (world.clock.now() - code.issuedAt >= codeLifetime) {
    throw new AadstsError(
      70008,
      'The provided authorization code has expired; send a new interactive authorization request',
    );
  }
  if (authority.tenant !== undefined && authority.tenant.id !== code.grant.tenantId) {
    throw new AadstsError(700005, 'The provided authorization code is intended to be used against another tenant');
  }
  const redirectUri = form.get('redirect_uri');
  if (redirectUri === null)
    throw new AadstsError(700009, 'The redirect_uri sent to authorize must be repeated when the code is redeemed');
  if (redirectUri !== code.redirectUri) {
    throw new AadstsError(
      500112,
      `The reply address '${redirectUri}' does not match the reply address '${code.redirectUri}' provided when requesting the authorization code`,
    );
  }
  checkVerifier(code, form.get('code_verifier'));
}

function checkVerifier({ challenge }: Code, verifier: string | null): void {
  if (challenge === undefined && verifier === null) return;
  const digest =
    challenge?.method === 'S256'
      ? createHash('sha256')
          .update(verifier ?? '')
          .digest('base64url')
      : verifier;
  if (challenge === undefined || digest !== challenge.value) {
    throw new AadstsError(
      501481,
      'The code_verifier does not match the code_challenge supplied in the authorization request',
    );
  }
}

/** What each kind of redirect URI demands: a credential for `web`, none for native apps, an Origin for single-page apps. */
function checkClient({ exchange }: TokenRequest, { application, authenticated }: Client, grant: Grant): void {
  const origin = header(exchange, 'origin');
  if (grant.platform === 'spa' && origin === undefined) {
    throw new AadstsError(
      9002327,
      "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests",
    );
  }
  if (grant.platform !== 'spa' && origin !== undefined) {
    throw new AadstsError(
      9002326,
      "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type",
    );
  }
  if (grant.platform !== 'web' && authenticated) {
    throw new AadstsError(
      700025,
      `Client is public so neither 'client_assertion' nor 'client_secret' should be presented`,
    );
  }
  if (grant.platform === 'web' && !authenticated && !application.isFallbackPublicClient) {
    throw new AadstsError(7000218, "The request body must contain the parameter 'client_assertion' or 'client_secret'");
  }
}

async function answer(
  request: TokenRequest,
  application: Application,
  grant: Grant,
  extra: { readonly nonce: string | undefined; readonly spaExpiresAt: number | undefined },
): Promise<Readonly<Record<string, unknown>>> {
  const { world, exchange, form } = request;
  const { tenant, user } = findPerson(request, application, grant);
  const offline = grant.openidScopes.includes('offline_access');
  const scope = grantedScopes({
    openid: grant.openidScopes,
    resourceAppId: grant.resourceAppId,
    resource: grant.resourceScopes,
  });
  const own = grant.openidScopes.filter((name) => name !== 'offline_access');
  const delegated = { user, scopes: [...new Set([...own, ...scopesOf(world, application, grant)])], sid: grant.sid };
  return {
    token_type: 'Bearer',
    scope,
    expires_in: tokenLifetime,
    ext_expires_in: tokenLifetime,
    access_token: await makeAccessToken(world, {
      origin: exchange.origin,
      tenant,
      application,
      resourceAppId: grant.resourceAppId,
      delegated,
    }),
    ...(offline ? { refresh_token: refreshToken(request, grant, extra.spaExpiresAt) } : {}),
    ...(grant.openidScopes.includes('openid')
      ? { id_token: await makeIdToken(request, application, grant, extra.nonce, { tenant, user }) }
      : {}),
    ...(form.get('client_info') === '1' ? { client_info: clientInfo(tenant.id, user.id) } : {}),
  };
}

/** The scopes of the API: those asked for, or for `.default` all that was consented to. */
function scopesOf(world: World, application: Application, grant: Grant): readonly string[] {
  const tenant = world.tenants.get(grant.tenantId);
  if (!grant.resourceScopes.includes('.default') || tenant === undefined) return grant.resourceScopes;
  const idOf = (appId: string): string => tenant.servicePrincipals.get(appId)?.id ?? '';
  return [...consentedScopes(tenant, idOf(application.appId), idOf(grant.resourceAppId), grant.userId)];
}

function findPerson({ world }: TokenRequest, application: Application, grant: Grant): { tenant: Tenant; user: User } {
  const tenant = world.tenants.get(grant.tenantId);
  const user = tenant?.users.get(grant.userId);
  if (tenant === undefined || user === undefined)
    throw new AadstsError(50034, 'The user account does not exist in the directory any more');
  checkMayUse(world, application, { home: homeOf(world, tenant, user), tenant, user });
  return { tenant, user };
}

function makeIdToken(
  { world, exchange }: TokenRequest,
  application: Application,
  grant: Grant,
  nonce: string | undefined,
  { tenant, user }: { tenant: Tenant; user: User },
): Promise<string> {
  return signToken(world, {
    ver: '2.0',
    iss: issuerOf(exchange.origin, tenant),
    aud: application.appId,
    ...personClaims(application, tenant, user, grant),
    ...(nonce === undefined ? {} : { nonce }),
  });
}

function refreshToken({ world }: TokenRequest, grant: Grant, spaExpiresAt: number | undefined): string {
  const now = world.clock.now();
  const spa = grant.platform === 'spa' ? (spaExpiresAt ?? now + refreshLifetime.spa) : undefined;
  return insertRefreshToken(world.grants, { grant, expiresAt: now + refreshLifetime.usual, spaExpiresAt: spa });
}
