import { findUser } from '../directory/tenant.ts';
import { applicationResource } from './application-view.ts';
import type { GraphCall } from './caller.ts';
import { applicationsOf, principalsOf } from './find-application.ts';
import { badRequest, noSuchResource } from './graph-error.ts';
import { groupResource } from './group-view.ts';
import { principalResource } from './service-principal-view.ts';
import { userResource } from './user-view.ts';

/** An object of the directory with its type, as mixed collections show it; undefined when there is none with that id. */
export function directoryObject(call: GraphCall, id: string): Record<string, unknown> | undefined {
  const { tenant } = call.caller;
  const user = tenant.users.get(id);
  if (user !== undefined) return { '@odata.type': '#microsoft.graph.user', ...userResource(user) };
  const group = tenant.groups.get(id);
  if (group !== undefined) return { '@odata.type': '#microsoft.graph.group', ...groupResource(group) };
  for (const principal of principalsOf(call))
    if (principal.id === id)
      return { '@odata.type': '#microsoft.graph.servicePrincipal', ...principalResource(call, principal) };
  for (const application of applicationsOf(call))
    if (application.id === id)
      return {
        '@odata.type': '#microsoft.graph.application',
        ...applicationResource(call.exchange, tenant, application),
      };
  return undefined;
}

/** Objects of the directory by their ids; those that are not there any more are left out. */
export function directoryObjects(call: GraphCall, ids: Iterable<string>): Record<string, unknown>[] {
  return [...ids].map((id) => directoryObject(call, id)).filter((object) => object !== undefined);
}

/**
 * The id of the object that a reference names: `…/directoryObjects/ID`, `…/users/ID` and their like, by whatever host. Throws
 * Graph's 400 for what is no reference, 404 for nobody.
 */
export function referencedId(call: GraphCall, url: string): string {
  const [, kind = '', key = ''] =
    /\/(?:v1\.0|beta)?\/?(?:[0-9a-f-]{36}\/|myorganization\/)?(directoryObjects|users|groups|servicePrincipals)[/(]'?([^/')]+)'?\)?$/i.exec(
      url,
    ) ?? [];
  const name = decoded(key);
  if (name === '') throw badRequest(`Invalid URL format specified in @odata.id for '${url}'.`);
  const user = kind.toLowerCase() === 'users' ? findUser(call.caller.tenant, name) : undefined;
  const id = user?.id ?? name.toLowerCase();
  if (directoryObject(call, id) === undefined) throw noSuchResource(id);
  return id;
}

/** Empty for what is no percent-encoding. */
function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return '';
  }
}
