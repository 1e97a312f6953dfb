import { AadstsError } from '../sign-in/aadsts.ts';
import { answerDelegated } from './answer-delegated.ts';
import { authenticateClient } from './client-authentication.ts';
import { deviceCodeLifetime, type Grant } from './grants.ts';
import { checkPlatform, platformOf, unproven } from './redeem-code.ts';
import { needed, type TokenAnswer, type TokenRequest } from './token-request.ts';

/**
 * A device's poll (OAuth 2.0 device authorization grant). The app has to allow public client flows, or to prove itself; the
 * device code remembers the scopes, for a poll names none. Early polls are pending too: `slow_down` ends some clients.
 */
export async function redeemDeviceCode(request: TokenRequest): Promise<TokenAnswer> {
  const { world, authority, form } = request;
  const client = await authenticateClient(request);
  if (client.proof === 'none' && !client.application.isFallbackPublicClient) throw unproven();
  // MSAL for Python sends the same value under both names; the older one is that of v1.
  const code = world.grants.deviceCodes.get(form.get('device_code') ?? needed(form, 'code'));
  if (code === undefined || code.appId !== client.application.appId)
    throw new AadstsError(70018, 'Bad verification code: no device code like this was issued to the application');
  if (code.state === 'redeemed')
    throw new AadstsError(54005, 'OAuth2 authorization code was already redeemed, please retry with a new valid code');
  if (world.clock.now() - code.issuedAt >= deviceCodeLifetime)
    throw new AadstsError(70020, 'The provided device code has expired');
  if (code.state === 'declined')
    throw new AadstsError(65004, 'The user declined to sign in on the device', { error: 'authorization_declined' });
  if (code.grant === undefined)
    throw new AadstsError(70016, 'OAuth 2.0 device flow error. Authorization is pending. Continue polling');
  const grant: Grant = { ...code.grant, platform: platformOf(client) };
  if (authority.tenant !== undefined && authority.tenant.id !== grant.tenantId)
    throw new AadstsError(700005, 'The provided device code is intended to be used against another tenant');
  checkPlatform(request, client, grant);
  const answer = await answerDelegated(request, client, grant);
  code.state = 'redeemed';
  return answer;
}
