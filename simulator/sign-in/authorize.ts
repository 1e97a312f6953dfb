import type { AdminConsent } from '../consent/admin-consent.ts';
import { requestSentPage } from '../consent/approval-page.ts';
import { consumersTenantId } from '../directory/personal-accounts.ts';
import type { Tenant } from '../directory/tenant.ts';
import { type Answer, type Exchange, readForm } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { AadstsError, correlationOf, toEnvelope } from './aadsts.ts';
import { type Account, accountAt, findAccount, tenantsOf } from './accounts.ts';
import { readAuthority } from './authority.ts';
import {
  type AuthorizeRequest,
  type Endpoint,
  readAdminConsentRequest,
  readAuthorizeRequest,
  readTarget,
  type Target,
} from './authorize-request.ts';
import { errorPage } from './error-page.ts';
import { finish } from './finish.ts';
import { type Flow, findFlow, startFlow } from './flows.ts';
import {
  isFresh,
  isOfDomain,
  type KnownAccount,
  knownAccounts,
  meantAccounts,
  silentAccount,
} from './known-accounts.ts';
import { readLoginHint } from './login-hint.ts';
import { pickerPage } from './picker-page.ts';
import { respond } from './respond.ts';
import { addAccount, ensureSession, findSession, type SignedInAccount, sessionCookie } from './sessions.ts';
import { insertSignIn } from './sign-in-log.ts';
import { hiddenFields, stepPage } from './step-page.ts';
import { nextStep, requireNoStep } from './steps.ts';
import { strikeAadsts } from './strike-aadsts.ts';
import { takeStep } from './take-step.ts';

/**
 * The authorization endpoint (OAuth 2.0 authorization code and implicit flows on the Microsoft identity platform), v1 and v2, and
 * the admin consent endpoint, which signs people in by the same pages.
 */
export function authorizeRoutes(world: World): Routes {
  return {
    ...routesOf(world, 'oauth2/v2.0/authorize', { endpoint: 'authorize', version: 2 }),
    ...routesOf(world, 'oauth2/authorize', { endpoint: 'authorize', version: 1 }),
    ...routesOf(world, 'v2.0/adminconsent', { endpoint: 'adminconsent', version: 2 }),
    ...routesOf(world, 'adminconsent', { endpoint: 'adminconsent', version: 1 }),
  };
}

function routesOf(world: World, path: string, kind: Pick<Asked, 'endpoint' | 'version'>): Routes {
  return {
    [`GET /:tenant/${path}`]: (exchange, tenant) =>
      authorize(world, exchange, { ...kind, key: tenant, parameters: exchange.url.searchParams }),
    [`POST /:tenant/${path}`]: (exchange, tenant) =>
      authorize(world, exchange, { ...kind, key: tenant, parameters: readForm(exchange) ?? new URLSearchParams() }),
  };
}

/** One request to the endpoint on its way; `account` is known once somebody was chosen, for the log. */
type Asking = {
  readonly world: World;
  readonly exchange: Exchange;
  readonly request: AuthorizeRequest;
  readonly parameters: URLSearchParams;
  readonly trail: Trail;
};

type Trail = { target?: Target; account?: Account; resourceAppId?: string };

type Asked = {
  readonly key: string;
  readonly endpoint: Endpoint;
  readonly version: 1 | 2;
  readonly parameters: URLSearchParams;
};

async function authorize(world: World, exchange: Exchange, asked: Asked): Promise<Answer> {
  const { key, endpoint, version, parameters } = asked;
  const trail: Trail = {};
  try {
    const authority = readAuthority(world, key, exchange);
    trail.target = readTarget(world, authority, parameters, endpoint);
    strikeAadsts(world, 'authorize', exchange);
    const read = endpoint === 'authorize' ? readAuthorizeRequest : readAdminConsentRequest;
    const request = read(world, { origin: exchange.origin, version }, authority, trail.target, parameters);
    trail.resourceAppId = request.scopes.resourceAppId;
    return await decide({ world, exchange, request, parameters, trail });
  } catch (error) {
    if (!(error instanceof AadstsError)) throw error;
    const envelope = toEnvelope(exchange, error, world.clock.now());
    log(world, exchange, trail, error);
    const silent = parameters.get('prompt') === 'none';
    if (trail.target === undefined || trail.target.redirectUri === '' || (error.place === 'page' && !silent))
      return errorPage(error, envelope);
    return respond(trail.target, {
      error: silent && error.error === 'invalid_grant' ? 'interaction_required' : envelope.error,
      error_description: envelope.error_description,
      error_uri: envelope.error_uri,
      ...(envelope.suberror === undefined ? {} : { suberror: envelope.suberror }),
      ...(envelope.claims === undefined ? {} : { claims: envelope.claims }),
      ...(endpoint === 'adminconsent' ? adminConsentMembers(trail) : {}),
    });
  }
}

/** What every answer of the admin consent endpoint says. */
const adminConsentMembers = ({ account }: Trail): Record<string, string> => ({
  admin_consent: 'True',
  ...(account === undefined ? {} : { tenant: account.tenant.id }),
});

/** Goes on with who was chosen, signs in who is known by his session, otherwise asks. */
function decide(asking: Asking): Answer | Promise<Answer> {
  const { world, exchange, request, parameters } = asking;
  const now = world.clock.now();
  const posted = exchange.method === 'POST' ? parameters : new URLSearchParams();
  if (posted.has('cancel')) throw new AadstsError(65004, 'The user declined to consent to access the app');
  forget(asking, posted.get('forget'));
  const known = knownAccounts(world, exchange, request);
  if (posted.has('otheraccount')) return picker(asking, known, '');
  const [flowId, login] = [posted.get('flow'), posted.get('login')];
  if (flowId !== null) return goOn(asking, findFlow(world, flowId, request.application.appId));
  if (login !== null) return choose(asking, known, login);

  if (request.prompt === 'none') {
    const { account, signedIn } = silentAccount(known, request, now);
    asking.trail.account = account;
    requireNoStep(world, request, account, signedIn);
    return done(asking, account, signedIn, false);
  }
  const [only, another] = meantAccounts(known, request).filter(({ signedIn }) => isFresh(signedIn, request, now));
  const silent = request.prompt === undefined || (request.prompt === 'consent' && asksForConsent(only));
  if (silent && only !== undefined && another === undefined) return resume(asking, only);
  const hint = readLoginHint(request.loginHint ?? '');
  const hinted = hint === '' ? undefined : hintedAccount(asking, hint);
  if (hinted?.home.tenant.signIn.settings.passwords) return begin(asking, hinted);
  return picker(asking, known, hint);
}

const asksForConsent = (known: KnownAccount | undefined): boolean =>
  known !== undefined && known.account.tenant.signIn.settings.userConsent !== 'implied';

/** Whom a hint means, when he may sign in here; nobody otherwise, and the picker shows. */
function hintedAccount({ world, request }: Asking, hint: string): Account | undefined {
  try {
    return findAccount(world, request.authority, request.application, hint);
  } catch (error) {
    if (error instanceof AadstsError) return undefined;
    throw error;
  }
}

/** Signs an account out of this browser, by the cross on its tile. */
function forget({ world, exchange }: Asking, userId: string | null): void {
  if (userId !== null) findSession(world.sessions, exchange)?.accounts.delete(userId);
}

function picker(asking: Asking, known: readonly KnownAccount[], preselected: string): Promise<Answer> {
  const { request, parameters } = asking;
  return pickerPage({
    appName: request.application.displayName,
    tenants: offeredTenants(asking),
    signedIn: known.map(({ account }) => account.home.user),
    passwords: offeredTenants(asking).some(({ signIn }) => signIn.settings.passwords),
    preselected,
    hidden: hiddenFields(parameters),
  });
}

/** Whose people the picker offers: the authority's, narrowed by a `domain_hint` that names a tenant. */
function offeredTenants({ world, request }: Asking): readonly Tenant[] {
  const { authority, application, domainHint } = request;
  if (authority.tenant !== undefined) return [authority.tenant];
  const tenants = tenantsOf(world, authority, application);
  const hinted = tenants.filter((tenant) => isOfDomain(tenant, domainHint));
  return hinted.length === 0 ? tenants : hinted;
}

/** Somebody was chosen: who is signed in already goes on, unless he has to sign in again. */
function choose(asking: Asking, known: readonly KnownAccount[], login: string): Answer | Promise<Answer> {
  const { world, request } = asking;
  const account = findAccount(world, request.authority, request.application, login);
  asking.trail.account = account;
  const present = known.find(({ signedIn }) => signedIn.homeUserId === account.home.user.id);
  const { passwords } = account.home.tenant.signIn.settings;
  const again = request.prompt === 'login' || !present || !isFresh(present.signedIn, request, world.clock.now());
  return passwords && !again ? resume(asking, present) : begin(asking, account);
}

/** Begins a sign-in; without passwords, choosing is all the proof there is. */
function begin(asking: Asking, account: Account): Answer | Promise<Answer> {
  const { world, request } = asking;
  asking.trail.account = account;
  const { tenant, user } = account.home;
  if (request.version === 1 && tenant.id === consumersTenantId)
    throw new AadstsError(90027, 'Tokens of this API version are not issued for a personal Microsoft account');
  const who = { appId: request.application.appId, homeTenantId: tenant.id, homeUserId: user.id };
  const flow = startFlow(world, who);
  if (!tenant.signIn.settings.passwords) flow.authenticatedAt = world.clock.now();
  return proceed(asking, account, flow);
}

/** Goes on by the browser's session. */
function resume(asking: Asking, { account, signedIn }: KnownAccount): Answer | Promise<Answer> {
  const { world, request } = asking;
  asking.trail.account = account;
  const { homeTenantId, homeUserId, authenticatedAt, secondFactorAt } = signedIn;
  const started = startFlow(world, { appId: request.application.appId, homeTenantId, homeUserId });
  return proceed(asking, account, Object.assign(started, { authenticatedAt, secondFactorAt, stay: true }));
}

/** Takes what a page sent, and goes on. */
function goOn(asking: Asking, flow: Flow): Answer | Promise<Answer> {
  const { world, request, parameters } = asking;
  const tenant = world.tenants.get(flow.homeTenantId);
  const user = tenant?.users.get(flow.homeUserId);
  const account = tenant && user && accountAt(world, request.authority, { tenant, user });
  if (account === undefined) throw new AadstsError(50034, 'The user account does not exist in the directory any more');
  asking.trail.account = account;
  const outcome = takeStep({ world, request, account, flow, form: parameters });
  if (outcome === 'requested')
    return requestSentPage({ user: account.home.user, hidden: hiddenFields(parameters, flow) });
  if (outcome === 'on') return proceed(asking, account, flow);
  const { code, message } = outcome.fault;
  log(world, asking.exchange, asking.trail, new AadstsError(code, message));
  return proceed(asking, account, flow, `AADSTS${code}: ${message}`);
}

/** Shows the next page, or ends the sign-in. Who has proved who he is, is signed in to the browser, whatever else is asked of him. */
async function proceed(asking: Asking, account: Account, flow: Flow, fault?: string): Promise<Answer> {
  const { world, exchange, request, parameters } = asking;
  const step = nextStep(world, request, account, flow);
  if (step?.kind === 'password') {
    flow.authenticatedAt = undefined;
    const { passwords } = account.home.tenant.signIn.settings;
    if (!passwords) return picker(asking, knownAccounts(world, exchange, request), account.home.user.userPrincipalName);
  }
  const isProven =
    step === undefined || !['password', 'newPassword', 'registerFactor', 'secondFactor'].includes(step.kind);
  const session = isProven ? ensureSession(world.sessions, exchange) : undefined;
  const home = { tenantId: account.home.tenant.id, userId: account.home.user.id };
  const { authenticatedAt = world.clock.now(), secondFactorAt } = flow;
  const signedIn = session && addAccount(session, home, { authenticatedAt, secondFactorAt });
  const cookie = session && { 'set-cookie': sessionCookie(session, exchange, stayOf(account, flow)) };
  if (step === undefined && signedIn !== undefined) world.flows.delete(flow.id);
  const answer =
    step === undefined && signedIn !== undefined
      ? await done(asking, account, signedIn, true)
      : await stepPage(world, request, account, flow, { step: step ?? { kind: 'stay' }, parameters, fault });
  return { ...answer, headers: { ...answer.headers, ...cookie } };
}

/** The answer to "Stay signed in?", where the tenant has that asked. */
const stayOf = ({ home }: Account, { stay }: Flow): boolean | undefined =>
  home.tenant.signIn.settings.staySignedIn ? (stay ?? false) : undefined;

function done(
  asking: Asking,
  account: Account,
  signedIn: SignedInAccount,
  interactive: boolean,
): Answer | Promise<Answer> {
  const { world, exchange, request, parameters, trail } = asking;
  trail.account = account;
  log(world, exchange, trail, undefined, interactive);
  if (request.adminConsent !== undefined) return finishAdminConsent(request, request.adminConsent, trail);
  return finish({ world, exchange, request, parameters }, account, signedIn);
}

/** Back to the app, which learns the tenant; an app without a redirect URI has nowhere to go, though the consent counts. */
function finishAdminConsent(request: AuthorizeRequest, { text }: AdminConsent, trail: Trail): Answer | Promise<Answer> {
  if (request.redirectUri === '')
    throw new AadstsError(500113, 'No reply address is registered for the application', { place: 'page' });
  return respond(request, { ...adminConsentMembers(trail), ...(text === undefined ? {} : { scope: text }) });
}

/** Notes a sign-in, or its refusal once somebody is known. */
function log(world: World, exchange: Exchange, trail: Trail, error?: AadstsError, interactive = true): void {
  const { target, account, resourceAppId = null } = trail;
  if (target === undefined || account === undefined) return;
  insertSignIn(world, {
    tenantId: account.tenant.id,
    userId: account.user.id,
    appId: target.application.appId,
    resourceAppId,
    isInteractive: interactive,
    errorCode: error?.code ?? 0,
    failureReason: error?.message ?? '',
    correlationId: correlationOf(exchange),
  });
}
