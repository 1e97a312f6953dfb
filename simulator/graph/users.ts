import type { z } from 'zod';
import { ensureCredential } from '../credentials/credential.ts';
import { changePassword, newPasswordFault } from '../credentials/passwords.ts';
import { DirectoryRefusal, deleteUser, insertUser, updateUser } from '../directory/change-users.ts';
import { findUser, type User } from '../directory/tenant.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { revokeSessions } from '../sign-in/revoke-sessions.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { directoryObject, referencedId } from './directory-object.ts';
import { readUsers, userOf, usersBy } from './find-member.ts';
import { badRequest, GraphError, noSuchResource, requestIds } from './graph-error.ts';
import { answerCount, answerItem, answerOne, answerPage, type PageRules } from './odata-page.ts';
import { reference } from './owners.ts';
import { requirePrivilege } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { visible } from './replication.ts';
import { changedUser, newUser } from './user-shape.ts';
import { shownOfUser, userResource } from './user-view.ts';

/** People: list, get, create, change, delete, and their managers (user resource type of Microsoft Graph v1.0). */
export function userRoutes(): Routes<GraphCall> {
  return {
    'GET /me': (call) => {
      requirePermission(call, 'User.Read', ...readUsers);
      return answerItem(call.exchange, userOf(call, 'me'), userResource, rulesOf(call));
    },
    'GET /users': (call) => {
      requirePermission(call, ...readUsers);
      return answerPage(call.exchange, visible(call, call.caller.tenant.users.values()), userResource, rulesOf(call));
    },
    'GET /users/$count': (call) => {
      requirePermission(call, ...readUsers);
      return answerCount(call.exchange, call.caller.tenant.users.values(), userResource, rulesOf(call));
    },
    'POST /users': (call) => {
      requireChange(call);
      const { world, caller } = call;
      const {
        passwordProfile,
        passwordPolicies: _,
        usageLocation: __,
        ...properties
      } = readGraphBody(call.exchange, newUser);
      const id = world.random.uuid();
      const user = refusing(() => insertUser(caller.tenant, id, properties, world.clock.now()));
      try {
        setPassword(call, user, passwordProfile);
      } catch (error) {
        caller.tenant.users.delete(id);
        caller.tenant.idByName.delete(user.userPrincipalName.toLowerCase());
        throw error;
      }
      return answerOne(call.exchange, userResource(user), 'users', shownOfUser, 201);
    },
    'GET /users/:user': (call, key) => {
      const isOwn = findUser(call.caller.tenant, key)?.id === call.caller.userId;
      requirePermission(call, ...readUsers, ...(isOwn ? ['User.Read'] : []));
      return answerItem(call.exchange, userOf(call, key), userResource, rulesOf(call));
    },
    'PATCH /users/:user': (call, key) => {
      requireChange(call);
      const user = userOf(call, key);
      const {
        passwordProfile,
        passwordPolicies: _,
        usageLocation: __,
        ...change
      } = readGraphBody(call.exchange, changedUser);
      if (passwordProfile) setPassword(call, user, passwordProfile);
      refusing(() => updateUser(call.caller.tenant, user, change));
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /users/:user': (call, key) => {
      requireChange(call);
      deleteUser(call.caller.tenant, userOf(call, key), call.world.clock.now());
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'POST /users/:user/revokeSignInSessions': (call, key) => {
      requirePrivilege(
        call,
        ['User.RevokeSessions.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
        'User Administrator',
      );
      revokeSessions(call.world, userOf(call, key).id);
      const context = `${call.exchange.origin}/v1.0/$metadata#Edm.Boolean`;
      return json(200, { '@odata.context': context, value: true }, requestIds(call.exchange));
    },
    'GET /users/:user/manager': (call, key) => {
      requirePermission(call, ...readUsers);
      const manager = directoryObject(call, userOf(call, key).managerId ?? '');
      if (manager === undefined) throw noSuchResource('manager');
      return answerOne(call.exchange, manager, 'directoryObjects', shownOfUser);
    },
    'PUT /users/:user/manager/$ref': (call, key) => {
      requireChange(call);
      const managerId = referencedId(call, readGraphBody(call.exchange, reference)['@odata.id']);
      if (!call.caller.tenant.users.has(managerId)) throw badRequest('Only a user can be a manager here.');
      updateUser(call.caller.tenant, userOf(call, key), { managerId });
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /users/:user/manager/$ref': (call, key) => {
      requireChange(call);
      updateUser(call.caller.tenant, userOf(call, key), { managerId: null });
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'GET /users/:user/directReports': (call, key) => {
      requirePermission(call, ...readUsers);
      const { id } = userOf(call, key);
      const reports = [...call.caller.tenant.users.values()].filter(({ managerId }) => managerId === id);
      return answerPage(call.exchange, reports, userResource, { ...rulesOf(call), context: 'directoryObjects' });
    },
  };
}

function requireChange(call: GraphCall): void {
  requirePrivilege(call, ['User.ReadWrite.All', 'Directory.ReadWrite.All'], 'User Administrator');
}

function setPassword(
  { world, caller }: GraphCall,
  user: User,
  profile: z.infer<typeof newUser>['passwordProfile'],
): void {
  if (newPasswordFault(user, null, profile.password) !== undefined)
    throw badRequest(
      'The specified password does not comply with password complexity requirements. Please provide a different password.',
    );
  changePassword(caller.tenant, user, profile.password);
  ensureCredential(caller.tenant, user.id).mustChangePassword = profile.forceChangePasswordNextSignIn ?? true;
  revokeSessions(world, user.id);
}

/** The directory's own refusals, in Graph's words. */
function refusing<T>(change: () => T): T {
  try {
    return change();
  } catch (error) {
    if (!(error instanceof DirectoryRefusal)) throw error;
    if (/taken/.test(error.message))
      throw badRequest(`Another object with the same value for property ${error.property} already exists.`);
    throw new GraphError(
      400,
      'Request_BadRequest',
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
    );
  }
}

/** How lists of users are answered. */
function rulesOf(call: GraphCall): PageRules<User> {
  return {
    context: 'users',
    defaultTop: 100,
    mostTop: 999,
    shown: shownOfUser,
    directory: { orderedBy: ['displayname', 'userprincipalname'] },
    lookup: (property, value) => usersBy(call, property, value),
    expand: { manager: ({ managerId }) => directoryObject(call, managerId ?? '') ?? null },
  };
}
