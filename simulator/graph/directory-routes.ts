import { z } from 'zod';
import { findUser, type Group, type Tenant, transitiveGroups, type User } from '../directory/tenant.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { GraphError, noSuchResource, requestIds } from './graph-error.ts';
import { groupResource } from './group-view.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { readGraphBody } from './read-graph-body.ts';
import { shownOfUser, userResource } from './user-view.ts';

const users = { context: 'users', defaultTop: 100, mostTop: 999, shown: shownOfUser };
const groups = { context: 'groups', defaultTop: 100, mostTop: 999 };
const readUsers = ['User.Read.All', 'User.ReadWrite.All', 'User.ReadBasic.All', 'Directory.Read.All'] as const;
const readGroups = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'] as const;
const memberObjects = z.object({ securityEnabledOnly: z.boolean() });

/** Users, groups and the organization of the caller's tenant (Microsoft Graph v1.0). */
export function directoryRoutes(): Routes<GraphCall> {
  return {
    'GET /me': (call) => {
      requirePermission(call, 'User.Read', ...readUsers);
      return answerOne(call.exchange, userResource(userOf(call, 'me')), 'users', shownOfUser);
    },
    'GET /users': (call) => {
      requirePermission(call, ...readUsers);
      return answerPage(call.exchange, call.caller.tenant.users.values(), userResource, users);
    },
    'GET /users/:user': (call, key) => {
      requirePermission(call, ...readUsers, ...(call.caller.userId === undefined ? [] : ['User.Read']));
      return answerOne(call.exchange, userResource(userOf(call, key)), 'users', shownOfUser);
    },
    'GET /users/:user/manager': (call, key) => {
      requirePermission(call, ...readUsers);
      const manager = findUser(call.caller.tenant, userOf(call, key).managerId ?? '');
      if (manager === undefined) throw noSuchResource('manager');
      return answerOne(call.exchange, userResource(manager), 'directoryObjects', shownOfUser);
    },
    'POST /users/:user/getMemberObjects': (call, key) => {
      requirePermission(call, ...readUsers, ...readGroups);
      readGraphBody(call.exchange, memberObjects);
      const value = transitiveGroups(call.caller.tenant, userOf(call, key).id).map(({ id }) => id);
      return json(
        200,
        { '@odata.context': `${call.exchange.origin}/v1.0/$metadata#Collection(Edm.String)`, value },
        requestIds(call.exchange),
      );
    },
    'GET /groups': (call) => {
      requirePermission(call, ...readGroups);
      return answerPage(call.exchange, call.caller.tenant.groups.values(), groupResource, groups);
    },
    'GET /groups/:group': (call, id) => {
      requirePermission(call, ...readGroups);
      return answerOne(call.exchange, groupResource(groupOf(call, id)), 'groups');
    },
    'GET /groups/:group/members': (call, id) => {
      requirePermission(call, ...readGroups);
      const { tenant } = call.caller;
      const members = groupOf(call, id)
        .memberIds.values()
        .flatMap((member) => memberOf(tenant, member));
      return answerPage(call.exchange, members, memberResource, { ...users, context: 'directoryObjects' });
    },
    'GET /organization': (call) => {
      requirePermission(call, 'Organization.Read.All', 'User.Read', ...readUsers);
      return answerPage(call.exchange, [call.caller.tenant], organizationResource, {
        context: 'organization',
        defaultTop: 100,
        mostTop: 999,
      });
    },
  };
}

/** Finds a user by id, user principal name or `me`. Throws 404 Request_ResourceNotFound. */
function userOf({ caller }: GraphCall, key: string): User {
  if (key.toLowerCase() === 'me' && caller.userId === undefined) {
    throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
  }
  const user = findUser(caller.tenant, key.toLowerCase() === 'me' ? (caller.userId ?? '') : key);
  if (user === undefined) throw noSuchResource(key);
  return user;
}

function groupOf({ caller }: GraphCall, id: string): Group {
  const group = caller.tenant.groups.get(id.toLowerCase());
  if (group === undefined) throw noSuchResource(id);
  return group;
}

/** The user or group of an id, if it is there. */
function memberOf(tenant: Tenant, id: string): (User | Group)[] {
  const member = tenant.users.get(id) ?? tenant.groups.get(id);
  return member === undefined ? [] : [member];
}

function memberResource(member: User | Group): Record<string, unknown> {
  return 'memberIds' in member
    ? { '@odata.type': '#microsoft.graph.group', ...emptyUser, ...groupResource(member) }
    : { '@odata.type': '#microsoft.graph.user', ...userResource(member) };
}

/** Members of two types share one `$select`; what a group lacks reads as null. */
const emptyUser: Readonly<Record<string, null>> = Object.fromEntries(shownOfUser.map((name) => [name, null]));

function organizationResource(tenant: Tenant): Record<string, unknown> {
  return {
    id: tenant.id,
    displayName: tenant.name,
    tenantType: 'AAD',
    verifiedDomains: tenant.domains.map((name) => ({
      name,
      isDefault: name === tenant.domain,
      isInitial: name.endsWith('.onmicrosoft.com'),
      type: 'Managed',
    })),
  };
}
