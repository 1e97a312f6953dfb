import { randomUUID } from 'node:crypto';
import { askedScopes } from '../consent/asked-scopes.ts';
import { recordConsent } from '../consent/record-consent.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import { clientInfo } from '../token/client-info.ts';
import { insertCode } from '../token/grants.ts';
import type { World } from '../world.ts';
import type { Account } from './accounts.ts';
import { issuerOf } from './authority.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { respond } from './respond.ts';
import type { SignedInAccount } from './sessions.ts';

/** Ends a sign-in: what the app asked for goes to its redirect URI, and the app takes part in the session. */
export function finish(
  world: World,
  exchange: Exchange,
  request: AuthorizeRequest,
  account: Account,
  signedIn: SignedInAccount,
): Answer | Promise<Answer> {
  const { application } = request;
  const { tenant, user } = account;
  if (tenant.signIn.settings.userConsent === 'implied')
    recordConsent(world, tenant, application, user.id, askedScopes(world, application, request.scopes));
  signedIn.apps.set(application.appId, { issuer: issuerOf(exchange.origin, tenant), tenantId: tenant.id });
  const code = insertCode(world.grants, {
    grant: {
      appId: application.appId,
      tenantId: tenant.id,
      userId: user.id,
      openidScopes: request.scopes.openid,
      resourceAppId: request.scopes.resourceAppId,
      identifier: request.scopes.identifier,
      resourceScopes: request.scopes.resource,
      platform: request.platform,
      sid: signedIn.sid,
      authenticatedAt: signedIn.authenticatedAt,
      amr: signedIn.secondFactorAt === undefined ? ['pwd'] : ['pwd', 'mfa'],
    },
    redirectUri: request.redirectUri,
    nonce: request.nonce,
    challenge: request.challenge,
    issuedAt: world.clock.now(),
    redeemed: false,
  });
  return respond(request, {
    code,
    ...(request.clientInfo ? { client_info: clientInfo(tenant.id, user.id) } : {}),
    session_state: randomUUID(),
  });
}
