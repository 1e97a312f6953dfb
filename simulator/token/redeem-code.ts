import { createHash } from 'node:crypto';
import { header } from '../http/exchange.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { answerDelegated } from './answer-delegated.ts';
import { authenticateClient, type Client } from './client-authentication.ts';
import { type Code, codeLifetime, type Grant } from './grants.ts';
import { needed, openidOfVersionOne, readAsked, type TokenAnswer, type TokenRequest } from './token-request.ts';

/** Redeems an authorization code, once. */
export async function redeemCode(request: TokenRequest): Promise<TokenAnswer> {
  const { world, form } = request;
  const client = await authenticateClient(request);
  const key = needed(form, 'code');
  const code = world.grants.codes.get(key);
  if (code === undefined || code.grant.appId !== client.application.appId) {
    throw new AadstsError(70000, 'The provided authorization code is malformed or was not issued to this application');
  }
  request.trail.userId = code.grant.userId;
  checkCode(request, code);
  checkPlatform(request, client, code.grant);
  const grant = narrow(request, code.grant);
  // Before anything is waited for, so that of two who come at once only one is answered; who is refused may come again.
  code.redeemed = true;
  try {
    return await answerDelegated(request, client, grant, { nonce: code.nonce });
  } catch (error) {
    code.redeemed = false;
    throw error;
  }
}

/** A client may name an API once more, or another one, when it redeems; OpenID Connect's own scopes stay those of the sign-in. */
function narrow(request: TokenRequest, grant: Grant): Grant {
  if (request.form.get('scope') === '') throw new AadstsError(28003, 'The scope of the redemption request is empty');
  const asked = readAsked(request);
  const openidScopes = request.version === 1 ? openidOfVersionOne : grant.openidScopes;
  if (asked === undefined || asked.resource.length === 0) return { ...grant, openidScopes };
  const { resourceAppId, identifier, resource } = asked;
  return { ...grant, openidScopes, resourceAppId, identifier, resourceScopes: resource };
}

function checkCode({ world, authority, form }: TokenRequest, code: Code): void {
  if (code.redeemed)
    throw new AadstsError(54005, 'OAuth2 authorization code was already redeemed, please retry with a new valid code');
  if (world.clock.now() - code.issuedAt >= codeLifetime) {
    throw new AadstsError(
      70008,
      'The provided authorization code has expired; send a new interactive authorization request',
    );
  }
  if (authority.tenant !== undefined && authority.tenant.id !== code.grant.tenantId) {
    throw new AadstsError(700005, 'The provided authorization code is intended to be used against another tenant');
  }
  const redirectUri = form.get('redirect_uri');
  if (redirectUri === null)
    throw new AadstsError(700009, 'The redirect_uri sent to authorize must be repeated when the code is redeemed');
  if (redirectUri !== code.redirectUri) {
    throw new AadstsError(
      500112,
      `The reply address '${redirectUri}' does not match the reply address '${code.redirectUri}' provided when requesting the authorization code`,
    );
  }
  checkVerifier(code, form.get('code_verifier'));
}

function checkVerifier({ challenge }: Code, verifier: string | null): void {
  if (challenge === undefined && verifier === null) return;
  const digest =
    challenge?.method === 'S256'
      ? createHash('sha256')
          .update(verifier ?? '')
          .digest('base64url')
      : verifier;
  if (challenge === undefined || digest !== challenge.value) {
    throw new AadstsError(
      501481,
      'The code_verifier does not match the code_challenge supplied in the authorization request',
    );
  }
}

/**
 * What each kind of client must do: prove itself where its redirect URI is a `web` one or where there was none (unless the app
 * allows public client flows), send an Origin as a single-page app, present nothing as a native one.
 */
export function checkPlatform({ exchange }: TokenRequest, { application, proof }: Client, grant: Grant): void {
  const origin = header(exchange, 'origin');
  if (grant.platform === 'spa' && origin === undefined) {
    throw new AadstsError(
      9002327,
      "Tokens issued for the 'Single-Page Application' client-type may only be redeemed via cross-origin requests",
    );
  }
  if (grant.platform !== 'spa' && origin !== undefined) {
    throw new AadstsError(
      9002326,
      "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type",
    );
  }
  if (grant.platform !== 'web' && proof !== 'none') {
    throw new AadstsError(
      700025,
      `Client is public so neither 'client_assertion' nor 'client_secret' should be presented`,
    );
  }
  if (grant.platform === 'web' && proof === 'none' && !application.isFallbackPublicClient) throw unproven();
}

/** What a client is that came by no redirect URI: what it proves itself to be. */
export const platformOf = ({ proof }: Client): Grant['platform'] => (proof === 'none' ? 'publicClient' : 'web');

/** The refusal of a client that has to prove itself and did not. */
export const unproven = (): AadstsError =>
  new AadstsError(7000218, "The request body must contain the parameter 'client_assertion' or 'client_secret'");
