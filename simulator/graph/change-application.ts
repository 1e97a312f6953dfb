import type { Application } from '../applications/application.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { allRedirectUris, type Platform, redirectUriFault } from '../applications/redirect-uris.ts';
import { addSecret } from '../applications/secrets.ts';
import { checkAppPolicy } from './app-management-policy.ts';
import { type ApplicationChange, moreDefaults } from './application-shape.ts';
import type { GraphCall } from './caller.ts';
import { badRequest, GraphError } from './graph-error.ts';
import { mergeKeyCredentials } from './key-credentials.ts';

/** So many redirect URIs an application may have: fewer with personal accounts (redirect URI restrictions). */
const mostRedirectUris = { work: 256, personal: 100 };

/**
 * Changes an application as PATCH does: what is named is replaced, inside `web`, `api` and their like too. Throws Graph's 400
 * before anything is changed.
 */
export function changeApplication(call: GraphCall, application: Application, change: ApplicationChange): void {
  const { authenticationBehaviors, passwordCredentials, keyCredentials, ...rest } = change;
  const next = applied(application, rest);
  checkRedirectUris(next, change);
  checkIdentifierUris(call, next, change.identifierUris ?? []);
  checkEntitlements(application.appRoles, change.appRoles);
  checkEntitlements(application.api.oauth2PermissionScopes, change.api?.oauth2PermissionScopes);
  checkVersion(next);
  if (keyCredentials !== undefined) {
    next.keyCredentials = mergeKeyCredentials(application.keyCredentials, keyCredentials);
    const added = next.keyCredentials.filter((key) => !application.keyCredentials.includes(key));
    checkAppPolicy(call, application, 'keyCredentials', added);
  }
  if (passwordCredentials !== undefined)
    next.passwordCredentials = changedSecrets(call, application, passwordCredentials);
  const { removeUnverifiedEmailClaim } = authenticationBehaviors ?? {};
  next.removeUnverifiedEmailClaim = removeUnverifiedEmailClaim ?? next.removeUnverifiedEmailClaim;
  Object.assign(application, next);
}

function applied(
  application: Application,
  change: Omit<ApplicationChange, 'authenticationBehaviors' | 'passwordCredentials' | 'keyCredentials'>,
): Application {
  const { web, spa, publicClient, api, optionalClaims, isFallbackPublicClient, ...others } = change;
  const implicitGrantSettings = { ...application.web.implicitGrantSettings, ...web?.implicitGrantSettings };
  const isMore = ([name]: [string, unknown]): boolean => name in moreDefaults;
  const entries = Object.entries(others);
  return {
    ...application,
    ...Object.fromEntries(entries.filter((entry) => !isMore(entry))),
    more: { ...application.more, ...Object.fromEntries(entries.filter(isMore)) },
    web: { ...application.web, ...web, implicitGrantSettings },
    spa: { ...application.spa, ...spa },
    publicClient: { ...application.publicClient, ...publicClient },
    api: { ...application.api, ...api },
    optionalClaims:
      optionalClaims === undefined ? application.optionalClaims : (optionalClaims ?? { idToken: [], accessToken: [] }),
    isFallbackPublicClient:
      isFallbackPublicClient === undefined ? application.isFallbackPublicClient : (isFallbackPublicClient ?? false),
  };
}

function checkRedirectUris(next: Application, change: ApplicationChange): void {
  for (const platform of ['web', 'spa', 'publicClient'] as const satisfies readonly Platform[])
    for (const uri of change[platform]?.redirectUris ?? []) {
      const fault = redirectUriFault(uri, platform);
      if (fault !== undefined)
        throw badRequest(`Property ${platform}.redirectUris is invalid: the reply address '${uri}' ${fault}.`);
    }
  const personal = /Personal/.test(next.signInAudience);
  const most = personal ? mostRedirectUris.personal : mostRedirectUris.work;
  const count = allRedirectUris(next).length;
  if (count > most)
    throw badRequest(`Property redirectUris is invalid: there are ${count} of them, at most ${most} are allowed.`);
  const { logoutUrl } = next.web;
  if (logoutUrl !== null && (!logoutUrl.startsWith('https://') || logoutUrl.length > 255))
    throw badRequest(
      `Property web.logoutUrl is invalid: '${logoutUrl}' must use https and have at most 255 characters.`,
    );
}

/** `api://…` with the app's or the tenant's id in it, or below a verified domain; no other application has it (identifier URI restrictions). */
function checkIdentifierUris(
  { world, caller: { tenant } }: GraphCall,
  { id, appId }: Application,
  wanted: readonly string[],
): void {
  for (const uri of wanted) {
    const host = URL.canParse(uri) ? new URL(uri).host : undefined;
    if (host === undefined)
      throw badRequest(`Invalid value specified for property 'identifierUris' of resource 'Application'.`);
    const isOwn = uri.startsWith('api://') && (uri.includes(appId) || uri.includes(tenant.id));
    const isVerified = tenant.domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
    if (!isOwn && !isVerified)
      throw new GraphError(
        400,
        'HostNameNotOnVerifiedDomain',
        `Values of identifierUris property must use a verified domain of the organization or its subdomain: '${uri}'`,
      );
    for (const other of world.applications.values())
      if (
        other.id !== id &&
        [tenant.id, microsoftTenantId].includes(other.homeTenantId) &&
        other.identifierUris.includes(uri)
      )
        throw badRequest('Another object with the same value for property identifierUris already exists.');
  }
}

type Entitlement = { readonly id: string; readonly value: string; readonly isEnabled: boolean };

/** A role or scope is disabled first, then removed or changed in its value; no two have the same value. */
function checkEntitlements(present: readonly Entitlement[], wanted: readonly Entitlement[] | undefined): void {
  if (wanted === undefined) return;
  for (const { id, isEnabled } of present)
    if (isEnabled && !wanted.some((next) => next.id === id))
      throw new GraphError(
        400,
        'CannotDeleteOrUpdateEnabledEntitlement',
        'Property value cannot be deleted unless it is disabled first.',
      );
  const values = wanted.map(({ value }) => value).filter((value) => value !== '');
  const twice = values.find((value, place) => values.indexOf(value) !== place);
  if (twice !== undefined) throw badRequest(`It contains duplicate value. Please Provide unique value: '${twice}'.`);
  if (new Set(wanted.map(({ id }) => id)).size < wanted.length)
    throw badRequest('Property value contains two entries with the same id.');
}

function checkVersion({ signInAudience, api }: Application): void {
  if (/Personal/.test(signInAudience) && api.requestedAccessTokenVersion !== 2)
    throw badRequest('Property api.requestedAccessTokenVersion is invalid.');
}

/** A list of secrets keeps those it names by their id; one without an id is new, its text Entra's own. */
function changedSecrets(
  call: GraphCall,
  application: Application,
  wanted: NonNullable<ApplicationChange['passwordCredentials']>,
): Application['passwordCredentials'] {
  const holder = { passwordCredentials: [] as Application['passwordCredentials'] };
  for (const { keyId, displayName, startDateTime, endDateTime } of wanted) {
    const known = application.passwordCredentials.find((credential) => credential.keyId === keyId);
    if (known !== undefined) holder.passwordCredentials.push(known);
    else {
      const times = { startDateTime: startDateTime ?? undefined, endDateTime: endDateTime ?? undefined };
      const secret = addSecret(holder, { displayName, ...times }, call.world.clock.now());
      checkAppPolicy(call, application, 'passwordCredentials', [secret]);
    }
  }
  return holder.passwordCredentials;
}
