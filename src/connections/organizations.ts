import { revokeKeysOf } from '#access';
import type { Organization, Page } from '#contract';
import { type Cause, record, webhooksAreToGo } from '#events';
import { notFound, Problem } from '#http';
import { becomesDue, findAnyAccount, newId, only, type PageQuery, toPage, type World } from '#store';
import { listConnections } from './queries/connection.ts';
import { removeAllDomains, removeDomainOwner } from './queries/domain.ts';
import {
  findOrganization,
  insertOrganization,
  listLocalOrganizations,
  listOrganizations,
  removeOrganization,
  updateOrganization,
} from './queries/organization.ts';

type Row = { id: string; name: string; local_sign_in: number; version: number; created_at: number; updated_at: number };

const toOrganization = (row: Row): Organization => ({
  id: row.id,
  name: row.name,
  localSignIn: row.local_sign_in === 1,
  version: row.version,
  createdAt: new Date(row.created_at).toISOString(),
  updatedAt: new Date(row.updated_at).toISOString(),
});

/** A page of organizations; of the only one, where the caller sees no other. */
export async function pageOfOrganizations(
  world: World,
  onlyOne: string | null,
  query: PageQuery,
): Promise<Page<Organization>> {
  if (onlyOne !== null) return { items: [await getOrganization(world, onlyOne)] };
  const rows = await world.store.read(listOrganizations, { after: query.cursor ?? '', limit: query.limit + 1 });
  return toPage(rows, query.limit, toOrganization, (row) => row.id);
}

/** An organization. Throws `not-found`. */
export async function getOrganization(world: World, organizationId: string): Promise<Organization> {
  const row = only(await world.store.read(findOrganization, { organizationId }));
  if (row === undefined) throw notFound('organization', organizationId);
  return toOrganization(row);
}

/** Adds an organization. */
export function createOrganization(world: World, cause: Cause, input: { name: string }): Promise<Organization> {
  const at = world.now();
  const id = newId(at);
  return world.store.write(async (tx) => {
    const row = only(await tx.run(insertOrganization, { id, name: input.name, at }));
    if (row === undefined) throw new Error('the organization was not inserted');
    await record(world, tx, cause, {
      organizationId: id,
      type: 'organization.created',
      subject: { type: 'organization', id, name: input.name },
    });
    return toOrganization(row);
  });
}

/** Renames an organization, or says whether its people may have passwords and passkeys here. */
export function changeOrganization(
  world: World,
  cause: Cause,
  organizationId: string,
  change: { name?: string | undefined; localSignIn?: boolean | undefined },
  version: number | undefined,
): Promise<Organization> {
  return world.store.write(async (tx) => {
    const found = only(await tx.run(findOrganization, { organizationId }));
    if (found === undefined) throw notFound('organization', organizationId);
    const name = change.name ?? found.name;
    const localSignIn = change.localSignIn === undefined ? found.local_sign_in : change.localSignIn ? 1 : 0;
    const row = only(
      await tx.run(updateOrganization, {
        organizationId,
        version: version ?? found.version,
        name,
        localSignIn,
        at: world.now(),
      }),
    );
    if (row === undefined)
      throw new Problem('version-changed', {
        detail: 'the organization was changed meanwhile',
        remedy: 'read it again',
      });
    // Local sessions are not valid any more; that they are ended for good becomes due.
    if (localSignIn < found.local_sign_in)
      await becomesDue(tx, { kind: 'signin.sweepSessions', organizationId, subject: `/${world.now()}` });
    await record(world, tx, cause, {
      organizationId,
      type: 'organization.updated',
      subject: { type: 'organization', id: organizationId, name },
      data: {
        before: found.name,
        after: name,
        ...(localSignIn === found.local_sign_in ? {} : { localSignIn: localSignIn === 1 }),
      },
    });
    return toOrganization(row);
  });
}

/**
 * Deletes an organization that has neither connections nor accounts, with its domains and API keys, and with its webhooks once they have been
 * told; its events stay.
 */
export function deleteOrganization(world: World, cause: Cause, organizationId: string): Promise<void> {
  return world.store.write(async (tx) => {
    if ((await tx.run(findAnyAccount, { organizationId })).length > 0)
      throw new Problem('wrong-state', {
        detail: 'the organization still has accounts',
        remedy: 'delete its accounts first',
      });
    const [connection] = await tx.run(listConnections, { organizationId, after: '', limit: 1 });
    if (connection !== undefined) {
      throw new Problem('wrong-state', {
        detail: `the organization still has the connection ${connection.id}`,
        remedy: 'delete its connections first',
      });
    }
    const removed = only(await tx.run(removeOrganization, { organizationId }));
    if (removed === undefined) throw notFound('organization', organizationId);
    for (const { domain } of await tx.run(removeAllDomains, { organizationId }))
      await tx.run(removeDomainOwner, { organizationId, domain });
    await webhooksAreToGo(tx, organizationId);
    await revokeKeysOf(world, tx, cause, organizationId);
    await record(world, tx, cause, {
      organizationId,
      type: 'organization.deleted',
      subject: { type: 'organization', id: organizationId, name: removed.name },
    });
  });
}

/** The organizations whose people may have passwords and passkeys here, the first few by id. */
export const someLocalOrganizations = (world: World, most: number): Promise<{ id: string; name: string }[]> =>
  world.store.read(listLocalOrganizations, { limit: most });

/** The name of an organization whose people may have passwords and passkeys here; else undefined. */
export async function localOrganization(world: World, organizationId: string): Promise<{ name: string } | undefined> {
  const row = only(await world.store.read(findOrganization, { organizationId }));
  return row?.local_sign_in === 1 ? { name: row.name } : undefined;
}
