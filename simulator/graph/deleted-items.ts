import type { Application, ServicePrincipal } from '../applications/application.ts';
import { restoreApplication, restorePrincipal } from '../applications/delete-application.ts';
import { DirectoryRefusal, purgeUser, restoreUser } from '../directory/change-users.ts';
import type { User } from '../directory/tenant.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { applicationResource } from './application-view.ts';
import type { GraphCall } from './caller.ts';
import { requirePermission } from './caller.ts';
import { badRequest, noSuchResource, requestIds } from './graph-error.ts';
import { answerPage } from './odata-page.ts';
import { requireManagement, requirePrivilege, requireReading } from './privileges.ts';
import { principalResource } from './service-principal-view.ts';
import { userResource } from './user-view.ts';

/** What was deleted, by its kind. */
type Deleted =
  | { readonly kind: 'user'; readonly object: User }
  | { readonly kind: 'application'; readonly object: Application }
  | { readonly kind: 'servicePrincipal'; readonly object: ServicePrincipal };

/** Deleted users, applications and enterprise apps: seen, restored, or deleted for good (deletedItems). */
export function deletedItemRoutes(): Routes<GraphCall> {
  return {
    'GET /directory/deletedItems/user': (call) => {
      requirePermission(call, 'User.Read.All', 'User.ReadWrite.All', 'Directory.Read.All');
      return list(call, 'user', call.caller.tenant.deletedUsers.values());
    },
    'GET /directory/deletedItems/application': (call) => {
      requireReading(call);
      return list(call, 'application', call.caller.tenant.deletedApplications.values());
    },
    'GET /directory/deletedItems/servicePrincipal': (call) => {
      requireReading(call);
      return list(call, 'servicePrincipal', call.caller.tenant.deletedServicePrincipals.values());
    },
    'GET /directory/deletedItems/group': (call) => {
      requirePermission(call, 'Group.Read.All', 'Directory.Read.All');
      // Security groups are gone at once.
      return list(call, 'group', []);
    },
    'GET /directory/deletedItems/:id': (call, id) => {
      const found = changeable(call, id);
      return json(
        200,
        { '@odata.context': contextOf(call, found.kind), ...show(call)(found) },
        requestIds(call.exchange),
      );
    },
    'POST /directory/deletedItems/:id/restore': (call, id) => {
      const found = changeable(call, id);
      restore(call, found);
      return json(
        200,
        { '@odata.context': contextOf(call, found.kind), ...show(call)(found) },
        requestIds(call.exchange),
      );
    },
    'DELETE /directory/deletedItems/:id': (call, id) => {
      const { kind, object } = changeable(call, id);
      const { tenant } = call.caller;
      if (kind === 'user') purgeUser(tenant, object);
      else if (kind === 'application') tenant.deletedApplications.delete(object.id);
      else tenant.deletedServicePrincipals.delete(object.id);
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

const contextOf = ({ exchange }: GraphCall, kind: string): string =>
  `${exchange.origin}/v1.0/$metadata#directoryObjects/microsoft.graph.${kind}/$entity`;

function list<Kind extends string>(
  call: GraphCall,
  kind: Kind,
  objects: Iterable<Extract<Deleted, { kind: Kind }>['object']>,
) {
  const items = [...objects].map((object) => ({ kind, object }) as unknown as Deleted);
  const rules = { context: `directoryObjects/microsoft.graph.${kind}`, defaultTop: 100, mostTop: 999 };
  return answerPage(call.exchange, items, show(call), rules);
}

const show =
  (call: GraphCall) =>
  ({ kind, object }: Deleted): Record<string, unknown> => ({
    '@odata.type': `#microsoft.graph.${kind}`,
    ...(kind === 'user'
      ? userResource(object)
      : kind === 'application'
        ? applicationResource(call.exchange, call.caller.tenant, object)
        : principalResource(call, object)),
  });

/** Finds what was deleted, if the caller may change it. Throws 403, 404. */
function changeable(call: GraphCall, key: string): Deleted {
  const { tenant } = call.caller;
  const id = key.toLowerCase();
  const user = tenant.deletedUsers.get(id);
  const application = tenant.deletedApplications.get(id);
  const principal = tenant.deletedServicePrincipals.get(id);
  if (user !== undefined) {
    requirePrivilege(call, ['User.ReadWrite.All', 'Directory.ReadWrite.All'], 'User Administrator');
    return { kind: 'user', object: user };
  }
  requireManagement(call, application ?? principal ?? 'anything of its own');
  if (application !== undefined) return { kind: 'application', object: application };
  if (principal !== undefined) return { kind: 'servicePrincipal', object: principal };
  throw noSuchResource(key);
}

function restore(call: GraphCall, { kind, object }: Deleted): void {
  const { world, caller } = call;
  if (kind === 'application') restoreApplication(world, caller.tenant, object);
  else if (kind === 'servicePrincipal') {
    if (!restorePrincipal(caller.tenant, object))
      throw badRequest('The service principal cannot be restored because its name is already in use.');
  } else {
    try {
      restoreUser(caller.tenant, object);
    } catch (error) {
      if (error instanceof DirectoryRefusal) throw badRequest(error.message);
      throw error;
    }
  }
}
