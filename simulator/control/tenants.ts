import { z } from 'zod';
import { addMember, deleteGroup, insertGroup, removeMember, updateGroup } from '../directory/change-groups.ts';
import {
  DirectoryRefusal,
  deleteUser,
  insertUser,
  purgeUser,
  restoreUser,
  updateUser,
} from '../directory/change-users.ts';
import { findTenant, findUser, type Group, type Tenant, type User } from '../directory/tenant.ts';
import { type Answer, type Exchange, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody, readNumber } from './read-body.ts';

const text = z.string().min(1).max(256);
const optionalText = z.string().max(1024).nullable();
const userProperties = {
  displayName: text,
  userPrincipalName: text,
  accountEnabled: z.boolean(),
  mail: optionalText,
  mailNickname: text,
  givenName: optionalText,
  surname: optionalText,
  userType: z.enum(['Member', 'Guest']),
  homeTenantId: optionalText,
  jobTitle: optionalText,
  department: optionalText,
  companyName: optionalText,
  employeeId: optionalText,
  businessPhones: z.array(text),
  otherMails: z.array(text),
  proxyAddresses: z.array(text),
  mobilePhone: optionalText,
  faxNumber: optionalText,
  officeLocation: optionalText,
  streetAddress: optionalText,
  city: optionalText,
  state: optionalText,
  postalCode: optionalText,
  country: optionalText,
  preferredLanguage: optionalText,
  managerId: optionalText,
  hasMailbox: z.boolean(),
};
const changedUser = z.strictObject(userProperties).exactPartial();
/** A new user; `managerId` and `homeTenantId` may be names. */
export const newUser = changedUser.extend({
  id: z.uuid().toLowerCase().exactOptional(),
  displayName: text,
  userPrincipalName: text,
});
const changedGroup = z
  .strictObject({ displayName: text, description: optionalText, mailNickname: text })
  .exactPartial();
/** A new group; members by id, user name or display name of a group. */
export const newGroup = changedGroup.extend({
  id: z.uuid().toLowerCase().exactOptional(),
  displayName: text,
  members: z.array(text).optional(),
});
const members = z.strictObject({ add: z.array(text).optional(), remove: z.array(text).optional() });

/** Finds the tenant of a control path by id or domain. Throws ControlError 404. */
export function tenantOf(world: World, key: string): Tenant {
  const tenant = findTenant(world.tenants, key);
  if (tenant === undefined) throw notFound('tenant', key);
  return tenant;
}

/** Tenants, their users and groups, seen and changed from outside as an administrator would. */
export function tenantRoutes(world: World): Routes {
  const now = (): number => world.clock.now();
  return {
    'GET /tenants': () => json(200, { value: [...world.tenants.values()].map(tenantView) }),
    'GET /tenants/:tenant': (_exchange, key) => json(200, tenantView(tenantOf(world, key))),
    'GET /tenants/:tenant/users': (exchange, key) => listUsers(exchange, tenantOf(world, key)),
    'POST /tenants/:tenant/users': (exchange, key) => {
      const tenant = tenantOf(world, key);
      const { id = world.random.uuid(), ...body } = readBody(exchange, newUser);
      checkFree(tenant, id);
      const user = refusing(() => insertUser(tenant, id, named(world, tenant, body), now()));
      // Who makes a tenant administers it.
      if (tenant.users.size === 1) tenant.directoryRoles.set(id, new Set(['Global Administrator']));
      return json(201, userView(user));
    },
    'GET /tenants/:tenant/users/:user': (_exchange, key, id) => json(200, userView(userOf(tenantOf(world, key), id))),
    'PATCH /tenants/:tenant/users/:user': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const user = userOf(tenant, id);
      const change = readBody(exchange, changedUser);
      refusing(() => updateUser(tenant, user, named(world, tenant, change)));
      return json(200, userView(user));
    },
    'DELETE /tenants/:tenant/users/:user': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const hard = exchange.url.searchParams.get('hard') === 'true';
      const user = hard ? (tenant.deletedUsers.get(id) ?? userOf(tenant, id)) : userOf(tenant, id);
      if (hard) purgeUser(tenant, user);
      else deleteUser(tenant, user, now());
      return { status: 204 };
    },
    'POST /tenants/:tenant/users/:user/restore': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const user = tenant.deletedUsers.get(id);
      if (user === undefined) throw notFound('deleted user', id);
      refusing(() => restoreUser(tenant, user));
      return json(200, userView(user));
    },
    'GET /tenants/:tenant/groups': (exchange, key) => listGroups(exchange, tenantOf(world, key)),
    'POST /tenants/:tenant/groups': (exchange, key) => {
      const tenant = tenantOf(world, key);
      const { id = world.random.uuid(), members: ids = [], ...body } = readBody(exchange, newGroup);
      checkFree(tenant, id);
      const group = insertGroup(
        tenant,
        id,
        body,
        ids.map((id) => memberOf(tenant, id)),
        now(),
      );
      return json(201, groupView(group));
    },
    'GET /tenants/:tenant/groups/:group': (_exchange, key, id) =>
      json(200, groupView(groupOf(tenantOf(world, key), id))),
    'PATCH /tenants/:tenant/groups/:group': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const group = groupOf(tenant, id);
      updateGroup(tenant, group, readBody(exchange, changedGroup));
      return json(200, groupView(group));
    },
    'DELETE /tenants/:tenant/groups/:group': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      deleteGroup(tenant, groupOf(tenant, id));
      return { status: 204 };
    },
    'POST /tenants/:tenant/groups/:group/members': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const group = groupOf(tenant, id);
      const { add = [], remove = [] } = readBody(exchange, members);
      for (const member of add.map((name) => memberOf(tenant, name))) addMember(tenant, group, member);
      for (const member of remove) removeMember(tenant, group, findUser(tenant, member)?.id ?? member);
      return json(200, groupView(group));
    },
  };
}

/** What the control API and `simulateEntra` show of a tenant. */
function tenantView(tenant: Tenant): Record<string, unknown> {
  const { id, name, domain, domains, users, groups, deletedUsers } = tenant;
  return { id, name, domain, domains, users: users.size, groups: groups.size, deletedUsers: deletedUsers.size };
}

/** What is shown of a user: Graph's properties, and the memberships are asked for at the groups. */
function userView({ changed: _changed, createdDateTime, deletedDateTime, ...user }: User): Record<string, unknown> {
  const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());
  return { ...user, createdDateTime: iso(createdDateTime), deletedDateTime: iso(deletedDateTime) };
}

/** What is shown of a group, with the ids of its members. */
function groupView(group: Group): Record<string, unknown> {
  return { ...groupSummary(group), members: [...group.memberIds] };
}

function groupSummary({
  changed: _changed,
  memberIds: _members,
  createdDateTime,
  ...group
}: Group): Record<string, unknown> {
  return { ...group, createdDateTime: new Date(createdDateTime).toISOString() };
}

function listUsers(exchange: Exchange, tenant: Tenant): Answer {
  const query = exchange.url.searchParams;
  const search = query.get('search')?.toLowerCase();
  const enabled = query.get('accountEnabled');
  const source = query.get('deleted') === 'true' ? tenant.deletedUsers : tenant.users;
  const fits = (user: User): boolean =>
    (search === undefined || `${user.displayName} ${user.userPrincipalName}`.toLowerCase().includes(search)) &&
    (enabled === null || String(user.accountEnabled) === enabled);
  // Only what is searched for has to be looked at whole.
  if (search === undefined && enabled === null) return listPage(exchange, source.values(), source.size, userView);
  const found = source.values().filter(fits).toArray();
  return listPage(exchange, found.values(), found.length, userView);
}

/** Groups by how many members they have; the group itself names them. */
function listGroups(exchange: Exchange, { groups }: Tenant): Answer {
  return listPage(exchange, groups.values(), groups.size, (group) => ({
    ...groupSummary(group),
    memberCount: group.memberIds.size,
  }));
}

function listPage<T>(exchange: Exchange, items: IteratorObject<T>, count: number, view: (item: T) => unknown): Answer {
  const skip = readNumber(exchange, 'skip', 0, Number.MAX_SAFE_INTEGER);
  const limit = readNumber(exchange, 'limit', 1000, 10_000);
  return json(200, { count, value: items.drop(skip).take(limit).map(view).toArray() });
}

/** Finds a user by id or user principal name. Throws ControlError 404. */
export function userOf(tenant: Tenant, key: string): User {
  const user = findUser(tenant, key);
  if (user === undefined) throw notFound('user', key);
  return user;
}

function groupOf(tenant: Tenant, id: string): Group {
  const group = tenant.groups.get(id);
  if (group === undefined) throw notFound('group', id);
  return group;
}

/** The id of a member: a user by id or name, or a group by id or display name. */
function memberOf(tenant: Tenant, key: string): string {
  return (tenant.groups.get(key) ?? findUser(tenant, key))?.id ?? groupNamed(tenant, key).id;
}

function groupNamed(tenant: Tenant, name: string): Group {
  const group = tenant.groups.values().find(({ displayName }) => displayName === name);
  if (group === undefined) throw notFound('user or group', name);
  return group;
}

/** The manager and the home tenant by their ids, whichever way they were named. */
function named<Properties extends { managerId?: string | null; homeTenantId?: string | null }>(
  { tenants }: World,
  tenant: Tenant,
  { managerId, homeTenantId, ...rest }: Properties,
) {
  const manager = typeof managerId === 'string' ? findUser(tenant, managerId)?.id : managerId;
  if (managerId !== manager && manager === undefined)
    throw new ControlError(400, 'invalidBody', `managerId: there is no user '${managerId}' in the tenant`);
  const home =
    typeof homeTenantId === 'string' ? (findTenant(tenants, homeTenantId)?.id ?? homeTenantId) : homeTenantId;
  return {
    ...rest,
    ...(manager === undefined ? {} : { managerId: manager }),
    ...(home === undefined ? {} : { homeTenantId: home }),
  };
}

function checkFree(tenant: Tenant, id: string): void {
  if (tenant.users.has(id) || tenant.deletedUsers.has(id) || tenant.groups.has(id))
    throw new ControlError(409, 'taken', `id: '${id}' is another object's`);
}

function refusing<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (error instanceof DirectoryRefusal) throw new ControlError(400, 'refused', error.message);
    throw error;
  }
}
