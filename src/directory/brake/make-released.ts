import type { Cause } from '#events';
import { ScimError, scimErrorBody } from '#scim';
import type { DueOutcome, DueWork, World } from '#store';
import { type Answer, type Directory, type Exchange, scopeOf } from '../exchange.ts';
import { listReleased, removeHeldChange } from '../queries/brake.ts';
import { recordRequest } from '../recorded-request.ts';
import { describeRefusal } from '../refusals.ts';
import { openDirectory } from '../settings.ts';
import { patchUser, replaceUser } from '../users/change-user.ts';
import { deleteUser } from '../users/delete-user.ts';

const atOnce = 50;

const operations: Readonly<Record<string, typeof patchUser>> = {
  PATCH: patchUser,
  PUT: replaceUser,
  DELETE: deleteUser,
};

/**
 * P9: makes the changes that an operator released, each by the operation that its request would have come to, in its own
 * transaction and recorded like it; the actor is who released it. Of a user who was changed since the request was held only
 * access is taken away: what came in between is newer, and stays. What cannot be done any more is recorded as refused.
 */
export async function makeReleased(world: World, { organizationId, subject }: DueWork): Promise<DueOutcome> {
  const directory = await openDirectory(world, organizationId, subject);
  const values = { ...scopeOf(directory), state: 'released', limit: atOnce };
  for (;;) {
    const rows = await world.store.read(listReleased, values);
    if (rows.length === 0) return undefined;
    for (const row of rows) {
      const { exchange, id } = exchangeOf(directory, row);
      const answer = await make(world, exchange, id);
      await world.store.write(async (tx) => {
        if (answer.recorded !== true) await recordRequest(world, tx, exchange, answer);
        await tx.run(removeHeldChange, { ...scopeOf(directory), userId: id, state: 'released' });
      });
    }
  }
}

async function make(world: World, exchange: Exchange, id: string): Promise<Answer> {
  const operation = operations[exchange.method];
  try {
    if (operation === undefined) throw new ScimError(405, undefined, `${exchange.method} takes nobody's access away`);
    return await operation(world, exchange, id);
  } catch (error) {
    if (!(error instanceof ScimError)) throw error;
    const outcome = { kind: 'refused', text: describeRefusal(error, exchange), resourceId: id } as const;
    return { status: error.status, body: JSON.stringify(scimErrorBody(error)), outcome };
  }
}

interface Row {
  user_id: string;
  user_version: number;
  method: string;
  path: string;
  body: string | null;
  token_id: string;
  token_name: string;
  user_agent: string | null;
  decided_by: string | null;
}

function exchangeOf(directory: Directory, row: Row): { exchange: Exchange; id: string } {
  const cause: Cause = JSON.parse(row.decided_by ?? '{}');
  return {
    id: row.user_id,
    exchange: {
      directory,
      token: { id: row.token_id, name: row.token_name },
      cause,
      userAgent: row.user_agent,
      method: row.method,
      path: row.path,
      query: new URLSearchParams(),
      headers: new Headers(),
      body: row.body === null ? null : { text: row.body, json: JSON.parse(row.body) },
      startedAt: performance.now(),
      released: { by: cause.actor.name ?? cause.actor.id ?? cause.actor.type, version: row.user_version },
    },
  };
}
