import type { JWTPayload } from 'jose';
import type { Application } from '../applications/application.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { answerDelegated } from './answer-delegated.ts';
import { authenticateClient } from './client-authentication.ts';
import { checkConsent } from './granted-scopes.ts';
import type { Grant } from './grants.ts';
import { unproven } from './redeem-code.ts';
import { judgeToken } from './sign.ts';
import { needed, readAsked, type TokenAnswer, type TokenRequest } from './token-request.ts';

/**
 * An API that was called with a user's token asks for one to call the next API with (on-behalf-of flow). The token must be the
 * caller's to use: issued here, in time, a user's, and for this very app.
 */
export async function redeemOnBehalfOf(request: TokenRequest): Promise<TokenAnswer> {
  const { world, form, trail } = request;
  const client = await authenticateClient(request);
  const use = needed(form, 'requested_token_use');
  if (use !== 'on_behalf_of')
    throw new AadstsError(9002313, `Invalid request: requested_token_use '${use}' is not supported`);
  if (client.proof === 'none') throw unproven();
  const claims = await open(request, needed(form, 'assertion'));
  checkAssertion(request, client.application, claims);
  const grant = grantOf(request, client.application, claims);
  trail.userId = grant.userId;
  const tenant = world.tenants.get(grant.tenantId);
  if (tenant?.users.get(grant.userId)?.accountEnabled) checkConsent(world, tenant, client.application, grant);
  return answerDelegated(request, client, grant);
}

/** Throws AADSTS50027 for what is no JWT, 50013 for one of another signer, 500133 for one whose time is over. */
async function open({ world }: TokenRequest, assertion: string): Promise<JWTPayload> {
  const opened = await judgeToken(world, assertion);
  if (opened.fault === undefined) return opened.claims;
  if (opened.fault === 'malformed')
    throw new AadstsError(50027, 'JWT token is invalid or malformed', { error: 'invalid_request' });
  if (opened.fault === 'signature')
    throw new AadstsError(
      50013,
      'Assertion failed signature validation. [Reason - The key was not found or does not verify the signature]',
    );
  throw new AadstsError(
    500133,
    'Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, ' +
      `or request a new token. Current time: ${new Date(world.clock.now()).toISOString()}`,
  );
}

/**
 * Throws AADSTS240002 for an id_token, 7000114 for a token without a user, 500131 for one that is another app's, 50013 for one of
 * another tenant than was asked.
 */
function checkAssertion({ authority }: TokenRequest, application: Application, claims: JWTPayload): void {
  const { appId, identifierUris } = application;
  if (claims['appid'] === undefined && claims['azp'] === undefined)
    throw new AadstsError(
      240002,
      "Input id_token cannot be used as 'urn:ietf:params:oauth:grant-type:jwt-bearer' grant",
      { error: 'invalid_grant' },
    );
  const bare = (name: string): string => name.replace(/\/+$/, '').toLowerCase();
  const own = [appId, `api://${appId}`, ...identifierUris].map(bare);
  if (!own.includes(bare(String(claims.aud))))
    throw new AadstsError(
      500131,
      `Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '${String(claims.aud)}' ` +
        `and the expected audience is '${identifierUris[0] ?? appId}' or one of the Application IDs of this app`,
    );
  if (claims['scp'] === undefined)
    throw new AadstsError(7000114, `Application '${appId}' is not allowed to make application on-behalf-of calls`, {
      error: 'invalid_grant',
    });
  if (authority.tenant !== undefined && authority.tenant.id !== claims['tid'])
    throw new AadstsError(50013, 'Assertion was issued by another tenant than the one that was asked');
}

/** What the user's token stands for, turned to the API that is asked for now. */
function grantOf(request: TokenRequest, { appId }: Application, claims: JWTPayload): Grant {
  const asked = readAsked(request);
  if (asked === undefined) needed(request.form, request.version === 1 ? 'resource' : 'scope');
  const { openid = [], resourceAppId = '', identifier = '', resource = [] } = asked ?? {};
  return {
    appId,
    tenantId: String(claims['tid']),
    userId: String(claims['oid']),
    openidScopes: openid,
    resourceAppId,
    identifier,
    resourceScopes: resource,
    platform: 'web',
    sid: String(claims['sid']),
    authenticatedAt: (claims.iat ?? 0) * 1000,
    amr: Array.isArray(claims['amr']) ? claims['amr'].map(String) : ['pwd'],
  };
}
