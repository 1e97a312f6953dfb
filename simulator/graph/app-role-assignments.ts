import { z } from 'zod';
import { defaultAccess, type ServicePrincipal } from '../applications/application.ts';
import { graphAppId } from '../applications/permissions.ts';
import { assignRole } from '../applications/register.ts';
import { findUser } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import {
  type AssignmentView,
  assignmentId,
  assignmentsOfHolder,
  assignmentsTo,
  assignmentView,
  holderOf,
} from './app-role-assignment-view.ts';
import type { GraphCall } from './caller.ts';
import { principalOf, principalsOf } from './find-application.ts';
import { badRequest, noSuchResource, requestIds } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { applicationAdmins, requirePrivilege, requireReading } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { readablePrincipal } from './service-principals.ts';

const body = z.strictObject({ principalId: z.uuid(), resourceId: z.uuid(), appRoleId: z.uuid() });

/** Roles that are given to people, groups and apps (appRoleAssignment resource type). */
export function appRoleAssignmentRoutes(): Routes<GraphCall> {
  return {
    'GET /servicePrincipals/:principal/appRoleAssignedTo': (call, key) =>
      list(call, `servicePrincipals('${key}')`, assignmentsTo(call, readablePrincipal(call, key))),
    'POST /servicePrincipals/:principal/appRoleAssignedTo': (call, key) =>
      assign(call, { resource: principalOf(call, key).id }),
    'DELETE /servicePrincipals/:principal/appRoleAssignedTo/:assignment': (call, key, id) =>
      unassign(call, id, [principalOf(call, key)]),
    ...ofHolder('/servicePrincipals', (call, key) => readablePrincipal(call, key).id),
    ...ofHolder('/groups', (call, key) => {
      if (!call.caller.tenant.groups.has(key.toLowerCase())) throw noSuchResource(key);
      return key.toLowerCase();
    }),
    ...ofHolder('/users', (call, key) => {
      const user = findUser(call.caller.tenant, key);
      if (user === undefined) throw noSuchResource(key);
      return user.id;
    }),
    'GET /me/appRoleAssignments': (call) => {
      requireReading(call);
      return list(call, 'me', assignmentsOfHolder(call, call.caller.objectId));
    },
  };
}

/** The same, seen from who holds the roles. */
function ofHolder(collection: string, holder: (call: GraphCall, key: string) => string): Routes<GraphCall> {
  const path = `${collection}/:holder/appRoleAssignments`;
  return {
    [`GET ${path}`]: (call, key) => {
      requireReading(call, 'anything of its own');
      return list(call, `${collection.slice(1)}('${key}')`, assignmentsOfHolder(call, holder(call, key)));
    },
    [`POST ${path}`]: (call, key) => assign(call, { holder: holder(call, key) }),
    [`DELETE ${path}/:assignment`]: (call, key, id) => {
      if (holderOf(id) !== holder(call, key)) throw noSuchResource(id);
      return unassign(call, id, principalsOf(call));
    },
  };
}

function list(call: GraphCall, of: string, assignments: readonly AssignmentView[]): Answer {
  const rules = { context: `${of}/appRoleAssignments`, defaultTop: 100, mostTop: 999, directory: { orderedBy: [] } };
  return answerPage<AssignmentView>(call.exchange, assignments, (assignment) => assignment, rules);
}

/** Gives a role: one that the resource has, enabled, for that kind of holder; the default access where it has none. */
function assign(call: GraphCall, path: { readonly resource?: string; readonly holder?: string }): Answer {
  const { world, exchange, caller } = call;
  requireReading(call);
  requirePrivilege(call, ['AppRoleAssignment.ReadWrite.All'], ...applicationAdmins, 'Privileged Role Administrator');
  const { principalId, resourceId, appRoleId } = readGraphBody(exchange, body);
  if (principalId !== (path.holder ?? principalId) || resourceId !== (path.resource ?? resourceId))
    throw badRequest('Not a valid reference update.');
  const resource = principalOf(call, resourceId);
  requireForGraph(call, resource);
  const type = memberType(call, principalId);
  const { appRoles = [] } = world.applications.get(resource.appId) ?? {};
  const open = appRoles.filter(({ isEnabled, allowedMemberTypes }) => isEnabled && allowedMemberTypes.includes(type));
  if (appRoleId === defaultAccess ? open.length > 0 : open.every(({ id }) => id !== appRoleId))
    throw badRequest('Permission being assigned was not found on application.');
  const now = world.clock.now();
  if (!assignRole(resource, principalId, appRoleId, now))
    throw badRequest('Permission being assigned already exists on the object.');
  caller.tenant.sequence += 1;
  const view = assignmentView(call, resource, principalId, appRoleId, now);
  return answerOne(exchange, view, 'appRoleAssignments', undefined, 201);
}

function unassign(call: GraphCall, id: string, resources: Iterable<ServicePrincipal>): Answer {
  requirePrivilege(call, ['AppRoleAssignment.ReadWrite.All'], ...applicationAdmins, 'Privileged Role Administrator');
  const holderId = holderOf(id) ?? '';
  for (const resource of resources) {
    const held = resource.assignments.get(holderId);
    for (const roleId of held?.keys() ?? []) {
      if (assignmentId(resource.id, holderId, roleId) !== id) continue;
      requireForGraph(call, resource);
      held?.delete(roleId);
      if (held?.size === 0) resource.assignments.delete(holderId);
      call.caller.tenant.sequence += 1;
      return { status: 204, headers: requestIds(call.exchange) };
    }
  }
  throw noSuchResource(id);
}

/** Only a Privileged Role Administrator gives application permissions of Microsoft Graph (grant-admin-consent). */
function requireForGraph(call: GraphCall, { appId }: ServicePrincipal): void {
  if (appId === graphAppId)
    requirePrivilege(call, ['AppRoleAssignment.ReadWrite.All'], 'Privileged Role Administrator');
}

function memberType(call: GraphCall, id: string): 'User' | 'Application' {
  const { users, groups } = call.caller.tenant;
  if (users.has(id) || groups.has(id)) return 'User';
  principalOf(call, id);
  return 'Application';
}
