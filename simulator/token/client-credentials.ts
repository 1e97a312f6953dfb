import { AadstsError } from '../sign-in/aadsts.ts';
import { readDefaultScope, readResource } from '../sign-in/scopes.ts';
import { makeAccessToken } from './access-token.ts';
import { envelopeOfVersionOne } from './answer-delegated.ts';
import { authenticateClient } from './client-authentication.ts';
import { findApi } from './granted-scopes.ts';
import { tokenLifetime } from './sign.ts';
import { needed, scopeOf, type TokenAnswer, type TokenRequest } from './token-request.ts';

/** Client credentials: tenant-specific, `/.default` (v1: `resource`), answered without `scope` and refresh token. */
export async function redeemClientCredentials(request: TokenRequest): Promise<TokenAnswer> {
  const { world, authority } = request;
  const client = await authenticateClient(request);
  const { application } = client;
  const { tenant } = authority;
  if (tenant === undefined) {
    throw new AadstsError(
      9001023,
      `The grant type is not supported over the /${authority.path} endpoint; use the tenant-specific one`,
    );
  }
  if (client.proof === 'none') {
    throw new AadstsError(
      7000216,
      "'client_assertion' or 'client_secret' is required for the 'client_credentials' grant type",
    );
  }
  const { resourceAppId, identifier } = readApi(request);
  request.trail.resourceAppId = resourceAppId;
  const principal = tenant.servicePrincipals.get(application.appId);
  if (principal === undefined) {
    throw new AadstsError(
      7000229,
      `The client application '${application.appId}' has no service principal in the tenant '${tenant.id}'`,
    );
  }
  if (!principal.accountEnabled)
    throw new AadstsError(7000112, `Application '${application.appId}' (${application.displayName}) is disabled`);
  const api = findApi(world, tenant, resourceAppId, identifier);
  if (api.appRoleAssignmentRequired && !api.assignments.has(principal.id))
    throw new AadstsError(
      501051,
      `Application '${application.appId}' (${application.displayName}) is not assigned to a role for the application '${identifier}'`,
    );
  const access_token = await makeAccessToken(request, { tenant, client, resourceAppId, identifier });
  if (request.version === 1) return { ...envelopeOfVersionOne(request, { resourceAppId, identifier }), access_token };
  return { token_type: 'Bearer', expires_in: tokenLifetime - 1, ext_expires_in: tokenLifetime - 1, access_token };
}

function readApi(request: TokenRequest): ReturnType<typeof readDefaultScope> {
  const { world, exchange, form } = request;
  if (request.version === 1) return readResource(world, exchange.origin, needed(form, 'resource'));
  return readDefaultScope(world, exchange.origin, scopeOf(form));
}
