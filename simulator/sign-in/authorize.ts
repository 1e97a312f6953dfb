import { randomUUID } from 'node:crypto';
import { consentScopes } from '../applications/consent.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { ensureServicePrincipal } from '../applications/register.ts';
import { type Answer, type Exchange, readForm, redirect } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { clientInfo } from '../token/client-info.ts';
import { insertCode } from '../token/grants.ts';
import type { World } from '../world.ts';
import { AadstsError, toEnvelope } from './aadsts.ts';
import { type Account, accountAt, checkMayUse, findAccount, tenantsOf } from './accounts.ts';
import { issuerOf, readAuthority } from './authority.ts';
import { type AuthorizeRequest, readAuthorizeRequest, readTarget, type Target } from './authorize-request.ts';
import { errorPage } from './error-page.ts';
import { formPost } from './form-post.ts';
import { readLoginHint } from './login-hint.ts';
import { pickerPage } from './picker-page.ts';
import { addAccount, ensureSession, findSession, type SignedInAccount, sessionCookie } from './sessions.ts';
import { strikeAadsts } from './strike-aadsts.ts';

/** The authorization endpoint (OAuth 2.0 authorization code flow on the Microsoft identity platform). */
export function authorizeRoutes(world: World): Routes {
  return {
    'GET /:tenant/oauth2/v2.0/authorize': (exchange, tenant) =>
      authorize(world, exchange, tenant, exchange.url.searchParams),
    'POST /:tenant/oauth2/v2.0/authorize': (exchange, tenant) => {
      const form = readForm(exchange);
      return authorize(world, exchange, tenant, form ?? new URLSearchParams());
    },
  };
}

async function authorize(world: World, exchange: Exchange, key: string, parameters: URLSearchParams): Promise<Answer> {
  let target: Target | undefined;
  try {
    const authority = readAuthority(world, key, exchange);
    target = readTarget(world, authority, parameters);
    strikeAadsts(world, 'authorize', exchange);
    const request = readAuthorizeRequest(world, exchange.origin, authority, target, parameters);
    return await decide(world, exchange, request, parameters);
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    const envelope = toEnvelope(exchange, error, world.clock.now());
    const silent = parameters.get('prompt') === 'none';
    if (target === undefined || (error.place === 'page' && !silent)) return errorPage(error, envelope);
    return respond(target, {
      error: silent && error.error === 'invalid_grant' ? 'interaction_required' : envelope.error,
      error_description: envelope.error_description,
      error_uri: envelope.error_uri,
      ...(envelope.suberror === undefined ? {} : { suberror: envelope.suberror }),
      ...(envelope.claims === undefined ? {} : { claims: envelope.claims }),
    });
  }
}

/** Signs in who was chosen, or who is known by his session; otherwise asks. */
function decide(
  world: World,
  exchange: Exchange,
  request: AuthorizeRequest,
  parameters: URLSearchParams,
): Answer | Promise<Answer> {
  if (exchange.method === 'POST' && parameters.has('cancel')) {
    throw new AadstsError(65004, 'The user declined to consent to access the app');
  }
  const login = parameters.get('login');
  if (exchange.method === 'POST' && login !== null) return signIn(world, exchange, request, login);

  const known = knownAccounts(world, exchange, request);
  if (request.prompt === 'none') {
    const [only, another] = known;
    if (only === undefined) throw new AadstsError(50058, 'A silent sign-in request was sent but no user is signed in');
    if (another !== undefined)
      throw new AadstsError(16000, 'Several accounts are signed in and the request does not name one');
    return issueCode(world, exchange, request, only.account, only.signedIn);
  }
  const [only, another] = known;
  if (request.prompt === undefined && only !== undefined && another === undefined) {
    return issueCode(world, exchange, request, only.account, only.signedIn);
  }
  return pickerPage({
    appName: request.application.displayName,
    tenants:
      request.authority.tenant === undefined
        ? tenantsOf(world, request.authority, request.application)
        : [request.authority.tenant],
    signedIn: known.map(({ account }) => account.user),
    preselected: request.prompt === 'select_account' ? '' : readLoginHint(request.loginHint ?? ''),
    parameters,
  });
}

/** Accounts of the browser's session that the request may mean. */
function knownAccounts(
  world: World,
  exchange: Exchange,
  request: AuthorizeRequest,
): { account: Account; signedIn: SignedInAccount }[] {
  const hint = request.loginHint === undefined ? undefined : readLoginHint(request.loginHint).toLowerCase();
  return [...(findSession(world.sessions, exchange)?.accounts.values() ?? [])].flatMap((signedIn) => {
    const tenant = world.tenants.get(signedIn.homeTenantId);
    const user = tenant?.users.get(signedIn.homeUserId);
    if (tenant === undefined || user === undefined) return [];
    if (request.sid !== undefined && signedIn.sid !== request.sid) return [];
    if (hint !== undefined && hint !== user.userPrincipalName.toLowerCase() && hint !== user.mail?.toLowerCase())
      return [];
    const account = accountAt(world, request.authority, { tenant, user });
    return account === undefined ? [] : [{ account, signedIn }];
  });
}

async function signIn(world: World, exchange: Exchange, request: AuthorizeRequest, login: string): Promise<Answer> {
  const account = findAccount(world, request.authority, request.application, login);
  checkMayUse(world, request.application, account);
  const session = ensureSession(world.sessions, exchange);
  const home = { tenantId: account.home.tenant.id, userId: account.home.user.id };
  const signedIn = addAccount(session, home, world.clock.now());
  const answer = await issueCode(world, exchange, request, account, signedIn);
  return { ...answer, headers: { ...answer.headers, 'set-cookie': sessionCookie(session) } };
}

function issueCode(
  world: World,
  exchange: Exchange,
  request: AuthorizeRequest,
  account: Account,
  signedIn: SignedInAccount,
): Answer | Promise<Answer> {
  checkMayUse(world, request.application, account);
  recordConsent(world, request, account);
  signedIn.apps.set(request.application.appId, {
    issuer: issuerOf(exchange.origin, account.tenant),
    tenantId: account.tenant.id,
  });
  const code = insertCode(world.grants, {
    grant: {
      appId: request.application.appId,
      tenantId: account.tenant.id,
      userId: account.user.id,
      openidScopes: request.scopes.openid,
      resourceAppId: request.scopes.resourceAppId,
      identifier: request.scopes.identifier,
      resourceScopes: request.scopes.resource,
      platform: request.platform,
      sid: signedIn.sid,
      authenticatedAt: signedIn.authenticatedAt,
      amr: ['pwd'],
    },
    redirectUri: request.redirectUri,
    nonce: request.nonce,
    challenge: request.challenge,
    issuedAt: world.clock.now(),
    redeemed: false,
  });
  return respond(request, {
    code,
    ...(request.clientInfo ? { client_info: clientInfo(account.tenant.id, account.user.id) } : {}),
    session_state: randomUUID(),
  });
}

/** Who signs in consents to what the app asks for; an API's enterprise app comes to the tenant with it. */
function recordConsent(world: World, { application, scopes }: AuthorizeRequest, { tenant, user }: Account): void {
  const api = world.applications.get(scopes.resourceAppId);
  if (api === undefined || application.homeTenantId === microsoftTenantId) return;
  const [client, resource] = [application, api].map(
    (each) => ensureServicePrincipal(world.random, tenant, each, world.clock.now()).id,
  );
  const asked = [...scopes.openid, ...scopes.resource].filter((name) => name !== '.default');
  if (client && resource && asked.length > 0)
    consentScopes(tenant, { clientId: client, resourceId: resource, principalId: user.id }, asked, world.clock.now());
}

/** Sends parameters to the redirect URI in the response mode asked for. */
function respond(target: Target, parameters: Readonly<Record<string, string>>): Answer | Promise<Answer> {
  const values = new URLSearchParams({ ...parameters, ...(target.state === null ? {} : { state: target.state }) });
  const url = new URL(target.redirectUri);
  if (target.responseMode === 'fragment') {
    url.hash = values.toString();
    return redirect(url.href);
  }
  if (target.responseMode === 'form_post') return formPost(target.redirectUri, values);
  for (const [name, value] of values) url.searchParams.set(name, value);
  return redirect(url.href);
}
