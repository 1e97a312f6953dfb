import {
  applyPatch,
  documentText,
  type JsonObject,
  parseDocument,
  type ResourceChange,
  type ResourceType,
  readPatchRequest,
  readProjectionNames,
  readResource,
  replaceResource,
} from '#scim';
import { only, type Transaction, type World } from '#store';
import { holdBack } from '../brake/hold-back.ts';
import { withdrawHeld } from '../brake/withdraw-held.ts';
import { count } from '../counts.ts';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { changeEntries } from '../index-entries.ts';
import { requireVersion } from '../preconditions.ts';
import { findUserByName, lockUser, updateUser } from '../queries/user.ts';
import { recordRequest } from '../recorded-request.ts';
import { projectionOf, resourceHeaders, resourceText } from '../resource-answer.ts';
import { userColumns } from '../user-columns.ts';
import { userChanges } from './change-users.ts';
import { userNameTaken } from './create-user.ts';
import { noUser } from './get-user.ts';
import { describeUserChange, recordUserChange } from './tell-user-change.ts';

/** PATCH /Users/{id} (RFC 7644 §3.5.2): 200 with the user, also where nothing changed. */
export function patchUser(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { settings, types } = exchange.directory;
  const operations = readPatchRequest(exchange.body?.json, settings);
  const options = { resourceType: types.User, strict: settings.strict };
  return changeUser(world, exchange, id, (user) => applyPatch(user, operations, options));
}

/** PUT /Users/{id} (RFC 7644 §3.5.1): never creates; who is switched off stays so unless the body says otherwise. */
export function replaceUser(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const { settings, types } = exchange.directory;
  const { resource: sent } = readResource(exchange.body?.json, types.User, settings);
  return changeUser(world, exchange, id, (user) =>
    replaceResource(user, { active: user['active'] !== false, ...sent }, types.User),
  );
}

async function changeUser(
  world: World,
  exchange: Exchange,
  id: string,
  change: (user: JsonObject) => ResourceChange,
): Promise<Answer> {
  const answer = await makeChange(world, exchange, id, change);
  if (answer.status === 200) await withdrawHeld(world, exchange, id);
  return answer;
}

async function makeChange(
  world: World,
  exchange: Exchange,
  id: string,
  change: (user: JsonObject) => ResourceChange,
): Promise<Answer> {
  const outcome = await world.store.together(userChanges, exchange.directory.id, { world, exchange, id, change });
  if (outcome !== 'alone') {
    if ('refusal' in outcome) throw outcome.refusal;
    return outcome.answer;
  }
  const wanted: { name?: string } = {};
  try {
    return await world.store.write((tx) => changeLocked(world, tx, exchange, id, change, wanted));
  } catch (error) {
    // Two that take one user name at the same moment: the database refuses the later one, whatever its words.
    if (wanted.name !== undefined && (await isTaken(world, exchange, id, wanted.name)))
      throw userNameTaken(wanted.name);
    throw error;
  }
}

async function changeLocked(
  world: World,
  tx: Transaction,
  exchange: Exchange,
  id: string,
  change: (user: JsonObject) => ResourceChange,
  wanted: { name?: string },
): Promise<Answer> {
  const { directory } = exchange;
  const scope = scopeOf(directory);
  const projection = projectionOf(directory, 'User', readProjectionNames(exchange.query));
  const row = only(await tx.run(lockUser, { ...scope, id, baseUrl: directory.baseUrl }));
  if (row === undefined) throw noUser(id);
  requireVersion(exchange, row.version);
  const before = parseDocument(row.document);
  const isOvertaken = exchange.released !== undefined && exchange.released.version !== row.version;
  const wished = isOvertaken ? switchOff(before, directory.types.User) : change(before);
  const { resource: after, changed, changes } = keepSwitchedOff(wished, before);
  const groups = projection.without.has('groups') ? undefined : (row.groups ?? undefined);
  const answerWith = (stored: typeof row, outcome: Answer['outcome']): Answer => ({
    status: 200,
    body: resourceText(directory, 'User', stored, projection, { groups }),
    headers: resourceHeaders(directory, 'User', stored),
    outcome,
  });
  if (!changed) {
    return answerWith(row, {
      kind: 'unchanged',
      text: `Changed nothing: ${row.user_name} is so already.`,
      resourceId: id,
    });
  }
  const columns = userColumns(after);
  if (row.active === 1 && columns.active === 0) {
    const held = await holdBack(world, tx, exchange, { id, name: row.user_name, version: row.version });
    if (held !== undefined) return held;
  }
  const at = world.now();
  const document = documentText(after, directory.types.User);
  if (columns.userName !== row.user_name) {
    wanted.name = columns.userName;
    const holder = only(await tx.run(findUserByName, { ...scope, userNameFolded: columns.userNameFolded }));
    if (holder !== undefined && holder.id !== id) throw userNameTaken(columns.userName);
  }
  await tx.run(updateUser, { ...scope, id, ...columns, document, at });
  await changeEntries(tx, directory, 'User', [{ id, before, resource: after }]);
  await recordUserChange(world, tx, exchange, row, columns, changes);
  const stored = { ...row, document, version: row.version + 1, updated_at: at };
  const answer: Answer = {
    ...answerWith(stored, {
      kind: 'changed',
      text: isOvertaken
        ? `${describeUserChange(row, columns, changes)} ${overtaken}`
        : describeUserChange(row, columns, changes),
      resourceId: id,
      changes,
    }),
    recorded: true,
  };
  await recordRequest(world, tx, exchange, answer);
  await count(tx, directory, { activeUsers: columns.active - row.active });
  return answer;
}

/** What is made of a released change whose user was changed since it was held. */
const switchOff = (user: JsonObject, type: ResourceType): ResourceChange =>
  replaceResource(user, { ...user, active: false }, type);

const overtaken =
  'Nothing else was made of the request: the user was changed after it was held, and that stays. The client asks again for what it still wants.';

/** Taking `active` away from somebody who is switched off does not switch them on. */
function keepSwitchedOff(change: ResourceChange, before: JsonObject): ResourceChange {
  if (before['active'] !== false || change.resource['active'] !== undefined) return change;
  const changes = change.changes.filter(({ path }) => path !== 'active');
  const changed = changes.length > 0;
  return { resource: changed ? { ...change.resource, active: false } : before, changed, changes };
}

async function isTaken(world: World, { directory }: Exchange, id: string, userName: string): Promise<boolean> {
  const { userNameFolded } = userColumns({ userName });
  const holder = only(await world.store.read(findUserByName, { ...scopeOf(directory), userNameFolded }));
  return holder !== undefined && holder.id !== id;
}
