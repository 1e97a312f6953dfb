import { randomUUID } from 'node:crypto';
import { askedScopes } from '../consent/asked-scopes.ts';
import { recordConsent } from '../consent/record-consent.ts';
import { checkPassword, checkPasswordIsCurrent } from '../credentials/passwords.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import { type Account, findAccount } from '../sign-in/accounts.ts';
import type { Scopes } from '../sign-in/scopes.ts';
import { answerDelegated } from './answer-delegated.ts';
import { authenticateClient, type Client } from './client-authentication.ts';
import { checkConsent } from './granted-scopes.ts';
import type { Grant } from './grants.ts';
import { platformOf, unproven } from './redeem-code.ts';
import { needed, readAsked, type TokenAnswer, type TokenRequest } from './token-request.ts';

/**
 * User name and password at once (resource owner password credentials): for people of the tenant whose password is in the cloud,
 * and only while nothing else is demanded of them.
 */
export async function redeemPassword(request: TokenRequest): Promise<TokenAnswer> {
  const { world, authority, form } = request;
  const client = await authenticateClient(request);
  if (client.proof === 'none' && !client.application.isFallbackPublicClient) throw unproven();
  if (authority.tenant === undefined && authority.path !== 'organizations')
    throw new AadstsError(
      9001023,
      `The grant type is not supported over the /${authority.path} endpoint; use /organizations or the tenant-specific one`,
    );
  const [username, password] = [needed(form, 'username'), needed(form, 'password')];
  const account = findAccount(world, authority, client.application, username);
  prove(request, account, password);
  const asked = readAsked(request);
  if (asked === undefined) needed(form, request.version === 1 ? 'resource' : 'scope');
  const grant = grantOf(request, client, account, asked);
  if (account.user.accountEnabled) consent(request, client, account, grant, asked);
  return answerDelegated(request, client, grant);
}

/** Throws AADSTS50056 for a guest, whose password is elsewhere, and what `checkPassword` refuses. */
function prove({ world, trail }: TokenRequest, { home, tenant, user }: Account, password: string): void {
  trail.tenantId = tenant.id;
  trail.userId = user.id;
  if (home.tenant.id !== tenant.id || user.userType === 'Guest')
    throw new AadstsError(50056, 'Invalid or null password: password does not exist in the directory for this user');
  checkPassword(tenant, user, password, world.clock.now());
  if (user.accountEnabled) checkPasswordIsCurrent(tenant, user);
}

/** Where signing in implies consent, this is signing in; elsewhere it has to be there, for nobody can be asked. */
function consent(
  { world }: TokenRequest,
  { application }: Client,
  { tenant, user }: Account,
  grant: Grant,
  asked: Scopes | undefined,
): void {
  if (tenant.signIn.settings.userConsent === 'implied' && asked !== undefined)
    recordConsent(world, tenant, application, user.id, askedScopes(world, application, asked));
  checkConsent(world, tenant, application, grant);
}

function grantOf({ world }: TokenRequest, client: Client, { tenant, user }: Account, asked: Scopes | undefined): Grant {
  const { openid = [], resourceAppId = '', identifier = '', resource = [] } = asked ?? {};
  return {
    appId: client.application.appId,
    tenantId: tenant.id,
    userId: user.id,
    openidScopes: openid,
    resourceAppId,
    identifier,
    resourceScopes: resource,
    platform: platformOf(client),
    sid: randomUUID(),
    authenticatedAt: world.clock.now(),
    amr: ['pwd'],
  };
}
