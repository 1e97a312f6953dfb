import type { Operator, Page, Role } from '#contract';
import { deployment, record } from '#events';
import { notFound, Problem } from '#http';
import { newId, only, type PageQuery, type Transaction, toPage, type World } from '#store';
import { type Caller, causeOf, rightsOf } from './caller.ts';
import { removeCredentialOf } from './queries/break-glass.ts';
import { removeSession, removeSessionsOf } from './queries/console-session.ts';
import {
  findOperator,
  insertOperator,
  listOperators,
  lockOperators,
  removeOperator,
  updateOperator,
} from './queries/operator.ts';
import { removeLinksOf } from './queries/operator-link.ts';
import { issueLink, type SignInLink } from './sign-in-link.ts';

type Row = {
  id: string;
  name: string;
  email: string | null;
  role: string;
  break_glass: number;
  version: number;
  created_at: number;
  last_sign_in_at: number | null;
};

const toOperator = (row: Row): Operator => ({
  id: row.id,
  name: row.name,
  email: row.email,
  role: row.role as Role,
  breakGlass: row.break_glass === 1,
  version: row.version,
  createdAt: new Date(row.created_at).toISOString(),
  lastSignInAt: row.last_sign_in_at === null ? null : new Date(row.last_sign_in_at).toISOString(),
});

/** What events say of an operator. */
export const subjectOf = (operator: { id: string; name: string }) => ({
  type: 'operator',
  id: operator.id,
  name: operator.name,
});

/** A page of operators. */
export async function pageOfOperators(world: World, query: PageQuery): Promise<Page<Operator>> {
  const rows = await world.store.read(listOperators, { after: query.cursor ?? '', limit: query.limit + 1 });
  return toPage(rows, query.limit, toOperator, (row) => row.id);
}

/** Adds an operator, with a one-time link to sign in by. */
export function createOperator(
  world: World,
  caller: Caller,
  input: { name: string; email: string | null; role: Role },
): Promise<Operator & { signInLink: SignInLink }> {
  requireRightsOf(caller, input.role);
  return world.store.write(async (tx) => {
    const at = world.now();
    const row = only(await tx.run(insertOperator, { id: newId(at), ...input, breakGlass: 0, at }));
    if (row === undefined) throw new Error('the operator was not inserted');
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'operator.created',
      subject: subjectOf(row),
      data: { role: input.role },
    });
    return { ...toOperator(row), signInLink: await issueLink(world, tx, causeOf(caller), row) };
  });
}

/** Issues a one-time link for an operator. */
export function linkForOperator(world: World, caller: Caller, id: string): Promise<SignInLink> {
  return world.store.write(async (tx) => {
    const row = only(await tx.run(findOperator, { id }));
    if (row === undefined) throw notFound('operator', id);
    requireRightsOf(caller, row.role);
    if (row.break_glass === 1)
      throw new Problem('wrong-state', {
        detail: `${row.name} signs in by its break-glass credential only`,
        remedy: 'renew the credential, or issue a link for another operator',
      });
    return issueLink(world, tx, causeOf(caller), row);
  });
}

/** Changes an operator. At least one owner stays. */
export function changeOperator(
  world: World,
  caller: Caller,
  id: string,
  change: { name?: string | undefined; email?: string | null | undefined; role?: Role | undefined },
  version: number | undefined,
): Promise<Operator> {
  return world.store.write(async (tx) => {
    const row = only(await tx.run(findOperator, { id }));
    if (row === undefined) throw notFound('operator', id);
    requireRightsOf(caller, row.role);
    requireRightsOf(caller, change.role ?? row.role);
    if (change.role !== undefined && change.role !== 'owner') await keepAnOwner(tx, id);
    const next = {
      name: change.name ?? row.name,
      email: change.email === undefined ? row.email : change.email,
      role: change.role ?? row.role,
    };
    const updated = only(await tx.run(updateOperator, { id, version: version ?? row.version, ...next }));
    if (updated === undefined)
      throw new Problem('version-changed', { detail: 'the operator was changed meanwhile', remedy: 'read it again' });
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'operator.updated',
      subject: subjectOf(updated),
      data: { role: updated.role },
    });
    return toOperator(updated);
  });
}

/** Removes an operator; sessions and links end with it. At least one owner stays. */
export function deleteOperator(world: World, caller: Caller, id: string): Promise<void> {
  return world.store.write(async (tx) => {
    const row = only(await tx.run(findOperator, { id }));
    if (row === undefined) throw notFound('operator', id);
    requireRightsOf(caller, row.role);
    if (row.break_glass === 0) await keepAnOwner(tx, id);
    await tx.run(removeCredentialOf, { operatorId: id });
    await tx.run(removeLinksOf, { operatorId: id });
    await tx.run(removeSessionsOf, { operatorId: id });
    await tx.run(removeOperator, { id });
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'operator.deleted',
      subject: subjectOf(row),
    });
  });
}

/** Ends the console session that the caller came by. */
export async function signOut(world: World, caller: Caller): Promise<void> {
  const { sessionId } = caller;
  if (sessionId === null)
    throw new Problem('wrong-state', { detail: 'an API key has no session', remedy: 'revoke the key instead' });
  await world.store.write(async (tx) => {
    await tx.run(removeSession, { id: sessionId });
    await record(world, tx, causeOf(caller), {
      organizationId: deployment,
      type: 'operator.signed_out',
      subject: subjectOf(caller),
    });
  });
}

/** Nobody makes, changes or lets in an operator who may do more than oneself. */
export function requireRightsOf(caller: Caller, role: string): void {
  const missing = [...rightsOf(role)].filter((right) => !caller.rights.has(right));
  if (missing.length === 0) return;
  throw new Problem('missing-right', {
    detail: `an operator of the role ${role} may do what ${caller.name} may not: ${missing.slice(0, 3).join(', ')} …`,
    remedy: 'ask somebody who has these rights',
    more: { right: missing[0] },
  });
}

async function keepAnOwner(tx: Transaction, without: string): Promise<void> {
  const operators = await tx.run(lockOperators, {});
  if (operators.some(({ id, role, break_glass }) => id !== without && role === 'owner' && break_glass === 0)) return;
  throw new Problem('wrong-state', {
    detail: 'this is the only owner',
    remedy: 'make another operator an owner first',
  });
}
