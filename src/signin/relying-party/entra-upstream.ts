import { authorityOf, cloudOf, type EntraWorld, listedTenants } from '#connections';
import type { ConnectionSettings } from '#contract';
import {
  type IdTokenClaims,
  issuerRuleOf,
  readAuthorizationError,
  readClaims,
  readEntraError,
  validateIdToken,
} from '#entra';
import type { Upstream } from './upstream.ts';

/** Microsoft Entra: the tenant's own authority where one tenant is known, else a shared one whose issuer is a template. */
export async function entraUpstream(world: EntraWorld, settings: ConnectionSettings): Promise<Upstream> {
  const { keys, tenants } = world.entra;
  const tenant = await tenants.resolve({ cloud: cloudOf(world, settings.cloud), tenant: authorityOf(settings) });
  return {
    authorizationEndpoint: tenant.authorizationEndpoint,
    tokenEndpoint: tenant.tokenEndpoint,
    endSessionEndpoint: tenant.endSessionEndpoint,
    assertionAlgorithms: undefined,
    scopes: ['openid', 'profile', 'email'],
    // Each connection has a redirect URI of its own, and Entra names its issuer in no answer.
    issuer: undefined,
    issuerIsSaid: false,
    readErrorParameters: readAuthorizationError,
    readTokenError: readEntraError,
    validate: (token, { clientId, nonce, allowed }) => {
      const rule = issuerRuleOf(allowed.accountType, listedTenants(allowed));
      return validateIdToken(token, { tenant, rule, clientId, nonce, keys, now: world.now });
    },
    readPerson: async ({ claims }) => readClaims(claims as IdTokenClaims),
  };
}
