import { z } from 'zod';
import { type DirectoryRole, directoryRoles } from '../directory/directory-roles.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { badRequest, conflict, noSuchResource, requestIds } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { requirePrivilege } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';

type Assignment = { readonly userId: string; readonly name: DirectoryRole };

const path = '/roleManagement/directory';
const writing = ['RoleManagement.ReadWrite.Directory'];
const reading = [...writing, 'RoleManagement.Read.Directory', 'Directory.Read.All', 'Directory.ReadWrite.All'];
const newAssignment = z.object({
  principalId: z.uuid(),
  roleDefinitionId: z.uuid(),
  directoryScopeId: z.literal('/').default('/'),
});
const entries = Object.entries(directoryRoles) as [DirectoryRole, string][];
const pages = { defaultTop: 100, mostTop: 999 } as const;

/** Directory roles that matter to who connects apps, and which people hold them (unifiedRoleAssignment of Microsoft Graph). */
export function roleAssignmentRoutes(): Routes<GraphCall> {
  return {
    [`GET ${path}/roleDefinitions`]: (call) => {
      requirePermission(call, ...reading);
      return answerPage(call.exchange, entries, definitionView, {
        context: 'roleManagement/directory/roleDefinitions',
        ...pages,
      });
    },
    [`GET ${path}/roleAssignments`]: (call) => {
      requirePermission(call, ...reading);
      return answerPage(call.exchange, assignmentsOf(call), view, { context, ...pages });
    },
    [`POST ${path}/roleAssignments`]: (call) => {
      requirePrivilege(call, writing, 'Privileged Role Administrator');
      const { principalId, roleDefinitionId } = readGraphBody(call.exchange, newAssignment);
      const name = entries.find(([, id]) => id === roleDefinitionId)?.[0];
      if (name === undefined) throw badRequest(`The role definition '${roleDefinitionId}' does not exist.`);
      const { users, directoryRoles: held } = call.caller.tenant;
      if (!users.has(principalId)) throw noSuchResource(principalId);
      const roles = held.get(principalId) ?? new Set<DirectoryRole>();
      if (roles.has(name))
        throw conflict(
          'A conflicting object with one or more of the specified property values is present in the directory.',
        );
      held.set(principalId, roles.add(name));
      return answerOne(call.exchange, view({ userId: principalId, name }), context, undefined, 201);
    },
    [`DELETE ${path}/roleAssignments/:assignment`]: (call, id) => {
      requirePrivilege(call, writing, 'Privileged Role Administrator');
      const found = assignmentsOf(call).find((assignment) => idOf(assignment) === id);
      if (found === undefined) throw noSuchResource(id);
      call.caller.tenant.directoryRoles.get(found.userId)?.delete(found.name);
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

const context = 'roleManagement/directory/roleAssignments';

const assignmentsOf = ({ caller }: GraphCall): Assignment[] =>
  [...caller.tenant.directoryRoles].flatMap(([userId, names]) => [...names].map((name) => ({ userId, name })));

const idOf = ({ userId, name }: Assignment): string =>
  Buffer.from(`${directoryRoles[name]}${userId}`.replaceAll('-', ''), 'hex').toString('base64url');

const view = (assignment: Assignment) => ({
  id: idOf(assignment),
  principalId: assignment.userId,
  roleDefinitionId: directoryRoles[assignment.name],
  directoryScopeId: '/',
});

const definitionView = ([displayName, id]: [DirectoryRole, string]) => ({
  id,
  displayName,
  description: displayName,
  isBuiltIn: true,
  isEnabled: true,
  templateId: id,
});
