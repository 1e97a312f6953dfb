import { AadstsError } from '../sign-in/aadsts.ts';
import { readDefaultScope } from '../sign-in/scopes.ts';
import { makeAccessToken } from './access-token.ts';
import { authenticateClient } from './client-authentication.ts';
import { tokenLifetime } from './sign.ts';
import type { TokenRequest } from './token-endpoint.ts';

/** Client credentials: tenant-specific, `/.default`, answered without `scope` and refresh token. */
export async function redeemClientCredentials(request: TokenRequest): Promise<Readonly<Record<string, unknown>>> {
  const { world, exchange, authority, form } = request;
  const { application, authenticated } = await authenticateClient(world, authority, exchange, form);
  const { tenant } = authority;
  if (tenant === undefined) {
    throw new AadstsError(
      9001023,
      `The grant type is not supported over the /${authority.path} endpoint; use the tenant-specific one`,
    );
  }
  if (!authenticated) {
    throw new AadstsError(
      7000216,
      "'client_assertion' or 'client_secret' is required for the 'client_credentials' grant type",
    );
  }
  const resourceAppId = readDefaultScope(world, exchange.origin, form.get('scope'));
  const principal = tenant.servicePrincipals.get(application.appId);
  if (principal === undefined) {
    throw new AadstsError(
      7000229,
      `The client application '${application.appId}' has no service principal in the tenant '${tenant.id}'`,
    );
  }
  if (!principal.accountEnabled)
    throw new AadstsError(7000112, `Application '${application.appId}' (${application.displayName}) is disabled`);
  return {
    token_type: 'Bearer',
    expires_in: tokenLifetime - 1,
    ext_expires_in: tokenLifetime - 1,
    access_token: await makeAccessToken(world, { origin: exchange.origin, tenant, application, resourceAppId }),
  };
}
