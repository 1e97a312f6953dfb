import type { Exchange } from '../http/exchange.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import type { Authority } from '../sign-in/authority.ts';
import { readResource, readScopes, type Scopes } from '../sign-in/scopes.ts';
import type { World } from '../world.ts';

/** Who asks for what, as far as it is known: what the log of sign-ins says of the request, answered or refused. */
export type Trail = {
  tenantId?: string;
  appId?: string;
  userId?: string;
  resourceAppId?: string;
};

/** What a grant handler gets to work with. */
export type TokenRequest = {
  readonly world: World;
  readonly exchange: Exchange;
  readonly authority: Authority;
  readonly form: URLSearchParams;
  /** Which of the two endpoints was asked: v1 takes `resource`, v2 takes `scope`. */
  readonly version: 1 | 2;
  readonly trail: Trail;
};

/** The body of a successful answer. */
export type TokenAnswer = Readonly<Record<string, unknown>>;

/** A parameter the grant can't do without. Throws AADSTS900144. */
export function needed(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === '')
    throw new AadstsError(900144, `The request body must contain the parameter '${name}'`);
  return value;
}

/** v1 knows no scopes: whoever signs in gets an id_token and a refresh token, and all that was consented to. */
export const openidOfVersionOne = ['openid', 'profile', 'email', 'offline_access'];

/** What is asked for, by `scope` or on v1 by `resource`; undefined where the request leaves it to what was granted. */
export function readAsked({ world, exchange, form, version }: TokenRequest): Scopes | undefined {
  if (version === 1) {
    const resource = form.get('resource');
    if (resource === null || resource === '') return undefined;
    return {
      openid: openidOfVersionOne,
      ...readResource(world, exchange.origin, resource),
      resource: ['.default'],
    };
  }
  const scope = scopeOf(form);
  return scope === null ? undefined : readScopes(world, exchange.origin, scope);
}

/** The `scope` of a v2 request. Throws AADSTS901002 for one that names its API by `resource`. */
export function scopeOf(form: URLSearchParams): string | null {
  if (!form.has('resource')) return form.get('scope');
  throw new AadstsError(901002, "The 'resource' request parameter is not supported; name the API in 'scope'");
}
