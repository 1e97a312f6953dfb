import { findByAddress, findUser, type Group, type User } from '../directory/tenant.ts';
import type { GraphCall } from './caller.ts';
import { GraphError, noSuchResource } from './graph-error.ts';
import { isHidden } from './replication.ts';

/** Permissions that let a caller read users, and groups with their members. */
export const readUsers: readonly string[] = [
  'User.Read.All',
  'User.ReadWrite.All',
  'User.ReadBasic.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];
export const readGroups: readonly string[] = [
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'Directory.Read.All',
  'Directory.ReadWrite.All',
];

/** Finds a user by id, user principal name or `me`. Throws 404 Request_ResourceNotFound. */
export function userOf(call: GraphCall, key: string): User {
  const { caller } = call;
  if (key.toLowerCase() === 'me' && caller.userId === undefined) {
    throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
  }
  const user = findUser(caller.tenant, key.toLowerCase() === 'me' ? (caller.userId ?? '') : key);
  if (user === undefined || isHidden(call, user.createdDateTime)) throw noSuchResource(key);
  return user;
}

/** Finds a group by id. Throws 404 Request_ResourceNotFound. */
export function groupOf(call: GraphCall, id: string): Group {
  const group = call.caller.tenant.groups.get(id.toLowerCase());
  if (group === undefined || isHidden(call, group.createdDateTime)) throw noSuchResource(id);
  return group;
}

/** The one user there can be with a value of these properties; undefined where nothing is known by that property. */
export function usersBy({ caller: { tenant } }: GraphCall, property: string, value: string): User[] | undefined {
  const only = (user: User | undefined): User[] => (user === undefined ? [] : [user]);
  switch (property) {
    case 'id':
      return only(tenant.users.get(value.toLowerCase()));
    case 'userprincipalname':
      return only(findUser(tenant, value));
    case 'mail':
      return only(findByAddress(tenant, value));
    case 'proxyaddresses/any':
      return only(findByAddress(tenant, value.replace(/^smtp:/i, '')));
    default:
      return undefined;
  }
}
