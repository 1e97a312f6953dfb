import type { HeldChange, Page } from '#contract';
import { type PageQuery, toPage, type World } from '#store';
import { listHeldChanges } from '../queries/brake.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** P9: a page of what the brake has, in the order in which the users were created. */
export async function pageOfHeld(
  world: World,
  organizationId: string,
  directoryId: string,
  query: PageQuery & { state: HeldChange['state'] },
): Promise<Page<HeldChange>> {
  const rows = await world.store.read(listHeldChanges, {
    organizationId,
    directoryId,
    state: query.state,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(
    rows,
    query.limit,
    (row): HeldChange => ({
      user: { id: row.user_id, userName: row.user_name, displayName: row.display_name },
      wish: row.method === 'DELETE' ? 'delete' : 'deactivate',
      state: query.state,
      heldAt: iso(row.held_at),
      lastAskedAt: iso(row.last_at),
      times: row.times,
      token: row.token_name,
      request: row.request_id,
      method: row.method,
      path: row.path,
      body: row.body,
      refusedUntil: row.refused_until === null ? null : iso(row.refused_until),
    }),
    (row) => row.user_id,
  );
}
