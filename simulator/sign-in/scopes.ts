import { graphAppId } from '../applications/permissions.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';

/** A scope parameter taken apart: OpenID Connect's own scopes, and those of one API. */
export type Scopes = {
  readonly openid: readonly string[];
  readonly resourceAppId: string;
  /** The API as the request names it, which is what a v1 token says in `aud`; empty when only bare names were asked. */
  readonly identifier: string;
  /** Scope names of the API; `.default` stands for whatever is consented. */
  readonly resource: readonly string[];
  /** At authorize: what of other APIs is to be consented to as well. */
  readonly others?: readonly Scopes[];
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
  const asked = names
    .filter((candidate) => !openidScopes.includes(candidate.toLowerCase()))
    .map((name) => readScope(world, origin, name));
  const [first = { resourceAppId: graphAppId, identifier: '' }] = asked;
  if (asked.some(({ resourceAppId }) => resourceAppId !== first.resourceAppId)) {
    throw new AadstsError(70011, `The scope '${text}' names more than one API; ask for one at a time`);
  }
  const resource = asked.map(({ scope }) => scope);
  if (resource.includes('.default') && resource.length > 1) {
    throw new AadstsError(
      70011,
      `The scope '${text}' is not valid: .default can't be combined with other scopes of the API`,
    );
  }
  return { openid, resourceAppId: first.resourceAppId, identifier: first.identifier, resource };
}

/**
 * Reads the scope parameter of authorize, which may cover several APIs: the first one's are granted, those of the others are
 * consented to with them. Throws as `readScopes` does, but for 70011 on several APIs.
 */
export function readScopesOfApis(world: World, origin: string, text: string | null): Scopes {
  const names = (text ?? '').split(' ').filter((name) => name !== '');
  const openid = names.filter((name) => openidScopes.includes(name.toLowerCase()));
  const byApi = new Map<string, string[]>();
  for (const name of names.filter((each) => !openid.includes(each))) {
    const { resourceAppId } = readScope(world, origin, name);
    byApi.set(resourceAppId, [...(byApi.get(resourceAppId) ?? []), name]);
  }
  const [first = [], ...others] = byApi.values();
  const read = (list: readonly string[]): Scopes => readScopes(world, origin, list.join(' '));
  return { ...read([...openid, ...first]), others: others.map(read) };
}

/** One scope with the API it belongs to, as the request names that. */
type AskedScope = { readonly resourceAppId: string; readonly identifier: string; readonly scope: string };

function readScope(world: World, origin: string, name: string): AskedScope {
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
    return { resourceAppId: graphAppId, identifier: '', scope: known ?? name };
  }
  return { ...readResource(world, origin, name.slice(0, slash)), scope: name.slice(slash + 1) };
}

/** An API as it is named: a v1 request's `resource`, or what stands before a scope. Throws AADSTS500011. */
export function readResource(
  world: World,
  origin: string,
  identifier: string,
): { readonly resourceAppId: string; readonly identifier: string } {
  const resourceAppId = findResource(world, origin, identifier);
  // The simulator's own address stands for Graph; no token names it.
  const own = identifier.replace(/\/+$/, '').toLowerCase() === origin;
  return { resourceAppId, identifier: own ? '' : identifier };
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
export function readDefaultScope(world: World, origin: string, text: string | null): ReturnType<typeof readResource> {
  if (text === null || text.trim() === '')
    throw new AadstsError(900144, "The request body must contain the parameter 'scope'");
  const scope = text.trim();
  if (!scope.endsWith('/.default') || scope.includes(' ')) {
    throw new AadstsError(
      1002012,
      `The scope '${scope}' is not valid: client credentials need one resource with /.default`,
    );
  }
  return readResource(world, origin, scope.slice(0, -'/.default'.length));
}

/** How granted scopes read in the `scope` member of a token answer: with the API's name as the request had it. */
export function grantedScopes(scopes: Scopes): string {
  const prefix = scopes.identifier === '' ? '' : `${scopes.identifier}/`;
  const own = scopes.openid.filter((name) => name !== 'offline_access');
  return [...own, ...scopes.resource.map((name) => `${prefix}${name}`)].join(' ');
}
