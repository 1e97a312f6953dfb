import { record } from '#events';
import {
  applyPatch,
  type Change,
  documentText,
  type JsonObject,
  type MemberChange,
  type Projection,
  parseDocument,
  planGroupPatch,
  type ResourceChange,
  readPatchRequest,
  readProjectionNames,
  readResource,
  replaceResource,
} from '#scim';
import { only, type Transaction, type World } from '#store';
import { eventChanges } from '../describe-changes.ts';
import { endSessionsOf, endSessionsOfOutsiders } from '../end-sessions.ts';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { changeEntries } from '../index-entries.ts';
import { requireVersion } from '../preconditions.ts';
import { countMembers, findGroup, findGroupByName, lockGroup, updateGroup } from '../queries/group.ts';
import { recordRequest } from '../recorded-request.ts';
import { projectionOf, resourceHeaders, resourceText, type StoredResource } from '../resource-answer.ts';
import { changeMembers } from './change-members.ts';
import { groupText, noGroup } from './group-answer.ts';
import { displayNameTaken, groupColumns } from './group-columns.ts';
import { planReplacement } from './plan-replacement.ts';

/** A change of a group: of its attributes, and of its members. */
interface Wanted {
  attributes: (group: JsonObject) => ResourceChange;
  members: readonly MemberChange[];
}

/** What a change has done so far; large ones take several transactions on SQLite. */
interface Progress {
  changes: readonly Change[];
  added: readonly string[];
  removed: readonly string[];
  rest: readonly MemberChange[];
  row: StoredResource & { display_name: string; member_count: number };
}

/**
 * PATCH /Groups/{id} (RFC 7644 §3.5.2). 204 as Microsoft advises, since an answer could have 100,000 members; 200 with
 * the group where `attributes` are asked for. A member that is added or removed touches that row and the group's version.
 */
export async function patchGroup(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { settings, types } = exchange.directory;
  const projection = projectionOf(exchange.directory, 'Group', readProjectionNames(exchange.query));
  const operations = readPatchRequest(exchange.body?.json, settings);
  const options = { resourceType: types.Group, strict: settings.strict };
  const { attributes, members } = planGroupPatch(operations, options);
  const wanted: Wanted = {
    attributes: (group) => applyPatch(group, attributes, options),
    members,
  };
  const { row, answer } = await changeGroup(world, exchange, id, wanted);
  if (!exchange.query.has('attributes') && !exchange.query.has('excludedAttributes')) return answer;
  return answerWithGroup(world, exchange, row, answer, projection);
}

/** PUT /Groups/{id} (RFC 7644 §3.5.1): members that are not in the body are members no longer. */
export async function replaceGroup(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { settings, types } = exchange.directory;
  const projection = projectionOf(exchange.directory, 'Group', readProjectionNames(exchange.query));
  const { resource: sent, members: values } = readResource(exchange.body?.json, types.Group, settings);
  const wanted: Wanted = {
    attributes: (group) => replaceResource(group, sent, types.Group),
    members: [values.length === 0 ? { kind: 'removeAll' } : { kind: 'replace', values }],
  };
  const { row, answer } = await changeGroup(world, exchange, id, wanted);
  return answerWithGroup(world, exchange, row, answer, projection);
}

async function answerWithGroup(
  world: World,
  exchange: Exchange,
  row: Progress['row'],
  answer: Answer,
  projection: Projection,
): Promise<Answer> {
  return { ...answer, status: 200, body: await groupText(world, exchange.directory, row, projection) };
}

async function changeGroup(
  world: World,
  exchange: Exchange,
  id: string,
  wanted: Wanted,
): Promise<{ row: Progress['row']; answer: Answer }> {
  const name: { wanted?: string } = {};
  try {
    const members = await planMembers(world, exchange, id, wanted.members);
    let progress: Progress | undefined;
    for (;;) {
      const before = progress;
      const step = await world.store.write(async (tx) => {
        const after = await takeStep(world, tx, exchange, id, { ...wanted, members }, before, name);
        const done = after.rest.length === 0 ? await finish(world, tx, exchange, after) : undefined;
        return { after, done };
      });
      if (step.done !== undefined) return { row: step.after.row, answer: step.done };
      progress = step.after;
    }
  } catch (error) {
    if (name.wanted !== undefined && (await isTaken(world, exchange, id, name.wanted)))
      throw displayNameTaken(name.wanted);
    throw error;
  }
}

async function planMembers(
  world: World,
  { directory }: Exchange,
  id: string,
  changes: readonly MemberChange[],
): Promise<MemberChange[]> {
  if (!changes.some(({ kind }) => kind === 'replace')) return [...changes];
  const row = only(await world.store.read(findGroup, { ...scopeOf(directory), id }));
  const planned: MemberChange[] = [];
  for (const change of changes) {
    planned.push(...(await planReplacement(world, directory, id, row?.member_count ?? 0, change)));
  }
  return planned;
}

/** Does as much as one transaction may: attributes at first, then members. */
async function takeStep(
  world: World,
  tx: Transaction,
  exchange: Exchange,
  id: string,
  wanted: Wanted,
  before: Progress | undefined,
  name: { wanted?: string },
): Promise<Progress> {
  const { directory } = exchange;
  const scope = scopeOf(directory);
  const row = only(await tx.run(lockGroup, { ...scope, id }));
  if (row === undefined) throw noGroup(id);
  if (before === undefined) requireVersion(exchange, row.version);
  const group = parseDocument(row.document);
  const change =
    before === undefined ? wanted.attributes(group) : { resource: group, changed: false, changes: before.changes };
  const columns = groupColumns(change.resource);
  if (change.changed && columns.displayName !== row.display_name) {
    name.wanted = columns.displayName;
    const holder = only(await tx.run(findGroupByName, { ...scope, displayNameFolded: columns.displayNameFolded }));
    if (holder !== undefined && holder.id !== id) throw displayNameTaken(columns.displayName);
  }
  const members = await changeMembers(tx, directory, id, before?.rest ?? wanted.members);
  const at = world.now();
  const more = members.added.length - members.removed.length;
  const touched = members.added.length + members.removed.length > 0;
  const document = change.changed ? documentText(change.resource, directory.types.Group) : row.document;
  if (change.changed) {
    await tx.run(updateGroup, { ...scope, id, ...columns, document, more, at });
    await changeEntries(tx, directory, 'Group', [{ id, before: group, resource: change.resource }]);
  } else if (touched) {
    await tx.run(countMembers, { ...scope, id, more, versions: 1, at });
  }
  const moved = change.changed || touched;
  return {
    changes: change.changes,
    added: [...(before?.added ?? []), ...members.added],
    removed: [...(before?.removed ?? []), ...members.removed],
    rest: members.rest,
    row: {
      ...row,
      document,
      display_name: columns.displayName,
      member_count: row.member_count + more,
      version: moved ? row.version + 1 : row.version,
      updated_at: moved ? at : row.updated_at,
    },
  };
}

/** Records what was done, once, with the last of its transactions. */
async function finish(world: World, tx: Transaction, exchange: Exchange, progress: Progress): Promise<Answer> {
  const { directory, cause } = exchange;
  const { changes, added, removed, row } = progress;
  const subject = { type: 'group', id: row.id, name: row.display_name };
  const fact = { organizationId: directory.organizationId, subject };
  const headers = resourceHeaders(directory, 'Group', row);
  if (changes.length === 0 && added.length + removed.length === 0) {
    const text = `Changed nothing: the group ${row.display_name} is so already.`;
    return { status: 204, body: null, headers, outcome: { kind: 'unchanged', text, resourceId: row.id } };
  }
  if (directory.settings.onlyMembersOf.length > 0) {
    const isRenamed = changes.some(({ path }) => path === 'displayName');
    if (isRenamed || removed.length > mostOneByOne) await endSessionsOfOutsiders(world, tx, directory);
    else
      await endSessionsOf(
        world,
        tx,
        exchange,
        removed.map((user) => ({ id: user, externalId: null })),
        'left a group',
      );
  }
  if (changes.length > 0) {
    const data = { directory: directory.id, changes: eventChanges(changes) };
    await record(world, tx, cause, { ...fact, type: 'group.updated', data });
  }
  if (added.length + removed.length > 0) {
    const data = {
      directory: directory.id,
      added: added.length,
      removed: removed.length,
      members: row.member_count,
    };
    await record(world, tx, cause, { ...fact, type: 'group.members_changed', data });
  }
  const answer: Answer = {
    status: 204,
    body: null,
    headers,
    outcome: {
      kind: 'changed',
      text: describe(row.display_name, changes, added.length, removed.length),
      resourceId: row.id,
      changes: [...changes, ...memberChanges(progress)],
    },
    recorded: true,
  };
  const body =
    exchange.method === 'PUT' ? resourceText(directory, 'Group', row, projectionOf(directory, 'Group', {}), {}) : null;
  await recordRequest(world, tx, exchange, { ...answer, status: body === null ? 204 : 200, body });
  return answer;
}

const mostShown = 50;

/** Of so many members who left it is asked one by one whether they have sessions. */
const mostOneByOne = 500;

/** The change of members as the recorder shows it: the numbers, and the first of the ids. */
function memberChanges({ added, removed, row }: Progress): Change[] {
  if (added.length + removed.length === 0) return [];
  const before = row.member_count - added.length + removed.length;
  const after = {
    count: row.member_count,
    ...(added.length > 0 ? { added: added.slice(0, mostShown) } : {}),
    ...(removed.length > 0 ? { removed: removed.slice(0, mostShown) } : {}),
  };
  return [{ path: 'members', before: { count: before }, after }];
}

function describe(name: string, changes: readonly Change[], added: number, removed: number): string {
  const some = (number: number) => `${number} ${number === 1 ? 'member' : 'members'}`;
  const parts = [
    changes.length > 0 ? `changed ${changes.map(({ path }) => path).join(', ')} of the group ${name}` : '',
    added > 0 ? `added ${some(added)} to the group ${name}` : '',
    removed > 0 ? `removed ${some(removed)} from the group ${name}` : '',
  ].filter((part) => part !== '');
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

async function isTaken(world: World, { directory }: Exchange, id: string, displayName: string): Promise<boolean> {
  const { displayNameFolded } = groupColumns({ displayName });
  const holder = only(await world.store.read(findGroupByName, { ...scopeOf(directory), displayNameFolded }));
  return holder !== undefined && holder.id !== id;
}
