import { only, type Transaction, type World } from '#store';
import { shardsOf } from './counts.ts';
import { type Directory, scopeOf } from './exchange.ts';
import {
  countAnchored,
  findAnchor,
  findGroupAfter,
  findUserAfter,
  insertAnchor,
  lockCounts,
  saveAnchored,
} from './queries/anchor.ts';
import type { TypeName } from './resource-answer.ts';

/**
 * Resources between two anchors: so many ids are walked at most. With a million there are so many anchors as makes their sum
 * cost what the walk does.
 */
const spacing = 4000;
/** Anchors that one transaction makes: few enough that nobody else waits for it. */
const atOnce = 8;
/** Behind every id. */
const end = '~';

/**
 * The id behind which the page begins that leaves out the first `offset` resources in the order of their ids; '' for the
 * first page. The first who goes beyond the anchors makes further ones.
 *
 * Anchors are ranges of ids with the number of resources in each, so that a sum over a small part of the directory says
 * near where a page begins. They count right whatever happens meanwhile: who adds or removes a resource writes one of the
 * directory's counts as the last thing before its commit, and is told with that how far anchors reach; who makes anchors holds
 * all of those counts. So each change either was committed before, and then the maker sees it, or is told of the new
 * anchors, and counts itself into the range in which its id lies. Behind the last anchor, where new ids lie, nothing is
 * counted and nobody waits.
 */
export async function startOfPage(world: World, directory: Directory, type: TypeName, offset: number): Promise<string> {
  if (offset === 0) return '';
  const scope = { ...scopeOf(directory), resourceType: type };
  const find = async () => only(await world.store.read(findAnchor, { ...scope, offset })) ?? { id: '', position: 0 };
  let { id: after, position } = offset < spacing ? { id: '', position: 0 } : await find();
  if (offset - position >= spacing) {
    let made = only(await world.store.read(countAnchored, scope))?.position ?? 0;
    while (made + spacing <= offset) {
      const more = await world.store.write((tx) => makeAnchors(tx, directory, type));
      if (more === 0) break;
      made += more * spacing;
    }
    ({ id: after, position } = await find());
  }
  if (position === offset) return after;
  // Ids alone are walked: a page read with an offset would put together the groups of everybody before it.
  const walk = type === 'User' ? findUserAfter : findGroupAfter;
  const last = only(await world.store.read(walk, { ...scope, after, skip: offset - position - 1 }));
  return last?.id ?? end;
}

/** Makes the next anchors behind the last; gives how many. */
async function makeAnchors(tx: Transaction, directory: Directory, type: TypeName): Promise<number> {
  const scope = scopeOf(directory);
  const shards = JSON.stringify(Array.from({ length: shardsOf(tx.dialect) }, (_, shard) => ({ shard })));
  const reached = (await tx.run(lockCounts, { ...scope, shards }))[0] ?? { usersAnchored: '', groupsAnchored: '' };
  const isUser = type === 'User';
  let after = isUser ? reached.usersAnchored : reached.groupsAnchored;
  let made = 0;
  for (; made < atOnce; made++) {
    const next = only(await tx.run(isUser ? findUserAfter : findGroupAfter, { ...scope, after, skip: spacing - 1 }));
    if (next === undefined) break;
    await tx.run(insertAnchor, { ...scope, resourceType: type, id: next.id, size: spacing });
    after = next.id;
  }
  if (made > 0) {
    await tx.run(saveAnchored, { ...scope, ...reached, [isUser ? 'usersAnchored' : 'groupsAnchored']: after });
  }
  return made;
}
