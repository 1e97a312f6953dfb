import { setImmediate as nextTurn } from 'node:timers/promises';
import type { World } from '#store';
import { type Directory, scopeOf } from '../exchange.ts';
import { listMembers } from '../queries/membership.ts';

/** Members read by one statement: few enough that nobody else waits for it. */
const atOnce = 1000;

/**
 * The members of a group as the JSON text of the SCIM attribute `members`, undefined without any. Read page by page, and
 * others have their turn in between.
 */
export async function membersText(world: World, directory: Directory, groupId: string): Promise<string | undefined> {
  const parts: string[] = [];
  for (let after = ''; ; await nextTurn()) {
    const rows = await world.store.read(listMembers, { ...scopeOf(directory), groupId, after, limit: atOnce });
    for (const { value, type, userDisplay, groupDisplay } of rows) {
      const display = userDisplay ?? groupDisplay ?? undefined;
      const $ref = type === null ? undefined : `${directory.baseUrl}/${type}s/${value}`;
      parts.push(JSON.stringify({ value, $ref, type: type ?? undefined, display }));
    }
    const last = rows.at(-1);
    if (rows.length < atOnce || last === undefined) break;
    after = last.value;
  }
  return parts.length === 0 ? undefined : `[${parts.join(',')}]`;
}
