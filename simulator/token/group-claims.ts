import type { Application, OptionalClaim } from '../applications/application.ts';
import { assignedRoles } from '../applications/register.ts';
import { directoryRoles } from '../directory/directory-roles.ts';
import { directGroups, type Group, type Tenant, transitiveGroups, type User } from '../directory/tenant.ts';
import { clouds } from '../hosts/clouds.ts';
import type { Claims } from './claims.ts';

/** Beyond so many groups a JWT names none and points to Graph instead (the overage); in a URL it only says that there are some. */
const groupLimits = { usual: 200, implicit: 5 } as const;

/** Which token groups and roles are for. */
type GroupsFor = {
  readonly token: keyof Application['optionalClaims'];
  /** Whether the token travels in a URL (implicit grant). */
  readonly implicit?: boolean;
};

/** Groups and directory roles as the app's registration asks for them, and the app roles the person holds. */
export function groupAndRoleClaims(
  application: Application,
  tenant: Tenant,
  user: User,
  { token, implicit = false }: GroupsFor,
): Claims {
  const principal = tenant.servicePrincipals.get(application.appId);
  const roleIds = (principal && assignedRoles(tenant, principal, user.id)) ?? new Set<string>();
  const roles = application.appRoles.filter((role) => roleIds.has(role.id)).map((role) => role.value);
  const groups = groupsFor(application, tenant, user);
  const options = application.optionalClaims[token].find(({ name }) => name === 'groups')?.additionalProperties ?? [];
  const wids = asksFor(application, 'DirectoryRole') && !implicit ? { wids: directoryRolesOf(tenant, user) } : {};
  if (groups !== undefined && options.includes('emit_as_roles'))
    return { roles: groupNames(application, groups, options), ...wids };
  return {
    ...(roles.length === 0 ? {} : { roles }),
    ...(groups === undefined ? {} : groupClaims(tenant, user, groupNames(application, groups, options), implicit)),
    ...wids,
  };
}

/** Template ids of the directory roles somebody holds; the last stands for every member, or guest, of a tenant. */
export function directoryRolesOf(tenant: Tenant, user: User): string[] {
  const held = [...(tenant.directoryRoles.get(user.id) ?? [])].map((name) => directoryRoles[name]);
  return [...held, user.userType === 'Guest' ? guestRole : memberRole];
}

const memberRole = 'b79fbf4d-3ef9-4689-8143-76b194e85509';
const guestRole = '10dae51f-b6af-4016-8d66-8c2a99b929b3';

function asksFor({ groupMembershipClaims }: Application, kind: string): boolean {
  const settings = (groupMembershipClaims ?? '').split(',').map((setting) => setting.trim());
  return settings.includes(kind) || (settings.includes('All') && kind !== 'ApplicationGroup');
}

function groupsFor(application: Application, tenant: Tenant, user: User): Group[] | undefined {
  if (asksFor(application, 'SecurityGroup')) return transitiveGroups(tenant, user.id);
  if (!asksFor(application, 'ApplicationGroup')) return undefined;
  const assignments = tenant.servicePrincipals.get(application.appId)?.assignments;
  return directGroups(tenant, user.id).filter((group) => assignments?.has(group.id));
}

/** Object ids, or display names where `cloud_displayname` is set, which works with assigned groups only. */
function groupNames(
  application: Application,
  groups: readonly Group[],
  options: OptionalClaim['additionalProperties'],
): string[] {
  const named = options.includes('cloud_displayname') && application.groupMembershipClaims === 'ApplicationGroup';
  return groups.map((group) => (named ? group.displayName : group.id));
}

/** The groups, or beyond the limit the overage, whose endpoint names the retired Azure AD Graph as Entra's still does. */
function groupClaims({ cloud }: Tenant, user: User, groups: readonly string[], implicit: boolean): Claims {
  if (groups.length === 0) return {};
  if (groups.length <= groupLimits[implicit ? 'implicit' : 'usual']) return { groups };
  if (implicit) return { hasgroups: true };
  return {
    _claim_names: { groups: 'src1' },
    _claim_sources: {
      src1: { endpoint: `https://${clouds[cloud].azureAdGraphHost}/users/${user.id}/getMemberObjects` },
    },
  };
}
