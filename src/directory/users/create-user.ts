import { type CausedFact, recordAll } from '#events';
import { documentText, type JsonObject, readProjectionNames, readResource, ScimError } from '#scim';
import { newId, type Together, type Transaction, type World } from '#store';
import { count } from '../counts.ts';
import { endSessionsOf } from '../end-sessions.ts';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { addEntries } from '../index-entries.ts';
import { insertUsers } from '../queries/user.ts';
import { recordRequests } from '../recorded-request.ts';
import { projectionOf, resourceHeaders, resourceText } from '../resource-answer.ts';
import { type UserColumns, userColumns, userRow } from '../user-columns.ts';

/** POST /Users (RFC 7644 §3.3). Of those who create one user name at the same time exactly one succeeds. */
export async function createUser(world: World, exchange: Exchange): Promise<Answer> {
  const { directory } = exchange;
  const projection = projectionOf(directory, 'User', readProjectionNames(exchange.query));
  const { resource: sent } = readResource(exchange.body?.json, directory.types.User, directory.settings);
  const at = world.now();
  const id = exchange.assignedId ?? newId(at);
  const user: JsonObject = { active: true, ...sent, id };
  const columns = userColumns(user);
  const row = { id, document: documentText(user, directory.types.User), version: 1, created_at: at, updated_at: at };
  const answer: Answer = {
    status: 201,
    body: resourceText(directory, 'User', row, projection, {}),
    headers: resourceHeaders(directory, 'User', row),
    outcome: { kind: 'changed', text: `Created the user ${columns.userName}.`, resourceId: id },
    recorded: true,
  };
  const created = { world, exchange, id, user, columns, document: row.document, at, answer };
  if (!(await world.store.together(creation, directory.id, created))) throw userNameTaken(columns.userName);
  return answer;
}

interface NewUser {
  world: World;
  exchange: Exchange;
  id: string;
  user: JsonObject;
  columns: UserColumns;
  document: string;
  at: number;
  answer: Answer;
}

/** Adds users to one directory; says of each whether its name was free. */
const creation: Together<NewUser, boolean> = {
  name: 'directory.createUser',
  run: async (tx, users) => {
    const [first] = users;
    if (first === undefined) return [];
    const { directory } = first.exchange;
    // In one order everywhere: two transactions that add the same names do not wait for each other in a circle.
    const ordered = users.toSorted((a, b) => (a.columns.userNameFolded < b.columns.userNameFolded ? -1 : 1));
    const rows = JSON.stringify(
      ordered.map(({ id, columns, document, at }) => ({ ...userRow(id, columns, document, at), created_at: at })),
    );
    const inserted = new Set((await tx.run(insertUsers, { ...scopeOf(directory), rows })).map(({ id }) => id));
    const added = users.filter(({ id }) => inserted.has(id));
    if (added.length > 0) await recordCreations(first.world, tx, directory, added);
    // Somebody may have signed in before being provisioned.
    const off = added.filter(({ columns }) => columns.active === 0);
    const leaving = off.map(({ id, columns }) => ({ id, externalId: columns.externalId }));
    await endSessionsOf(first.world, tx, first.exchange, leaving, 'switched off');
    return users.map(({ id }) => inserted.has(id));
  },
};

async function recordCreations(
  world: World,
  tx: Transaction,
  directory: Exchange['directory'],
  users: readonly NewUser[],
): Promise<void> {
  const facts: CausedFact[] = users.map(({ exchange, id, columns }) => ({
    cause: exchange.cause,
    type: 'user.created',
    subject: { type: 'user', id, name: columns.userName },
    data: { directory: directory.id, externalId: columns.externalId, active: columns.active === 1 },
  }));
  const resources = users.map(({ id, user }) => ({ id, resource: user }));
  const activeUsers = users.filter(({ columns }) => columns.active === 1).length;
  await Promise.all([
    addEntries(tx, directory, 'User', resources),
    recordAll(world, tx, directory.organizationId, facts),
    recordRequests(world, tx, users),
    count(tx, directory, { users: users.length, activeUsers, ids: users.map(({ id }) => id) }),
  ]);
}

/** 409 for a user name that somebody else has. */
export const userNameTaken = (userName: string): ScimError =>
  new ScimError(409, 'uniqueness', `userName ${JSON.stringify(userName)} is already in use in this directory`);
