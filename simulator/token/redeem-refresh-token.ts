import { AadstsError } from '../sign-in/aadsts.ts';
import { accountAt, homeOf } from '../sign-in/accounts.ts';
import { answerDelegated } from './answer-delegated.ts';
import { authenticateClient } from './client-authentication.ts';
import { checkConsent } from './granted-scopes.ts';
import type { Grant, RefreshToken } from './grants.ts';
import { checkPlatform } from './redeem-code.ts';
import { needed, readAsked, type TokenAnswer, type TokenRequest } from './token-request.ts';

/** Redeems a refresh token; the answer holds a new one, and the old stays good until its end, as at Entra. */
export async function redeemRefreshToken(request: TokenRequest): Promise<TokenAnswer> {
  const { world, form } = request;
  const token = world.grants.refreshTokens.get(form.get('refresh_token') ?? '');
  if (token !== undefined && !world.applications.has(token.grant.appId)) throw notHere(token.grant.appId);
  const client = await authenticateClient(request);
  needed(form, 'refresh_token');
  if (token === undefined || token.grant.appId !== client.application.appId) {
    throw new AadstsError(70000, 'The provided refresh token is malformed or was not issued to this application', {
      suberror: 'bad_token',
    });
  }
  request.trail.userId = token.grant.userId;
  checkToken(request, token);
  checkPlatform(request, client, token.grant);
  const grant = narrow(request, atAuthority(request, token.grant));
  const tenant = world.tenants.get(grant.tenantId);
  if (tenant !== undefined && !tenant.servicePrincipals.has(grant.appId)) throw notHere(grant.appId);
  if (tenant?.users.get(grant.userId)?.accountEnabled) checkConsent(world, tenant, client.application, grant);
  return answerDelegated(request, client, grant, { spaExpiresAt: token.spaExpiresAt });
}

const notHere = (appId: string): AadstsError =>
  new AadstsError(
    700016,
    `Application with identifier '${appId}' was not found in the directory; it may have been removed`,
  );

/** At another tenant's endpoint somebody is the guest he is there. Throws AADSTS50020 where he is nobody. */
function atAuthority({ world, authority, trail }: TokenRequest, grant: Grant): Grant {
  const [tenant, user] = [
    world.tenants.get(grant.tenantId),
    world.tenants.get(grant.tenantId)?.users.get(grant.userId),
  ];
  if (authority.tenant === undefined || authority.tenant.id === grant.tenantId || !tenant || !user) return grant;
  const account = accountAt(world, authority, homeOf(world, tenant, user));
  if (account === undefined)
    throw new AadstsError(
      50020,
      `User account '${user.userPrincipalName}' does not exist in tenant '${authority.tenant.name}' and cannot access the application there`,
    );
  trail.userId = account.user.id;
  return { ...grant, tenantId: account.tenant.id, userId: account.user.id };
}

/** A refresh may ask for less, or for another API; `openid profile offline_access` are asked once and stay. */
function narrow(request: TokenRequest, grant: Grant): Grant {
  const asked = readAsked(request);
  if (asked === undefined) return grant;
  const openidScopes = [...new Set([...asked.openid, ...grant.openidScopes])];
  if (asked.resource.length === 0) return { ...grant, openidScopes };
  const { resourceAppId, identifier, resource: resourceScopes } = asked;
  return { ...grant, openidScopes, resourceAppId, identifier, resourceScopes };
}

function checkToken({ world }: TokenRequest, token: RefreshToken): void {
  const now = world.clock.now();
  const time = (instant: number): string => new Date(instant).toISOString();
  if (token.revokedAt !== undefined) {
    throw new AadstsError(
      50173,
      'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset ' +
        `their password. The grant was issued on '${time(token.issuedAt)}' and the TokensValidFrom date for this user is '${time(token.revokedAt)}'`,
      { suberror: 'bad_token' },
    );
  }
  if (token.spaExpiresAt !== undefined && token.spaExpiresAt <= now) {
    throw new AadstsError(
      700084,
      `The refresh token was issued to a single page app and has reached its fixed lifetime of 1.00:00:00. It was issued on ${time(token.issuedAt)}`,
    );
  }
  if (token.expiresAt <= now) {
    throw new AadstsError(
      700082,
      `The refresh token has expired due to inactivity. It was issued on ${time(token.issuedAt)} and was inactive for 90.00:00:00`,
    );
  }
}
