import { setTimeout as delay } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { startSchedule } from '../provisioning/schedule.ts';
import type { World } from '../world.ts';
import { refill, stateOf } from './world-state.ts';

/** A whole world at one moment. */
export type Snapshot = {
  readonly id: string;
  readonly name: string;
  /** By the simulator's clock. */
  readonly takenAt: number;
  /** What `restoreSnapshot` reads; also the content of a snapshot's file. */
  readonly bytes: Buffer;
};

/** What was given as a snapshot is none, or one of another version of the simulator. */
export class SnapshotFault extends Error {}

const kind = 'portico simulator snapshot';

/** Changes with every change to the shape of the state. */
const version = 1;

/** So long work that is ended may take before the other state comes in its place, in milliseconds. */
const patienceMs = 2_000;

/** The world as it is now, as bytes in the format of `v8.serialize`. */
export function takeSnapshot(world: World): Buffer {
  return serialize({ kind, version, state: stateOf(world) });
}

/**
 * Puts the world back as it was: everything but the snapshots themselves. Cycles under way end first; started jobs go on from
 * where the snapshot has them, the cycle that it caught under way begins again. Throws SnapshotFault and changes nothing.
 */
export async function restoreSnapshot(world: World, bytes: Uint8Array): Promise<void> {
  const live = stateOf(world);
  const saved = readSnapshot(bytes, Object.keys(live));
  world.underWay.end.abort();
  await Promise.race([Promise.allSettled(world.underWay.runs), delay(patienceMs, undefined, { ref: false })]);
  world.underWay.end = new AbortController();
  world.underWay.schedules.clear();
  world.underWay.asking.clear();
  for (const [name, member] of Object.entries(live)) refill(member, saved.get(name) ?? {});
  settle(world);
}

/** What was under way when the snapshot was taken is not any more. */
function settle(world: World): void {
  world.faults.release();
  for (const load of world.mailboxLoads.values()) load.inFlight = 0;
  for (const job of world.jobs.values()) {
    job.running = false;
    const tenant = world.tenants.get(job.tenantId);
    if (job.started && tenant !== undefined) startSchedule(world, tenant, job);
  }
}

function readSnapshot(bytes: Uint8Array, members: readonly string[]): Map<string, object> {
  const found = open(bytes);
  if (!isRecord(found) || found['kind'] !== kind || !isRecord(found['state']))
    throw new SnapshotFault('is not a snapshot of the simulator');
  const state = new Map(
    Object.entries(found['state']).filter((entry): entry is [string, object] => isObject(entry[1])),
  );
  if (found['version'] !== version || members.some((name) => !state.has(name)) || state.size !== members.length)
    throw new SnapshotFault('was taken by another version of the simulator');
  return state;
}

function open(bytes: Uint8Array): unknown {
  try {
    return deserialize(bytes);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const isRecord = (value: unknown): value is Record<string, unknown> => isObject(value) && !(value instanceof Map);
