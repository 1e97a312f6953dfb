import { requireAccess } from '../conditional-access/require-access.ts';
import { homeOf } from '../sign-in/accounts.ts';
import { readRequestedClaims } from '../sign-in/requested-claims.ts';
import type { Client } from './client-authentication.ts';
import type { Grant } from './grants.ts';
import type { TokenRequest } from './token-request.ts';

/**
 * Conditional Access asks again whenever tokens are issued without a page. Throws what a policy refuses, with the claims by which
 * the client can send the person to authorize. Somebody who is gone or disabled is refused elsewhere.
 */
export function requirePolicies(
  request: TokenRequest,
  client: Client,
  grant: Grant,
  by: { deviceCode?: true } = {},
): void {
  const { world, form } = request;
  const tenant = world.tenants.get(grant.tenantId);
  const user = tenant?.users.get(grant.userId);
  if (tenant === undefined || !user?.accountEnabled) return;
  const access = {
    tenant,
    user,
    home: homeOf(world, tenant, user),
    clientAppId: client.application.appId,
    resourceAppId: grant.resourceAppId,
    clientApp: client.proof === 'none' && grant.platform !== 'spa' ? 'mobileAppsAndDesktopClients' : 'browser',
    contexts: readRequestedClaims(form.get('claims')).contexts.accessToken,
    ...by,
  } as const;
  const { authenticatedAt, amr } = grant;
  requireAccess(world, access, { authenticatedAt, secondFactorAt: amr.includes('mfa') ? authenticatedAt : undefined });
}
