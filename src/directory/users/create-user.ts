import { record } from '#events';
import { documentText, type JsonObject, readProjectionNames, readResource, ScimError } from '#scim';
import { newId, type World } from '#store';
import { count } from '../counts.ts';
import { type Answer, type Exchange, scopeOf } from '../exchange.ts';
import { addEntries } from '../index-entries.ts';
import { insertUser } from '../queries/user.ts';
import { recordRequest } from '../recorded-request.ts';
import { projectionOf, resourceHeaders, resourceText } from '../resource-answer.ts';
import { userColumns } from '../user-columns.ts';

/** POST /Users (RFC 7644 §3.3). Of those who create one user name at the same time exactly one succeeds. */
export function createUser(world: World, exchange: Exchange): Promise<Answer> {
  const { directory, cause } = exchange;
  const projection = projectionOf(directory, 'User', readProjectionNames(exchange.query));
  const { resource: sent } = readResource(exchange.body?.json, directory.types.User, directory.settings);
  const at = world.now();
  const id = exchange.assignedId ?? newId(at);
  const user: JsonObject = { active: true, ...sent, id };
  const columns = userColumns(user);
  const row = { id, document: documentText(user, directory.types.User), version: 1, created_at: at, updated_at: at };
  return world.store.write(async (tx) => {
    const [inserted] = await tx.run(insertUser, { ...scopeOf(directory), id, ...columns, document: row.document, at });
    if (inserted === undefined) throw userNameTaken(columns.userName);
    await addEntries(tx, directory, 'User', id, user);
    await record(world, tx, cause, {
      organizationId: directory.organizationId,
      type: 'user.created',
      subject: { type: 'user', id, name: columns.userName },
      data: { directory: directory.id, externalId: columns.externalId, active: columns.active === 1 },
    });
    const answer: Answer = {
      status: 201,
      body: resourceText(directory, 'User', row, projection, {}),
      headers: resourceHeaders(directory, 'User', row),
      outcome: { kind: 'changed', text: `Created the user ${columns.userName}.`, resourceId: id },
      recorded: true,
    };
    await recordRequest(world, tx, exchange, answer);
    await count(tx, directory, { users: 1, activeUsers: columns.active, id });
    return answer;
  });
}

/** 409 for a user name that somebody else has. */
export const userNameTaken = (userName: string): ScimError =>
  new ScimError(409, 'uniqueness', `userName ${JSON.stringify(userName)} is already in use in this directory`);
