import type { Cycle, Page } from '#contract';
import { type PageQuery, toPage, type World } from '#store';
import { toCycle } from '../cycles/cycle.ts';
import { listCycles } from '../queries/cycle.ts';

/** After every id. */
const newest = '~';

/** P10: a page of the cycles of a directory, newest first. */
export async function pageOfCycles(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery,
): Promise<Page<Cycle>> {
  const values = { organizationId, directoryId, before: query.cursor ?? newest, limit: query.limit + 1 };
  const rows = await world.store.read(listCycles, values);
  const now = world.now();
  return toPage(
    rows,
    query.limit,
    (row) => toCycle(row, now),
    ({ id }) => id,
  );
}
