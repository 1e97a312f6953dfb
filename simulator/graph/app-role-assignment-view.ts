import { createHash } from 'node:crypto';
import type { ServicePrincipal } from '../applications/application.ts';
import type { GraphCall } from './caller.ts';
import { principalsOf } from './find-application.ts';

/** One role that somebody holds at an API or app (appRoleAssignment of Microsoft Graph). */
export type AssignmentView = Readonly<Record<string, string | null>> & { readonly id: string };

/** Who holds which roles of an enterprise app. */
export function assignmentsTo(call: GraphCall, resource: ServicePrincipal): AssignmentView[] {
  return [...resource.assignments].flatMap(([holderId, roles]) =>
    [...roles].map(([roleId, since]) => assignmentView(call, resource, holderId, roleId, since)),
  );
}

/** The roles that a user, a group or an app holds, at whichever enterprise app. */
export function assignmentsOfHolder(call: GraphCall, holderId: string): AssignmentView[] {
  return [...principalsOf(call)].flatMap((resource) =>
    [...(resource.assignments.get(holderId) ?? [])].map(([roleId, since]) =>
      assignmentView(call, resource, holderId, roleId, since),
    ),
  );
}

/** An assignment as Graph shows it. */
export function assignmentView(
  call: GraphCall,
  resource: ServicePrincipal,
  holderId: string,
  appRoleId: string,
  since: number,
): AssignmentView {
  const { world, caller } = call;
  const user = caller.tenant.users.get(holderId);
  const group = caller.tenant.groups.get(holderId);
  return {
    id: assignmentId(resource.id, holderId, appRoleId),
    deletedDateTime: null,
    appRoleId,
    createdDateTime: new Date(since).toISOString(),
    principalDisplayName: user?.displayName ?? group?.displayName ?? nameOfPrincipal(call, holderId),
    principalId: holderId,
    principalType: user ? 'User' : group ? 'Group' : 'ServicePrincipal',
    resourceDisplayName: world.applications.get(resource.appId)?.displayName ?? null,
    resourceId: resource.id,
  };
}

/** The holder's id and what tells his assignments apart, so that an assignment is found by its id without a walk. */
export function assignmentId(resourceId: string, holderId: string, appRoleId: string): string {
  const rest = createHash('sha256').update(`${resourceId}/${appRoleId}`).digest().subarray(0, 16);
  return Buffer.concat([Buffer.from(holderId.replaceAll('-', ''), 'hex'), rest]).toString('base64url');
}

/** Whose assignment an id is; undefined for what is none. */
export function holderOf(id: string): string | undefined {
  const hex = Buffer.from(id, 'base64url').toString('hex');
  if (hex.length !== 64) return undefined;
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function nameOfPrincipal(call: GraphCall, id: string): string | null {
  for (const principal of principalsOf(call))
    if (principal.id === id) return call.world.applications.get(principal.appId)?.displayName ?? null;
  return null;
}
