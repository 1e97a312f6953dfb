import { homeOf } from '../sign-in/accounts.ts';
import { readRequestedClaims } from '../sign-in/requested-claims.ts';
import type { Person } from '../token/answer-delegated.ts';
import type { Grant } from '../token/grants.ts';
import type { TokenRequest } from '../token/token-request.ts';
import { knownContexts } from './evaluate.ts';
import { requireAccess } from './require-access.ts';

/**
 * Asks the policies about tokens for a grant, where nobody can be shown a page, and gives the authentication contexts the access
 * token may say it fulfils: those of the sign-in, and those the request asks for. Throws as `requireAccess` does.
 */
export function requireForGrant(
  { world, form }: TokenRequest,
  { tenant, user }: Person,
  grant: Grant,
): readonly string[] {
  const asked = readRequestedClaims(form.get('claims')).contexts.accessToken;
  const contexts = [...new Set([...(grant.contexts?.accessToken ?? []), ...knownContexts(tenant, asked)])];
  const { authenticatedAt, amr } = grant;
  requireAccess(
    world,
    {
      tenant,
      user,
      home: homeOf(world, tenant, user),
      clientAppId: grant.appId,
      resourceAppId: grant.resourceAppId,
      clientApp: grant.platform === 'publicClient' ? 'mobileAppsAndDesktopClients' : 'browser',
      deviceCode: /\bdevice_code$/.test(form.get('grant_type') ?? ''),
      contexts,
    },
    { authenticatedAt, secondFactorAt: amr.includes('mfa') ? authenticatedAt : undefined },
  );
  return contexts;
}
