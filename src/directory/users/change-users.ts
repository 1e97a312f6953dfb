import { type CausedFact, recordAll } from '#events';
import {
  documentText,
  type JsonObject,
  type Projection,
  parseDocument,
  type ResourceChange,
  readProjectionNames,
} from '#scim';
import type { Together, World } from '#store';
import { describeChanges, eventChanges } from '../describe-changes.ts';
import { type Answer, type Directory, type Exchange, scopeOf } from '../exchange.ts';
import { changeEntries } from '../index-entries.ts';
import { requireVersion } from '../preconditions.ts';
import { lockUsers, updateUsers } from '../queries/user.ts';
import { recordRequests } from '../recorded-request.ts';
import { projectionOf, resourceHeaders, resourceText, type StoredResource } from '../resource-answer.ts';
import { userColumns, userRow } from '../user-columns.ts';
import { noUser } from './get-user.ts';
import { shownUserName } from './soft-deleted-name.ts';

/** A change of one user that a request asks for. */
export interface UserWish {
  world: World;
  exchange: Exchange;
  id: string;
  change: (user: JsonObject) => ResourceChange;
}

/** What became of it: answered, refused, or left to a transaction of its own. */
export type UserOutcome = { answer: Answer } | { refusal: unknown } | 'alone';

interface Row extends StoredResource {
  user_name: string;
  active: number;
  groups: string | null;
}

/** A user as the changes so far left it. */
interface Changing {
  row: Row;
  before: JsonObject;
  user: JsonObject;
  changed: boolean;
}

interface Done {
  exchange: Exchange;
  answer: Answer;
  fact: CausedFact;
}

/**
 * Changes users of one directory together. A new name, and being switched on or off, are left to a transaction of their own:
 * others have a say in those. Of several changes of one user each goes on from the one before.
 */
export const userChanges: Together<UserWish, UserOutcome> = {
  name: 'directory.changeUsers',
  run: async (tx, wishes) => {
    const [first] = wishes;
    if (first === undefined) return [];
    const { world, exchange } = first;
    const { directory } = exchange;
    const ids = JSON.stringify([...new Set(wishes.map(({ id }) => id))]);
    const rows: Row[] = await tx.run(lockUsers, { ...scopeOf(directory), ids, baseUrl: directory.baseUrl });
    const users = new Map(rows.map((row) => [row.id, changing(row)]));
    const done: Done[] = [];
    const outcomes = wishes.map((wish) => take(wish, users.get(wish.id), world.now(), done));
    const changed = [...users.values()].filter((user) => user.changed);
    if (changed.length > 0) {
      await Promise.all([
        tx.run(updateUsers, { ...scopeOf(directory), rows: JSON.stringify(changed.map(rowOf)) }),
        changeEntries(
          tx,
          directory,
          'User',
          changed.map(({ row: { id }, before, user }) => ({ id, before, resource: user })),
        ),
        recordAll(
          world,
          tx,
          directory.organizationId,
          done.map(({ fact }) => fact),
        ),
        recordRequests(world, tx, done),
      ]);
    }
    return outcomes;
  },
};

function changing(row: Row): Changing {
  const user = parseDocument(row.document);
  return { row, before: user, user, changed: false };
}

const rowOf = ({ row, user }: Changing) => ({
  ...userRow(row.id, userColumns(user), row.document, row.updated_at),
  version: row.version,
});

/** Makes one change in memory, if it can be made with others. */
function take({ exchange, id, change }: UserWish, user: Changing | undefined, at: number, done: Done[]): UserOutcome {
  try {
    if (exchange.released !== undefined) return 'alone';
    const { directory } = exchange;
    const projection = projectionOf(directory, 'User', readProjectionNames(exchange.query));
    if (user === undefined) throw noUser(id);
    const { row } = user;
    requireVersion(exchange, row.version);
    const { resource: after, changed, changes } = change(user.user);
    if (!changed) {
      const text = `Changed nothing: ${row.user_name} is so already.`;
      return { answer: answerWith(directory, row, projection, { kind: 'unchanged', text, resourceId: id }) };
    }
    const columns = userColumns(after);
    if (columns.userName !== row.user_name || after['active'] !== user.user['active']) return 'alone';
    const document = documentText(after, directory.types.User);
    user.row = { ...row, document, version: row.version + 1, updated_at: at };
    user.user = after;
    user.changed = true;
    const name = shownUserName(columns.userName, columns.externalId);
    const text = describeChanges(`the user ${name}`, row.active, row.active, changes);
    const outcome: Answer['outcome'] = { kind: 'changed', text, resourceId: id, changes };
    const answer = { ...answerWith(directory, user.row, projection, outcome), recorded: true };
    const data = { directory: directory.id, externalId: columns.externalId, changes: eventChanges(changes) };
    const subject = { type: 'user', id, name };
    done.push({ exchange, answer, fact: { cause: exchange.cause, subject, type: 'user.updated', data } });
    return { answer };
  } catch (refusal) {
    return { refusal };
  }
}

function answerWith(directory: Directory, row: Row, projection: Projection, outcome: Answer['outcome']): Answer {
  const groups = projection.without.has('groups') ? undefined : (row.groups ?? undefined);
  return {
    status: 200,
    body: resourceText(directory, 'User', row, projection, { groups }),
    headers: resourceHeaders(directory, 'User', row),
    outcome,
  };
}
