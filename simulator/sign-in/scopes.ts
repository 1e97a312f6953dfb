import { exchangeAppId, graphAppId } from '../applications/permissions.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';

/** A scope parameter taken apart: OpenID Connect's own scopes, and those of one API. */
export type Scopes = {
  readonly openid: readonly string[];
  readonly resourceAppId: string;
  /** Scope names of the API; `.default` stands for whatever is consented. */
  readonly resource: readonly string[];
};

/** Scopes that belong to OpenID Connect and not to an API. */
const openidScopes: readonly string[] = ['openid', 'profile', 'email', 'offline_access'];

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Reads a scope parameter. Throws AADSTS900144 when it is missing, 650053 for a scope that the API does not publish (bare
 * names are looked up at Microsoft Graph; `groups` is a claim), 500011 for an unknown API, 70011 for two APIs at once.
 */
export function readScopes(world: World, origin: string, text: string | null): Scopes {
  const names = (text ?? '').split(' ').filter((name) => name !== '');
  if (names.length === 0) throw new AadstsError(900144, "The request must contain the parameter 'scope'");
  const openid = names.filter((name) => openidScopes.includes(name.toLowerCase())).map((name) => name.toLowerCase());
  const byResource = new Map<string, string[]>();
  for (const name of names.filter((candidate) => !openidScopes.includes(candidate.toLowerCase()))) {
    const { resourceAppId, scope } = readScope(world, origin, name);
    byResource.set(resourceAppId, [...(byResource.get(resourceAppId) ?? []), scope]);
  }
  if (byResource.size > 1) {
    throw new AadstsError(70011, `The scope '${text}' names more than one API; ask for one at a time`);
  }
  const [resourceAppId, resource] = [...byResource][0] ?? [graphAppId, []];
  return { openid, resourceAppId, resource };
}

function readScope(world: World, origin: string, name: string): { resourceAppId: string; scope: string } {
  const slash = name.lastIndexOf('/');
  if (slash < 0) {
    const published = world.applications.get(graphAppId)?.api.oauth2PermissionScopes;
    const known = published?.find(({ value }) => value.toLowerCase() === name.toLowerCase())?.value;
    if (known === undefined && !uuid.test(name)) {
      throw new AadstsError(
        650053,
        `The application asked for scope '${name}' that does not exist on the resource '${graphAppId}'`,
      );
    }
    return { resourceAppId: graphAppId, scope: known ?? name };
  }
  return { resourceAppId: findResource(world, origin, name.slice(0, slash)), scope: name.slice(slash + 1) };
}

/** Finds the API that a resource identifier names: an app id, an identifier URI, a Microsoft host. Throws AADSTS500011. */
function findResource(world: World, origin: string, identifier: string): string {
  const wanted = identifier.replace(/\/+$/, '').toLowerCase();
  if (wanted === origin) return graphAppId;
  const applications = [...world.applications.values()];
  const application = applications.find(
    ({ appId, identifierUris }) =>
      appId === wanted || wanted === `api://${appId}` || identifierUris.some((uri) => uri.toLowerCase() === wanted),
  );
  if (application !== undefined) return application.appId;
  throw new AadstsError(
    500011,
    `The resource '${identifier}' has no service principal in the tenant; it may not be installed or consented to there`,
  );
}

/** Splits a client credentials scope, which is a resource and `/.default` (resource ids may end in a slash). */
export function readDefaultScope(world: World, origin: string, text: string | null): string {
  if (text === null || text.trim() === '')
    throw new AadstsError(900144, "The request body must contain the parameter 'scope'");
  const scope = text.trim();
  if (!scope.endsWith('/.default') || scope.includes(' ')) {
    throw new AadstsError(
      1002012,
      `The scope '${scope}' is not valid: client credentials need one resource with /.default`,
    );
  }
  return findResource(world, origin, scope.slice(0, -'/.default'.length));
}

/** How granted scopes read in the `scope` member of a token answer. */
export function grantedScopes(scopes: Scopes): string {
  const prefix =
    scopes.resourceAppId === graphAppId || scopes.resourceAppId === exchangeAppId
      ? ''
      : `api://${scopes.resourceAppId}/`;
  const own = scopes.openid.filter((name) => name !== 'offline_access');
  return [...own, ...scopes.resource.map((name) => `${prefix}${name}`)].join(' ');
}
