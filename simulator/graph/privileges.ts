import { type DirectoryRole, holdsRole } from '../directory/directory-roles.ts';
import type { GraphCall } from './caller.ts';
import { GraphError } from './graph-error.ts';

/** Who may manage every application of a tenant (Microsoft Entra built-in roles); a Global Administrator holds all roles. */
export const applicationAdmins = [
  'Application Administrator',
  'Cloud Application Administrator',
] as const satisfies readonly DirectoryRole[];

/** What is owned, an application or a service principal; or, before that is looked up, anything the caller might own. */
type Owned = { readonly ownerIds: ReadonlySet<string> } | 'anything of its own';

const isOwner = ({ caller }: GraphCall, owned: Owned): boolean =>
  owned === 'anything of its own' || owned.ownerIds.has(caller.objectId);

/** Graph's refusal of what the token, or the person's role, does not allow. */
export const denied = (): GraphError =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');

/** Whether a token carries one of some permissions, or that of a person to do whatever he may do himself. */
export function hasPermission({ caller: { permissions, userId } }: GraphCall, ...anyOf: readonly string[]): boolean {
  if (anyOf.some((name) => permissions.has(name))) return true;
  return userId !== undefined && permissions.has('Directory.AccessAsUser.All');
}

/** Demands a permission to change things, and of a signed-in person one of some directory roles. Throws 403. */
export function requirePrivilege(call: GraphCall, anyOf: readonly string[], ...roles: readonly DirectoryRole[]): void {
  const { tenant, userId } = call.caller;
  if (!hasPermission(call, ...anyOf)) throw denied();
  if (userId !== undefined && !holdsRole(tenant, userId, ...roles)) throw denied();
}

/**
 * Demands that the caller may change an application or a service principal: `Application.ReadWrite.All` (of a person with the
 * role, or who owns it), or `Application.ReadWrite.OwnedBy` of an app that owns it. Throws 403.
 */
export function requireManagement(call: GraphCall, owned: Owned, ...more: readonly string[]): void {
  const { tenant, userId, permissions } = call.caller;
  const owns = isOwner(call, owned);
  if (userId === undefined && owns && permissions.has('Application.ReadWrite.OwnedBy')) return;
  if (!hasPermission(call, 'Application.ReadWrite.All', 'Directory.ReadWrite.All', ...more)) throw denied();
  if (userId !== undefined && !owns && !holdsRole(tenant, userId, ...applicationAdmins)) throw denied();
}

/** Demands that the caller may make applications: any member may, unless the token does not let the client. Throws 403. */
export function requireCreation(call: GraphCall): void {
  const names = ['Application.ReadWrite.All', 'Directory.ReadWrite.All', 'AppRegistration.Create'];
  const own = call.caller.userId === undefined ? ['Application.ReadWrite.OwnedBy'] : [];
  if (!hasPermission(call, ...names, ...own)) throw denied();
}

const readApplications = [
  'Application.Read.All',
  'Application.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];

/** Demands that the caller may read applications; `Application.ReadWrite.OwnedBy` shows those the caller owns. Throws 403. */
export function requireReading(call: GraphCall, owned?: Owned): void {
  if (hasPermission(call, ...readApplications)) return;
  const { permissions } = call.caller;
  if (permissions.has('Application.ReadWrite.OwnedBy') && owned !== undefined && isOwner(call, owned)) return;
  throw denied();
}
