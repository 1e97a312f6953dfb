import type { Account } from 'oidc-provider';
import { listGroupsOfSubject, type World } from '#store';
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
 * What the provider says of a person: all of it comes from the session, that is from the last sign-in; groups, which
 * products take for roles, from the directory as it is now.
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
    roles: session.roles,
    ...(scope.split(' ').includes('groups') ? { groups: await groupsOf(world, session) } : {}),
  }),
});

/** The display names of the person's provisioned groups, in their order; what the proof told of, where the directory has no such user. */
async function groupsOf(world: World, session: ValidSession): Promise<readonly string[]> {
  const { organizationId, directoryId, userId } = session;
  if (userId === null) return session.groups ?? [];
  const groups = await world.store.read(listGroupsOfSubject, { organizationId, directoryId, userId });
  return groups.map(({ name }) => name).sort();
}
