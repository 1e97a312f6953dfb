import { type EntraWorld, getConnection, markTested, requireComplete } from '#connections';
import type { Check, CheckReport, Connection } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { runChecks } from './run-checks.ts';

/** Runs the checks on the live settings, or on the draft where nothing is live. Changes nothing. */
export async function checkConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
): Promise<CheckReport> {
  const connection = await getConnection(world, organizationId, id);
  return report(world, cause, connection, connection.live === null ? 'draft' : 'live');
}

/**
 * Runs the checks on the draft; without a failed one the connection is tested. Throws `wrong-state` where there is no
 * draft or it is not complete, `version-changed` where it was changed meanwhile.
 */
export async function testConnection(
  world: EntraWorld,
  cause: Cause,
  organizationId: string,
  id: string,
): Promise<CheckReport> {
  const connection = await getConnection(world, organizationId, id);
  if (connection.draft === null) {
    throw new Problem('wrong-state', {
      detail: 'the connection has no draft to test',
      remedy: 'change its settings first; the checks of the live settings run without a test',
    });
  }
  requireComplete(connection.draft);
  const made = await report(world, cause, connection, 'draft');
  const failed = made.checks.filter(({ outcome }) => outcome === 'failed');
  if (failed.length === 0) await markTested(world, cause, organizationId, id, connection.version);
  else await recordFailure(world, cause, connection, failed);
  return made;
}

async function report(
  world: EntraWorld,
  cause: Cause,
  connection: Connection,
  which: CheckReport['settings'],
): Promise<CheckReport> {
  const settings = connection[which];
  if (settings === null) throw notFound('connection', connection.id);
  const { organization: organizationId, id } = connection;
  const checks = await runChecks(world, { organizationId, id, settings }, cause.requestId);
  return { settings: which, at: new Date(world.now()).toISOString(), checks };
}

const recordFailure = (world: EntraWorld, cause: Cause, connection: Connection, failed: readonly Check[]) =>
  world.store.write((tx) =>
    record(world, tx, cause, {
      organizationId: connection.organization,
      type: 'connection.test_failed',
      subject: { type: 'connection', id: connection.id, name: connection.name },
      data: { failed: failed.map(({ name, saw }) => ({ name, saw })) },
    }),
  );
