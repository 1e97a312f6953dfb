import type { Cycle } from '#contract';

/** How often Entra's provisioning service runs a cycle, in milliseconds (how-provisioning-works). */
export const cycleMs = 40 * 60_000;

/** A client that is silent for so long has ended its cycle, in milliseconds. */
export const silenceMs = 10 * 60_000;

/** A cycle as it is stored. */
export interface CycleRow {
  id: string;
  client: string;
  started_at: number;
  last_at: number;
  requests: number;
  lookups: number;
  created: number;
  updated: number;
  disabled: number;
  deleted: number;
  unchanged: number;
  failed: number;
  references_failed: number;
  throttled: number;
  subject: string | null;
  resources: number;
}

/** P10: a cycle as the REST API shows it. It is under way until its client has been silent for a while. */
export function toCycle(row: CycleRow, now: number): Cycle {
  return {
    id: row.id,
    kind: kindOf(row),
    client: row.client === '' ? null : row.client,
    startedAt: new Date(row.started_at).toISOString(),
    lastAt: new Date(row.last_at).toISOString(),
    endedAt: now - row.last_at < silenceMs ? null : new Date(row.last_at).toISOString(),
    requests: row.requests,
    lookups: row.lookups,
    created: row.created,
    updated: row.updated,
    disabled: row.disabled,
    deleted: row.deleted,
    unchanged: row.unchanged,
    failed: row.failed,
    referencesFailed: row.references_failed,
    throttled: row.throttled,
    resourceId: row.subject === '' ? null : row.subject,
  };
}

/** Users and groups that a cycle wrote or tried to write. */
const writes = (row: CycleRow): number =>
  row.created + row.updated + row.disabled + row.deleted + row.unchanged + row.failed;

/** How many users and groups a cycle was about, as far as traffic tells: each is looked up, or written. */
export const objectsOf = (row: CycleRow): number => Math.max(row.lookups, writes(row));

/** What a cycle was, as far as traffic tells: clients do not say it. */
function kindOf(row: CycleRow): Cycle['kind'] {
  if (writes(row) + row.references_failed === 0 && row.subject === null && row.requests <= 10) return 'test';
  if (row.subject !== null && row.subject !== '') return 'single';
  // It brought most of what is there, or looked at it.
  if (row.created > row.resources) return 'initial';
  return row.resources >= 20 && objectsOf(row) >= 0.9 * row.resources ? 'initial' : 'incremental';
}
