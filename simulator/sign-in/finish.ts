import { randomUUID } from 'node:crypto';
import { knownContexts } from '../conditional-access/evaluate.ts';
import { askedScopes } from '../consent/asked-scopes.ts';
import { recordConsent } from '../consent/record-consent.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { makeAccessToken } from '../token/access-token.ts';
import { clientInfo } from '../token/client-info.ts';
import { scopesToUse } from '../token/granted-scopes.ts';
import { type Grant, insertCode } from '../token/grants.ts';
import { makeIdToken } from '../token/id-token.ts';
import { tokenLifetime } from '../token/sign.ts';
import type { World } from '../world.ts';
import type { Account } from './accounts.ts';
import { issuerOf } from './authority.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { respond } from './respond.ts';
import { grantedScopes } from './scopes.ts';
import type { SignedInAccount } from './sessions.ts';

/** A request whose person is known and may go on to the app. */
type Finishing = {
  readonly world: World;
  readonly exchange: Exchange;
  readonly request: AuthorizeRequest;
  readonly parameters: URLSearchParams;
};

/** Ends a sign-in: what the app asked for goes to its redirect URI, and the app takes part in the session. */
export async function finish(finishing: Finishing, account: Account, signedIn: SignedInAccount): Promise<Answer> {
  const { world, exchange, request } = finishing;
  const { application, responseTypes } = request;
  const { tenant, user } = account;
  if (tenant.signIn.settings.userConsent === 'implied')
    recordConsent(world, tenant, application, user.id, askedScopes(world, application, request.scopes));
  signedIn.apps.set(application.appId, { issuer: issuerOf(exchange.origin, tenant), tenantId: tenant.id });
  const grant = grantOf(request, account, signedIn);
  const code = responseTypes.includes('code') ? codeOf(world, request, grant) : undefined;
  const access = responseTypes.includes('token') ? await accessTokenOf(finishing, account, grant) : undefined;
  const idToken = responseTypes.includes('id_token')
    ? await makeIdToken(
        { world, exchange, version: request.version },
        {
          application,
          tenant,
          user,
          grant,
          nonce: request.nonce,
          implicit: { code, accessToken: access?.access_token },
        },
      )
    : undefined;
  return respond(request, {
    ...(code === undefined ? {} : { code }),
    ...access,
    ...(idToken === undefined ? {} : { id_token: idToken }),
    ...(request.clientInfo ? { client_info: clientInfo(tenant.id, user.id) } : {}),
    session_state: randomUUID(),
  });
}

function grantOf(request: AuthorizeRequest, { tenant, user }: Account, signedIn: SignedInAccount): Grant {
  const { openid, resourceAppId, identifier, resource } = request.scopes;
  const { idToken, accessToken } = request.claims.contexts;
  return {
    appId: request.application.appId,
    tenantId: tenant.id,
    userId: user.id,
    openidScopes: openid,
    resourceAppId,
    identifier,
    resourceScopes: resource,
    platform: request.platform,
    sid: signedIn.sid,
    authenticatedAt: signedIn.authenticatedAt,
    amr: signedIn.secondFactorAt === undefined ? ['pwd'] : ['pwd', 'mfa'],
    contexts: { idToken: knownContexts(tenant, idToken), accessToken: knownContexts(tenant, accessToken) },
    tellsTime: request.maxAge !== undefined || request.claims.authTime,
  };
}

function codeOf(world: World, request: AuthorizeRequest, grant: Grant): string {
  const { redirectUri, nonce, challenge } = request;
  return insertCode(world.grants, {
    grant,
    redirectUri,
    nonce,
    challenge,
    issuedAt: world.clock.now(),
    redeemed: false,
  });
}

/** An access token right away (implicit grant), without a refresh token; what it is for is said beside it. */
async function accessTokenOf(
  { world, exchange, request, parameters }: Finishing,
  { tenant, user }: Account,
  grant: Grant,
): Promise<Record<'access_token' | 'token_type' | 'expires_in' | 'scope', string>> {
  const { application, authority, version, scopes } = request;
  const used = scopesToUse(world, tenant, application, grant);
  const openid = scopes.openid.filter((name) => name !== 'offline_access');
  const { resourceAppId, identifier, sid, amr, authenticatedAt } = grant;
  const token = await makeAccessToken(
    { world, exchange, authority, form: parameters, version, trail: {} },
    {
      tenant,
      client: { application, proof: 'none' },
      resourceAppId,
      identifier,
      delegated: {
        user,
        scopes: [...new Set([...openid, ...used])],
        sid,
        amr,
        authenticatedAt,
        contexts: grant.contexts?.accessToken ?? [],
      },
    },
  );
  return {
    access_token: token,
    token_type: 'Bearer',
    expires_in: String(tokenLifetime),
    scope: grantedScopes({ ...scopes, openid, resource: used }),
  };
}
