import { type CheckOf, connectionChecks, type EntraWorld, type LiveConnection } from '#connections';
import type { Check } from '#contract';
import { directoryChecks } from '#directory';
import { mailChecks } from '#mail';
import { signinChecks } from '#signin';
import { StoreUnavailable } from '#store';
import { checkPermissions } from './check-permissions.ts';

/** Every room's checks, in the order in which a connection is set up. */
const everyCheck: readonly CheckOf[] = [
  ...connectionChecks,
  ...signinChecks,
  checkPermissions,
  ...directoryChecks,
  ...mailChecks,
];

/** A check that has not answered after this is reported as not answered. */
const limitMs = 20_000;

/**
 * D8: runs all checks at once. One that fails in a way it did not foresee is reported as failed with the request id, under
 * which the log has the rest; only a database that is not there fails the whole.
 */
export async function runChecks(
  world: EntraWorld,
  connection: LiveConnection,
  requestId: string | null,
  checks: readonly CheckOf[] = everyCheck,
  patienceMs = limitMs,
): Promise<Check[]> {
  const answers = await Promise.all(checks.map((check) => answerOf(world, connection, check, requestId, patienceMs)));
  return answers.flat();
}

async function answerOf(
  world: EntraWorld,
  connection: LiveConnection,
  check: CheckOf,
  requestId: string | null,
  patienceMs: number,
): Promise<Check | readonly Check[]> {
  const about = { name: `setup.${check.name || 'check'}`, title: 'A check without an answer', link: null };
  const matters = 'What it asks about is not known until it answers.';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Check>((resolve) => {
    timer = setTimeout(
      () =>
        resolve({
          ...about,
          matters,
          outcome: 'failed',
          saw: `No answer within ${patienceMs / 1000} seconds.`,
          next: 'Check the network between this machine and Microsoft Entra, then repeat the checks.',
        }),
      patienceMs,
    );
  });
  try {
    return await Promise.race([check(world, connection), late]);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    world.log.error({ error, requestId, connection: connection.id, check: check.name }, 'a check failed unforeseen');
    return {
      ...about,
      matters,
      outcome: 'failed',
      saw: 'It failed here, in a way that was not foreseen.',
      next: requestId === null ? 'Look into the log.' : `Look for ${requestId} in the log.`,
    };
  } finally {
    clearTimeout(timer);
  }
}
