import type { Account } from 'oidc-provider';
import { findLive } from '#connections';
import { listGroupsOfSubject, type World } from '#store';
import { rolesOfGroups } from '../accounts/roles.ts';
import type { ValidSession } from '../sessions/session.ts';

/** The claims that each scope gives, as discovery names them. */
export const claimsByScope = {
  openid: ['sub', 'org_id', 'connection', 'tid', 'oid'],
  profile: ['name', 'preferred_username'],
  email: ['email', 'email_verified'],
  groups: ['groups'],
  roles: ['roles'],
};

/**
 * What the provider says of a person: all of it comes from the session, that is from the last sign-in; groups, and the roles
 * that they give, from the directory as it is now.
 */
export const accountOf = (world: World, session: ValidSession): Account => ({
  accountId: session.accountId,
  claims: async (_use, scope) => ({
    sub: session.accountId,
    org_id: session.organizationId,
    ...(session.connectionId === '' ? {} : { connection: session.connectionId }),
    ...(session.tenantId === null ? {} : { tid: session.tenantId, oid: session.objectId }),
    name: session.name ?? session.userName,
    preferred_username: session.preferredUsername ?? session.userName,
    ...(session.email === null ? {} : { email: session.email, email_verified: session.emailVerified }),
    ...(await rolesAndGroups(world, session, scope.split(' '))),
  }),
});

/**
 * The roles of the proof and of the person's provisioned groups as they are now (S10), by the mappings of the connection that
 * is live; the display names of those groups in their order; what the proof told of, where the directory has no such user.
 */
async function rolesAndGroups(
  world: World,
  session: ValidSession,
  scopes: readonly string[],
): Promise<{ roles: readonly string[]; groups?: readonly string[] }> {
  const { organizationId, directoryId, userId, roles } = session;
  const wantsGroups = scopes.includes('groups');
  if (userId === null) return { roles, ...(wantsGroups ? { groups: session.groups ?? [] } : {}) };
  if (!wantsGroups && !scopes.includes('roles')) return { roles };
  const [groups, live] = await Promise.all([
    world.store.read(listGroupsOfSubject, { organizationId, directoryId, userId }),
    scopes.includes('roles') ? findLive(world, organizationId, directoryId) : undefined,
  ]);
  const given = live === undefined ? [] : rolesOfGroups(live.settings, groups);
  return {
    roles: [...new Set([...roles, ...given])].sort(),
    ...(wantsGroups ? { groups: groups.map(({ name }) => name).sort() } : {}),
  };
}
