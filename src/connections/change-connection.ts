import type { Connection, CreateConnection, EventType, UpdateConnection } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { becomesDue, only, type Transaction } from '#store';
import { writeAuthorities } from './authorities.ts';
import { type ConnectionRow, readSettings, toConnection } from './connection.ts';
import { nameDomains, refuseFreeMail } from './domains.ts';
import type { EntraWorld } from './entra-world.ts';
import { soonestExpiry, watchExpiry } from './expiry.ts';
import { removeAccessTokens } from './queries/access-token.ts';
import { removeAssertionTrusts, removeAssertionUses } from './queries/assertion.ts';
import { removeAuthorities } from './queries/authority.ts';
import {
  findConnection,
  insertConnection,
  lockConnection,
  removeConnection,
  updateConnection,
} from './queries/connection.ts';
import { removeCredentials } from './queries/credential.ts';
import { insertDomainScope, removeDomainScopes } from './queries/domain.ts';
import { findOrganization } from './queries/organization.ts';
import { insertScope, removeScope } from './queries/scope.ts';
import { removeSecrets } from './queries/secret.ts';
import { changedSettings, settingsOfNew } from './settings.ts';

/** Adds a connection as a draft. */
export async function createConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  input: CreateConnection,
): Promise<Connection> {
  const draft = await settingsOfNew(world, input);
  refuseFreeMail(draft.domains, 'domains');
  return world.store.write(async (tx) => {
    if ((await tx.run(findOrganization, { organizationId })).length === 0)
      throw notFound('organization', organizationId);
    if ((await tx.run(insertScope, { connectionId: input.id, organizationId })).length === 0) {
      throw new Problem('conflict', {
        detail: `the id ${input.id} is taken, or was once`,
        remedy: 'choose another id; ids are never used again',
        errors: [{ field: 'id', detail: 'is taken' }],
      });
    }
    const row = only(
      await tx.run(insertConnection, { organizationId, id: input.id, draft: JSON.stringify(draft), at: world.now() }),
    );
    if (row === undefined) throw new Error('the connection was not inserted');
    await watchExpiry(tx, organizationId, input.id);
    await nameDomains(world, tx, cause, organizationId, draft.domains);
    await recordOf(world, tx, cause, row, 'connection.created', { settings: draft });
    return toConnection(world, row, null);
  });
}

/** Changes the draft; the live settings stay until it is activated. */
export async function changeConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
  change: UpdateConnection,
  version: number | undefined,
): Promise<Connection> {
  const found = only(await world.store.read(findConnection, { organizationId, id }));
  const before = readSettings(found?.draft ?? found?.live ?? null);
  if (found === undefined || before === null) throw notFound('connection', id);
  const draft = await changedSettings(world, before, change);
  if (change.domains !== undefined) refuseFreeMail(draft.domains, 'domains');
  return transition(world, cause, organizationId, id, 'connection.updated', { before, after: draft }, (row) => {
    if (row.version !== (version ?? found.version)) {
      throw new Problem('version-changed', { detail: 'the connection was changed meanwhile', remedy: 'read it again' });
    }
    return {
      ...row,
      draft: JSON.stringify(draft),
      draft_tested_at: null,
      state: row.live === null ? 'draft' : row.state,
    };
  });
}

/** Marks the draft as tested, where it is still the one that was tested. */
export function markTested(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
  version: number,
): Promise<Connection> {
  return transition(world, cause, organizationId, id, 'connection.tested', {}, (row) => {
    if (row.version !== version)
      throw new Problem('version-changed', {
        detail: 'the draft was changed during its test',
        remedy: 'test it again',
      });
    return { ...row, draft_tested_at: world.now(), state: row.live === null ? 'tested' : row.state };
  });
}

/** Makes the tested draft live, or takes a paused connection up again. */
export function activateConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
): Promise<Connection> {
  return transition(world, cause, organizationId, id, 'connection.activated', {}, (row) => {
    if (row.draft === null && row.state === 'paused') return { ...row, state: 'active' };
    if (row.draft === null)
      throw new Problem('wrong-state', {
        detail: 'the connection is active and has no draft',
        remedy: 'change its settings first',
      });
    if (row.draft_tested_at === null)
      throw new Problem('wrong-state', { detail: 'the draft is not tested', remedy: 'test the connection first' });
    return { ...row, state: 'active', live: row.draft, draft: null, draft_tested_at: null, previous: row.live };
  });
}

/** Pauses an active connection. */
export function pauseConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
): Promise<Connection> {
  return transition(world, cause, organizationId, id, 'connection.paused', {}, (row) => {
    if (row.state !== 'active')
      throw new Problem('wrong-state', {
        detail: `the connection is ${row.state}, not active`,
        remedy: 'only an active connection can be paused',
      });
    return { ...row, state: 'paused' };
  });
}

/** Makes the settings before the last activation live again; those that were live become the draft. */
export function rollBackConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
): Promise<Connection> {
  return transition(world, cause, organizationId, id, 'connection.rolled_back', {}, (row) => {
    if (row.previous === null)
      throw new Problem('wrong-state', {
        detail: 'there are no settings to go back to',
        remedy: 'it was activated once at most',
      });
    return { ...row, live: row.previous, draft: row.live, draft_tested_at: null, previous: null };
  });
}

/** Deletes a connection that is not active. Its id is never used again. */
export function deleteConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
  version: number | undefined,
): Promise<void> {
  return world.store.write(async (tx) => {
    const row = only(await tx.run(lockConnection, { organizationId, id }));
    if (row === undefined) throw notFound('connection', id);
    if (version !== undefined && version !== row.version)
      throw new Problem('version-changed', { detail: 'the connection was changed meanwhile', remedy: 'read it again' });
    if (row.state === 'active')
      throw new Problem('wrong-state', { detail: 'the connection is active', remedy: 'pause it first' });
    await tx.run(removeDomainScopes, { connectionId: id });
    await tx.run(removeSecrets, { organizationId, connectionId: id });
    await tx.run(removeAuthorities, { organizationId, connectionId: id });
    for (const remove of [removeCredentials, removeAccessTokens, removeAssertionTrusts, removeAssertionUses])
      await tx.run(remove, { organizationId, directoryId: id });
    await tx.run(removeConnection, { organizationId, id });
    await tx.run(removeScope, { connectionId: id, at: world.now() });
    await endSessionsOf(world, tx, row);
    await recordOf(world, tx, cause, row, 'connection.deleted', {});
  });
}

async function transition(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
  type: EventType,
  data: Record<string, unknown>,
  next: (row: ConnectionRow) => ConnectionRow,
): Promise<Connection> {
  const row = await world.store.write(async (tx) => {
    const before = only(await tx.run(lockConnection, { organizationId, id }));
    if (before === undefined) throw notFound('connection', id);
    const after = next(before);
    const updated = only(
      await tx.run(updateConnection, {
        organizationId,
        id,
        state: after.state,
        live: after.live,
        draft: after.draft,
        previous: after.previous,
        draftTestedAt: after.draft_tested_at,
        at: world.now(),
      }),
    );
    if (updated === undefined) throw new Error('the connection vanished under its lock');
    const named = readSettings(after.draft)?.domains ?? [];
    if (after.draft !== before.draft) await nameDomains(world, tx, cause, organizationId, named);
    const of = { organizationId, connectionId: id };
    let leavesOut = updated.state === 'paused' && before.state !== 'paused';
    if (after.live !== before.live) {
      await routeDomains(world, tx, cause, updated);
      leavesOut = (await writeAuthorities(tx, of, readSettings(updated.live))) || leavesOut;
    }
    if (leavesOut) await endSessionsOf(world, tx, updated);
    await recordOf(world, tx, cause, updated, type, data);
    return updated;
  });
  return toConnection(world, row, await soonestExpiry(world, organizationId, id));
}

/** Sessions by a connection that is paused, gone, or no longer for their people are not valid any more; that they are ended for good becomes due. */
const endSessionsOf = (world: EntraWorld, tx: Transaction, { organization_id: organizationId, id }: ConnectionRow) =>
  becomesDue(tx, { kind: 'signin.sweepSessions', organizationId, subject: `${id}/${world.now()}` });

async function routeDomains(world: EntraWorld, tx: Transaction, cause: Cause, row: ConnectionRow): Promise<void> {
  const { organization_id: organizationId, id: connectionId } = row;
  await tx.run(removeDomainScopes, { connectionId });
  const domains = readSettings(row.live)?.domains ?? [];
  await nameDomains(world, tx, cause, organizationId, domains);
  for (const domain of domains) {
    const taken = await tx.run(insertDomainScope, { domain, organizationId, connectionId });
    if (taken.length > 0) continue;
    throw new Problem('conflict', {
      detail: `people of ${domain} are sent to another connection already`,
      remedy: 'take the domain off the other connection first',
      errors: [{ field: 'domains', detail: `${domain} is taken` }],
    });
  }
}

const recordOf = (
  world: EntraWorld,
  tx: Transaction,
  cause: Cause,
  row: ConnectionRow,
  type: EventType,
  data: Record<string, unknown>,
) =>
  record(world, tx, cause, {
    organizationId: row.organization_id,
    type,
    subject: { type: 'connection', id: row.id, name: readSettings(row.live ?? row.draft)?.name ?? null },
    data,
  });
