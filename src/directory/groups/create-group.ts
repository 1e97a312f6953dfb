import { record } from '#events';
import { documentText, type JsonObject, type Member, readProjectionNames, readResource } from '#scim';
import { newId, type Transaction, type World } from '#store';
import { count } from '../counts.ts';
import { type Answer, type Directory, type Exchange, scopeOf } from '../exchange.ts';
import { addEntries } from '../index-entries.ts';
import { countMembers, insertGroup } from '../queries/group.ts';
import { recordRequest } from '../recorded-request.ts';
import { projectionOf, resourceHeaders, resourceText } from '../resource-answer.ts';
import { changeMembers } from './change-members.ts';
import { groupText } from './group-answer.ts';
import { displayNameTaken, groupColumns } from './group-columns.ts';

/** POST /Groups (RFC 7644 §3.3). Names of groups are unique, without case, as Microsoft requires. */
export async function createGroup(world: World, exchange: Exchange): Promise<Answer> {
  const { directory, cause } = exchange;
  const projection = projectionOf(directory, 'Group', readProjectionNames(exchange.query));
  const { resource: sent, members } = readResource(exchange.body?.json, directory.types.Group, directory.settings);
  const at = world.now();
  const id = exchange.assignedId ?? newId(at);
  const group: JsonObject = { ...sent, id };
  const columns = groupColumns(group);
  const document = documentText(group, directory.types.Group);
  const row = { id, document, version: 1, created_at: at, updated_at: at };
  const answer: Answer = {
    status: 201,
    body: resourceText(directory, 'Group', row, projection, {}),
    headers: resourceHeaders(directory, 'Group', row),
    outcome: { kind: 'changed', text: describe(columns.displayName, members.length), resourceId: id },
    recorded: true,
  };
  let left = await world.store.write(async (tx) => {
    const [inserted] = await tx.run(insertGroup, { ...scopeOf(directory), id, ...columns, document, at });
    if (inserted === undefined) throw displayNameTaken(columns.displayName);
    await addEntries(tx, directory, 'Group', [{ id, resource: group }]);
    const rest = await addSome(tx, directory, id, members, at);
    await record(world, tx, cause, {
      organizationId: directory.organizationId,
      type: 'group.created',
      subject: { type: 'group', id, name: columns.displayName },
      data: { directory: directory.id, externalId: columns.externalId, members: members.length },
    });
    await recordRequest(world, tx, exchange, answer);
    await count(tx, directory, { groups: 1, id });
    return rest;
  });
  while (left.length > 0) {
    const values = left;
    left = await world.store.write((tx) => addSome(tx, directory, id, values, at));
  }
  if (members.length === 0) return answer;
  return { ...answer, body: await groupText(world, directory, row, projection) };
}

/** Adds as many members as one transaction may; the rest is given back. The group is at its first version all the while. */
async function addSome(
  tx: Transaction,
  directory: Directory,
  id: string,
  members: readonly Member[],
  at: number,
): Promise<Member[]> {
  if (members.length === 0) return [];
  const { added, rest } = await changeMembers(tx, directory, id, [{ kind: 'add', values: [...members] }]);
  await tx.run(countMembers, { ...scopeOf(directory), id, more: added.length, versions: 0, at });
  return rest.flatMap((change) => (change.kind === 'add' ? change.values : []));
}

const describe = (name: string, members: number): string =>
  members === 0
    ? `Created the group ${name}.`
    : `Created the group ${name} with ${members} ${members === 1 ? 'member' : 'members'}.`;
