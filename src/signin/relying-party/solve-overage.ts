import { appTokenFor, cloudOf, type EntraWorld, type LiveConnection } from '#connections';
import { EntraError, GraphError, graph } from '#entra';
import type { PersonClaims } from '#openid';
import { findSubject } from '#store';

/** So many groups go into a session: products read them, and a cookie's session is a row. */
const mostGroups = 1000;

/**
 * S10: the groups of a person where Entra left them out of the token for there are too many. A user of the directory has
 * them from provisioning, as they are now; for anybody else Graph is asked with an app-only token, at its own address and
 * never at the one in the token, which is retired (entra-docs access-token-claims-reference.md). Where Graph does not tell,
 * the person signs in without groups.
 */
export async function solveOverage(
  world: EntraWorld,
  connection: LiveConnection,
  person: PersonClaims,
): Promise<PersonClaims> {
  const { organizationId, id, settings } = connection;
  if (!person.groupsOverage || person.tenantId === undefined || person.tenantId !== settings.tenantId) return person;
  const sought = { organizationId, directoryId: id, externalId: person.objectId };
  if ((await world.store.read(findSubject, sought)).length > 0) return person;
  try {
    const { accessToken } = await appTokenFor(world, connection);
    const { body } = await graph({
      cloud: cloudOf(world, settings.cloud),
      token: async () => accessToken,
      fetch: world.fetch,
      now: world.now,
      log: world.log,
    }).request('POST', `/users/${person.objectId}/getMemberObjects`, { body: { securityEnabledOnly: false } });
    const value = typeof body === 'object' && body !== null && 'value' in body ? body.value : undefined;
    if (!Array.isArray(value)) return person;
    const groups = value.filter((it) => typeof it === 'string').slice(0, mostGroups);
    return { ...person, groups, groupsOverage: false };
  } catch (error) {
    if (!(error instanceof GraphError) && !(error instanceof EntraError)) throw error;
    world.log.warn({ connection: id, error: error.message }, 'the groups of a person could not be read from Graph');
    return person;
  }
}
