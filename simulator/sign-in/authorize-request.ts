import type { Application } from '../applications/application.ts';
import { graphAppId } from '../applications/permissions.ts';
import { allRedirectUris, matchRedirectUri, type Platform } from '../applications/redirect-uris.ts';
import { cloudOf, mayBeUsedIn } from '../applications/register.ts';
import { type AdminConsent, readAdminConsent } from '../consent/admin-consent.ts';
import { clouds } from '../hosts/clouds.ts';
import { openidOfVersionOne, scopeOf } from '../token/token-request.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';
import type { Authority } from './authority.ts';
import { isOfDevice } from './device-page.ts';
import { type RequestedClaims, readRequestedClaims } from './requested-claims.ts';
import { readResource, readScopesOfApis, type Scopes } from './scopes.ts';

/** The endpoints whose people see the pages of a sign-in. */
export type Endpoint = 'authorize' | 'adminconsent';

/** Where the answer of an authorization request goes; known before anything else is looked at. */
export type Target = {
  readonly application: Application;
  readonly redirectUri: string;
  readonly platform: Platform;
  readonly responseMode: 'query' | 'fragment' | 'form_post';
  readonly state: string | null;
};

/** An authorization request whose every parameter has been checked. */
export type AuthorizeRequest = Target & {
  readonly authority: Authority;
  /** Which of the two endpoints was asked. */
  readonly version: 1 | 2;
  /** What is to come back: `code`, `id_token`, `token`. */
  readonly responseTypes: readonly string[];
  readonly scopes: Scopes;
  /** At the admin consent endpoint: what is to be consented to for everybody; nobody signs in to the app then. */
  readonly adminConsent: AdminConsent | undefined;
  readonly prompt: 'login' | 'none' | 'consent' | 'select_account' | undefined;
  readonly loginHint: string | undefined;
  readonly domainHint: string | undefined;
  readonly sid: string | undefined;
  /** How old the sign-in may be, in seconds. */
  readonly maxAge: number | undefined;
  readonly claims: RequestedClaims;
  /** Authentication contexts asked for, of whichever token. */
  readonly contexts: readonly string[];
  readonly nonce: string | undefined;
  readonly challenge: { readonly method: 'S256' | 'plain'; readonly value: string } | undefined;
  readonly clientInfo: boolean;
};

/** Finds the client and its redirect URI; refusals here stay on Entra's page, for there is nowhere safe to send them. */
export function readTarget(
  world: World,
  authority: Authority,
  parameters: URLSearchParams,
  endpoint: Endpoint,
): Target {
  const clientId = parameters.get('client_id');
  if (clientId === null || clientId === '') {
    throw new AadstsError(900144, "The request must contain the parameter 'client_id'");
  }
  const application = world.applications.get(clientId.toLowerCase());
  const place = authority.tenant?.name ?? authority.path;
  if (application === undefined || !isKnownAt(world, application, authority)) {
    throw new AadstsError(
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${place}': the client id may be wrong, ` +
        'the request may have gone to the wrong tenant, or nobody there has consented to the application',
    );
  }
  const redirectUri = parameters.get('redirect_uri') ?? anyRedirectUri(world, application, endpoint);
  const platform =
    matchRedirectUri(application, redirectUri) ??
    (isOfDevice(world, application, parameters) || redirectUri === '' ? 'web' : undefined);
  if (platform === undefined) {
    throw new AadstsError(
      50011,
      `The redirect URI '${redirectUri}' specified in the request does not match the redirect URIs configured for the application '${application.appId}'`,
    );
  }
  const mode = parameters.get('response_mode');
  return {
    application,
    redirectUri,
    platform,
    responseMode: mode === 'fragment' || mode === 'form_post' ? mode : isImplicit(parameters) ? 'fragment' : 'query',
    state: parameters.get('state'),
  };
}

/** Throws AADSTS900439 for an app of the US Government at the shared endpoints of the global cloud. */
function isKnownAt(world: World, application: Application, { tenant, cloud }: Authority): boolean {
  if (tenant !== undefined) return mayBeUsedIn(world, application, tenant);
  const home = cloudOf(world, application);
  if (home === 'usgov' && cloud === 'global') {
    throw new AadstsError(
      900439,
      `Application '${application.appId}' is registered in the Azure Government cloud and is not supported on the public endpoint; use https://${clouds.usgov.loginHost}`,
    );
  }
  return cloud === undefined || home === undefined || home === cloud;
}

/** Without `redirect_uri` Entra takes a registered one at random; an admin who consents is told at the end that there is none. */
function anyRedirectUri(world: World, application: Application, endpoint: Endpoint): string {
  const [first, ...others] = allRedirectUris(application);
  if (first === undefined && endpoint === 'adminconsent') return '';
  if (first === undefined) throw new AadstsError(500113, 'No reply address is registered for the application');
  return world.random.pick([first, ...others]);
}

/** The parts of `response_type`. */
const responseTypes = (text: string | null): string[] => (text ?? '').split(' ').filter(Boolean);

/** Whether a token is asked for at this endpoint; such answers don't go into a query. */
const isImplicit = (parameters: URLSearchParams): boolean =>
  responseTypes(parameters.get('response_type')).some((part) => part === 'id_token' || part === 'token');

/** Throws AADSTS50194 for a single-tenant app at a shared endpoint, 9002332 at `/consumers` for one of work accounts only. */
function audienceFitsAuthority({ application }: Target, authority: Authority): void {
  if (authority.tenant !== undefined) return;
  if (application.signInAudience === 'AzureADMyOrg') {
    throw new AadstsError(
      50194,
      `Application '${application.appId}' (${application.displayName}) is not configured as a multi-tenant application; ` +
        `use of the /${authority.path} endpoint is not supported for it. Use a tenant-specific endpoint`,
    );
  }
  if (authority.path === 'consumers' && application.signInAudience !== 'AzureADandPersonalMicrosoftAccount') {
    throw new AadstsError(
      9002332,
      `Application '${application.appId}' is for Entra users only; do not use the /consumers endpoint`,
    );
  }
}

/** The checks on the rest of an authorization request, in the order they are made; each throws what it refuses. */
const checks: readonly ((target: Target, authority: Authority, parameters: URLSearchParams) => void)[] = [
  audienceFitsAuthority,
  function responseTypeIsKnown(_target, _authority, parameters) {
    const type = parameters.get('response_type');
    if (type === null || type === '')
      throw new AadstsError(900144, "The request must contain the parameter 'response_type'");
    if (responseTypes(type).some((part) => !['code', 'id_token', 'token'].includes(part)))
      throw new AadstsError(70005, `response_type '${type}' is not supported`);
  },
  function implicitAnswersAreEnabled({ application }, _authority, parameters) {
    const parts = responseTypes(parameters.get('response_type'));
    const { enableAccessTokenIssuance, enableIdTokenIssuance } = application.web.implicitGrantSettings;
    if (parts.includes('token') && !enableAccessTokenIssuance)
      throw new AadstsError(700051, "response_type 'token' is not enabled for the application");
    if (parts.includes('id_token') && !enableIdTokenIssuance)
      throw new AadstsError(700054, "response_type 'id_token' is not enabled for the application");
  },
  function idTokenHasNonceAndScope(_target, _authority, parameters) {
    if (!responseTypes(parameters.get('response_type')).includes('id_token')) return;
    if (!parameters.get('nonce'))
      throw new AadstsError(90014, "The required field 'nonce' is missing from the request");
    const scope = parameters.get('scope');
    if (scope !== null && !scope.split(' ').includes('openid'))
      throw new AadstsError(70005, "response_type 'id_token' requires the 'OpenID' scope");
  },
  function responseModeFits(_target, _authority, parameters) {
    const mode = parameters.get('response_mode');
    if (mode === null) return;
    if (!['query', 'fragment', 'form_post'].includes(mode))
      throw new AadstsError(70007, `'${mode}' is not a supported value of 'response_mode'`);
    if (mode === 'query' && isImplicit(parameters))
      throw new AadstsError(70007, "'query' is not a supported value of 'response_mode' when requesting a token");
  },
  function promptIsKnown(_target, _authority, parameters) {
    const prompt = parameters.get('prompt');
    if (prompt !== null && !prompts.some((known) => known === prompt)) {
      throw new AadstsError(90023, `Unsupported value '${prompt}' of the parameter 'prompt'`);
    }
  },
  function hintStandsAlone(_target, _authority, parameters) {
    if (!parameters.has('login_hint')) return;
    if (parameters.has('sid'))
      throw new AadstsError(90005, "The parameters 'login_hint' and 'sid' must not be sent together");
    if (parameters.get('prompt') === 'select_account')
      throw new AadstsError(90005, "The parameter 'login_hint' must not be sent with prompt 'select_account'");
  },
  function ageIsANumber(_target, _authority, parameters) {
    const age = parameters.get('max_age');
    if (age !== null && !/^\d{1,9}$/.test(age))
      throw new AadstsError(90100, `The parameter 'max_age' is not a number of seconds: '${age}'`);
  },
  function challengeIsWellFormed({ platform }, _authority, parameters) {
    const challenge = parameters.get('code_challenge');
    const method = parameters.get('code_challenge_method') ?? 'plain';
    if (challenge === null) {
      if (platform === 'spa')
        throw new AadstsError(9002325, 'Proof Key for Code Exchange is required for cross-origin redemption');
      return;
    }
    if (!['S256', 'plain'].includes(method)) {
      throw new AadstsError(90023, `Unsupported value '${method}' of the parameter 'code_challenge_method'`);
    }
    if (challenge.length < 43 || challenge.length > 128) {
      throw new AadstsError(501491, 'The size of the code_challenge is not valid; it has 43 to 128 characters');
    }
  },
];

/** Reads the rest of the request; v1 names its API by `resource`, v2 by `scope`. Refusals may go to the target. */
export function readAuthorizeRequest(
  world: World,
  { origin, version }: { readonly origin: string; readonly version: 1 | 2 },
  authority: Authority,
  target: Target,
  parameters: URLSearchParams,
): AuthorizeRequest {
  for (const check of checks) check(target, authority, parameters);
  const prompt = parameters.get('prompt');
  const maxAge = parameters.get('max_age');
  const claims = readRequestedClaims(parameters.get('claims'));
  const challenge = parameters.get('code_challenge');
  return {
    ...target,
    authority,
    version,
    responseTypes: responseTypes(parameters.get('response_type')),
    adminConsent: undefined,
    scopes:
      version === 1 ? resourceOf(world, origin, parameters) : readScopesOfApis(world, origin, scopeOf(parameters)),
    prompt: prompts.find((known) => known === prompt),
    loginHint: parameters.get('login_hint') ?? undefined,
    domainHint: parameters.get('domain_hint')?.toLowerCase() || undefined,
    maxAge: maxAge === null ? undefined : Number(maxAge),
    claims,
    contexts: [...new Set([...claims.contexts.idToken, ...claims.contexts.accessToken])],
    sid: parameters.get('sid') ?? undefined,
    nonce: parameters.get('nonce') ?? undefined,
    challenge:
      challenge === null
        ? undefined
        : { method: parameters.get('code_challenge_method') === 'S256' ? 'S256' : 'plain', value: challenge },
    clientInfo: parameters.get('client_info') === '1',
  };
}

/** The same of a request to the admin consent endpoint, which knows fewer parameters. */
export function readAdminConsentRequest(
  world: World,
  { origin, version }: { readonly origin: string; readonly version: 1 | 2 },
  authority: Authority,
  target: Target,
  parameters: URLSearchParams,
): AuthorizeRequest {
  audienceFitsAuthority(target, authority);
  const adminConsent = readAdminConsent(world, { origin, version }, target.application, parameters.get('scope'));
  const claims = readRequestedClaims(null);
  return {
    ...target,
    authority,
    version,
    responseTypes: [],
    responseMode: 'query',
    scopes: { openid: [], resourceAppId: graphAppId, identifier: '', resource: [] },
    adminConsent,
    prompt: prompts.find((known) => known === parameters.get('prompt') && known !== 'none'),
    loginHint: parameters.get('login_hint') ?? undefined,
    domainHint: undefined,
    maxAge: undefined,
    claims,
    contexts: [],
    sid: undefined,
    nonce: undefined,
    challenge: undefined,
    clientInfo: false,
  };
}

/** What a v1 request asks for: all that was consented to at the API of `resource`, or Graph's when it names none. */
function resourceOf(world: World, origin: string, parameters: URLSearchParams): Scopes {
  const resource = parameters.get('resource') || graphAppId;
  return { openid: openidOfVersionOne, ...readResource(world, origin, resource), resource: ['.default'] };
}

const prompts = ['login', 'none', 'consent', 'select_account'] as const;
