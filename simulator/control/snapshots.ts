import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { restoreSnapshot, type Snapshot, takeSnapshot } from '../snapshots/snapshot.ts';
import type { World } from '../world.ts';
import { notFound } from './control-error.ts';
import { readBody } from './read-body.ts';

const wanted = z.strictObject({ name: z.string().min(1).max(256).exactOptional() });

/** Snapshots of the whole world: take, list, download, go back to, forget. */
export function snapshotRoutes(world: World): Routes {
  const snapshotOf = (id: string): Snapshot => {
    const found = world.snapshots.get(id);
    if (found === undefined) throw notFound('snapshot', id);
    return found;
  };
  return {
    'GET /snapshots': () => json(200, { value: [...world.snapshots.values()].map(view) }),
    'POST /snapshots': (exchange) => {
      const { name } = readBody(exchange, wanted);
      const snapshot = addSnapshot(world, name);
      return json(201, view(snapshot));
    },
    'GET /snapshots/:snapshot': (_exchange, id) => ({
      status: 200,
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="world.snapshot"',
      },
      body: snapshotOf(id).bytes,
    }),
    'POST /snapshots/:snapshot/restore': async (_exchange, id) => {
      const snapshot = snapshotOf(id);
      await restoreSnapshot(world, snapshot.bytes);
      return json(200, view(snapshot));
    },
    'DELETE /snapshots/:snapshot': (_exchange, id) => {
      world.snapshots.delete(snapshotOf(id).id);
      return { status: 204 };
    },
  };
}

/** Takes a snapshot and keeps it. */
export function addSnapshot(world: World, name = 'snapshot'): Snapshot {
  const snapshot = { id: randomUUID(), name, takenAt: world.clock.now(), bytes: takeSnapshot(world) };
  world.snapshots.set(snapshot.id, snapshot);
  return snapshot;
}

function view({ id, name, takenAt, bytes }: Snapshot): Record<string, unknown> {
  return { id, name, takenAt: new Date(takenAt).toISOString(), bytes: bytes.length };
}
