import type { Application } from '../applications/application.ts';
import { requireForGrant } from '../conditional-access/require-for-grant.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { checkMayUse, homeOf } from '../sign-in/accounts.ts';
import { grantedScopes } from '../sign-in/scopes.ts';
import { makeAccessToken } from './access-token.ts';
import type { Client } from './client-authentication.ts';
import { clientInfo } from './client-info.ts';
import { findApi, scopesToUse } from './granted-scopes.ts';
import { type Grant, insertRefreshToken, refreshLifetime } from './grants.ts';
import { makeIdToken } from './id-token.ts';
import { tokenLifetime } from './sign.ts';
import type { TokenAnswer, TokenRequest } from './token-request.ts';

/** A person in the tenant that issues the token. */
export type Person = { readonly tenant: Tenant; readonly user: User };

/** Answers with the tokens that a grant is good for, in the form of the endpoint that was asked. */
export async function answerDelegated(
  request: TokenRequest,
  client: Client,
  grant: Grant,
  extra: { readonly nonce?: string | undefined; readonly spaExpiresAt?: number | undefined } = {},
): Promise<TokenAnswer> {
  const { form, trail } = request;
  const person = findPerson(request, client.application, grant);
  const { tenant, user } = person;
  trail.resourceAppId = grant.resourceAppId;
  const contexts = requireForGrant(request, person, grant);
  const { openidScopes: openid, resourceAppId, identifier, resourceScopes, sid, amr, authenticatedAt } = grant;
  findApi(request.world, tenant, resourceAppId, identifier === '' ? resourceAppId : identifier);
  const used = scopesToUse(request.world, tenant, client.application, grant);
  const own = openid.filter((name) => name !== 'offline_access');
  const scopes = [...new Set([...own, ...used])];
  // Who asked for .default reads it again beside the scopes it stood for: MSAL looks its cache up by it.
  const resource = resourceScopes.includes('.default') ? [...used, '.default'] : resourceScopes;
  const offline = openid.includes('offline_access');
  const tokens = {
    access_token: await makeAccessToken(request, {
      tenant,
      client,
      resourceAppId,
      identifier,
      delegated: { user, scopes, sid, amr, authenticatedAt, contexts },
    }),
    ...(offline ? { refresh_token: refreshToken(request, grant, extra.spaExpiresAt) } : {}),
    ...(openid.includes('openid')
      ? {
          id_token: await makeIdToken(request, {
            application: client.application,
            ...person,
            grant,
            nonce: extra.nonce,
          }),
        }
      : {}),
    ...(form.get('client_info') === '1' ? { client_info: clientInfo(tenant.id, user.id) } : {}),
  };
  if (request.version === 1) return { ...envelopeOfVersionOne(request, grant), scope: used.join(' '), ...tokens };
  return {
    token_type: 'Bearer',
    scope: grantedScopes({ openid, resourceAppId, identifier, resource }),
    expires_in: tokenLifetime,
    ext_expires_in: tokenLifetime,
    ...tokens,
  };
}

/** What a v1 answer says of an access token: times as text, and the API. */
export function envelopeOfVersionOne(
  { world }: TokenRequest,
  { identifier, resourceAppId }: Pick<Grant, 'identifier' | 'resourceAppId'>,
): TokenAnswer {
  const now = Math.floor(world.clock.now() / 1000);
  return {
    token_type: 'Bearer',
    expires_in: String(tokenLifetime - 1),
    ext_expires_in: String(tokenLifetime - 1),
    expires_on: String(now + tokenLifetime),
    not_before: String(now),
    resource: identifier === '' ? resourceAppId : identifier,
  };
}

/**
 * The person a grant is of, who may still use the app. Throws AADSTS500341 for one who was deleted, 50034 for one who is gone
 * for good, and what `checkMayUse` refuses.
 */
function findPerson({ world, trail }: TokenRequest, application: Application, grant: Grant): Person {
  trail.userId = grant.userId;
  trail.tenantId = grant.tenantId;
  const tenant = world.tenants.get(grant.tenantId);
  if (tenant?.deletedUsers.has(grant.userId))
    throw new AadstsError(500341, 'The user account has been deleted from the directory');
  const user = tenant?.users.get(grant.userId);
  if (tenant === undefined || user === undefined)
    throw new AadstsError(50034, 'The user account does not exist in the directory any more', {
      suberror: 'bad_token',
    });
  checkMayUse(world, application, { home: homeOf(world, tenant, user), tenant, user });
  return { tenant, user };
}

function refreshToken({ world }: TokenRequest, grant: Grant, spaExpiresAt: number | undefined): string {
  const now = world.clock.now();
  const spa = grant.platform === 'spa' ? (spaExpiresAt ?? now + refreshLifetime.spa) : undefined;
  const expiresAt = now + refreshLifetime.usual;
  return insertRefreshToken(world.grants, { grant, issuedAt: now, expiresAt, spaExpiresAt: spa, revokedAt: undefined });
}
