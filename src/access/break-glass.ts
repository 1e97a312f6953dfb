import type { BreakGlass, BreakGlassUse, Page } from '#contract';
import { deployment, record, recordFailedAuthentication } from '#events';
import { isSecretOf, mintCredential, notFound, Problem, parseCredential, type Source } from '#http';
import { newId, only, type PageQuery, toPage, type World } from '#store';
import { type Caller, causeOf } from './caller.ts';
import { requireRightsOf, subjectOf } from './operators.ts';
import {
  acknowledge,
  findCredential,
  findUse,
  insertUse,
  listCredentials,
  listUses,
  saveCredential,
  touchCredential,
} from './queries/break-glass.ts';
import { insertSession, removeSessionsOf } from './queries/console-session.ts';
import { findOperator, insertOperator, updateLastSignIn } from './queries/operator.ts';

/** A console session by break-glass is over after this. */
const sessionMs = 3_600_000;

const toBreakGlass = (row: { id: string; name: string; createdAt: number; lastUsedAt: number | null }): BreakGlass => ({
  id: row.id,
  name: row.name,
  createdAt: new Date(row.createdAt).toISOString(),
  lastUsedAt: row.lastUsedAt === null ? null : new Date(row.lastUsedAt).toISOString(),
});

/** A page of the break-glass operators. */
export async function pageOfBreakGlass(world: World, query: PageQuery): Promise<Page<BreakGlass>> {
  const rows = await world.store.read(listCredentials, { after: query.cursor ?? '', limit: query.limit + 1 });
  return toPage(rows, query.limit, toBreakGlass, (row) => row.id);
}

/**
 * S13: adds an owner for the day when nobody else gets in. Its credential is in this answer only, and good until a new one is
 * made: an outage outlasts a session, and a test must not use it up.
 */
export function createBreakGlass(
  world: World,
  caller: Caller,
  name: string,
): Promise<BreakGlass & { credential: string }> {
  requireRightsOf(caller, 'owner');
  const { id, value, hash } = mintCredential('breakglass');
  const at = world.now();
  const operatorId = newId(at);
  return world.store.write(async (tx) => {
    await tx.run(insertOperator, { id: operatorId, name, email: null, role: 'owner', breakGlass: 1, at });
    await tx.run(saveCredential, { id, operatorId, hash, at });
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'operator.created',
      subject: subjectOf({ id: operatorId, name }),
      data: { role: 'owner', breakGlass: true },
    });
    return { ...toBreakGlass({ id: operatorId, name, createdAt: at, lastUsedAt: null }), credential: value };
  });
}

/** Makes a new credential in place of the one before, whose sessions end. Throws `not-found`. */
export function renewBreakGlass(
  world: World,
  caller: Caller,
  operatorId: string,
): Promise<BreakGlass & { credential: string }> {
  requireRightsOf(caller, 'owner');
  const { id, value, hash } = mintCredential('breakglass');
  const at = world.now();
  return world.store.write(async (tx) => {
    const operator = only(await tx.run(findOperator, { id: operatorId }));
    if (operator?.break_glass !== 1) throw notFound('break-glass operator', operatorId);
    await tx.run(saveCredential, { id, operatorId, hash, at });
    await tx.run(removeSessionsOf, { operatorId });
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'operator.break_glass_renewed',
      subject: subjectOf(operator),
    });
    return {
      ...toBreakGlass({ id: operatorId, name: operator.name, createdAt: at, lastUsedAt: null }),
      credential: value,
    };
  });
}

/**
 * Signs in by a break-glass credential. Each use of one that is known is written down, announced by an event and in the log,
 * also where the secret is wrong. Gives the cookie's value, or undefined.
 */
export async function signInByBreakGlass(
  world: World,
  source: Source,
  text: string,
): Promise<{ cookie: string; maxAge: number } | undefined> {
  const credential = parseCredential('breakglass', text.trim());
  const known =
    credential === undefined ? undefined : only(await world.store.read(findCredential, { id: credential.id }));
  if (credential === undefined || known === undefined) {
    await recordFailedAuthentication(world, source, { door: 'break-glass', why: 'the credential is not known' });
    return undefined;
  }
  const { operatorId, name } = known;
  const succeeded = isSecretOf(credential.secret, known.hash);
  const wrong = { door: 'break-glass', why: 'the secret is wrong' };
  if (!succeeded && (await recordFailedAuthentication(world, source, wrong)) > 0) return undefined;
  const { address, userAgent, requestId } = source;
  const session = mintCredential('console');
  const at = world.now();
  const opened = await world.store.write(async (tx) => {
    // Renewed in this moment, it opens nothing any more.
    const present = succeeded && (await tx.run(touchCredential, { id: credential.id, at })).length > 0;
    await tx.run(insertUse, {
      id: newId(at),
      operatorId,
      operatorName: name,
      at,
      succeeded: present ? 1 : 0,
      address,
      userAgent,
    });
    const cause = { actor: { type: 'operator' as const, id: operatorId, name, address, userAgent }, requestId };
    await record(world, tx, cause, {
      organizationId: deployment,
      type: 'operator.break_glass_used',
      subject: subjectOf({ id: operatorId, name }),
      data: { succeeded: present },
    });
    if (!present) return false;
    await tx.run(updateLastSignIn, { id: operatorId, at });
    await tx.run(insertSession, { id: session.id, operatorId, hash: session.hash, at, expiresAt: at + sessionMs });
    return true;
  });
  world.log.warn(
    { operator: operatorId, name, address, requestId, succeeded: opened },
    'a break-glass credential was used',
  );
  return opened ? { cookie: session.value, maxAge: sessionMs / 1000 } : undefined;
}

/** A page of the uses, the newest first. */
export async function pageOfUses(world: World, query: PageQuery): Promise<Page<BreakGlassUse>> {
  const rows = await world.store.read(listUses, { before: query.cursor ?? '~', limit: query.limit + 1 });
  return toPage(
    rows,
    query.limit,
    (row) => ({
      id: row.id,
      operator: row.operator_id,
      name: row.operator_name,
      at: new Date(row.at).toISOString(),
      succeeded: row.succeeded === 1,
      address: row.address,
      userAgent: row.user_agent,
      acknowledgedAt: row.acknowledged_at === null ? null : new Date(row.acknowledged_at).toISOString(),
      acknowledgedBy: row.acknowledged_by,
    }),
    (row) => row.id,
  );
}

/**
 * Acknowledges a use. Who signed in by break-glass cannot, nor can an API key, which they could have issued: so nobody hides what
 * they did. Throws `not-found`.
 */
export function acknowledgeUse(world: World, caller: Caller, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    if (only(await tx.run(findUse, { id })) === undefined) throw notFound('use', id);
    const self = caller.type === 'operator' ? only(await tx.run(findOperator, { id: caller.id })) : undefined;
    if (self?.break_glass !== 0)
      throw new Problem('wrong-state', {
        detail: 'neither who signed in by break-glass nor an API key can acknowledge its use',
        remedy: 'have another owner do it in the console',
      });
    const [use] = await tx.run(acknowledge, { id, at: world.now(), by: caller.name });
    if (use === undefined) return;
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'operator.break_glass_acknowledged',
      subject: subjectOf({ id: use.operator_id, name: use.operator_name }),
      data: { use: id },
    });
  });
}
