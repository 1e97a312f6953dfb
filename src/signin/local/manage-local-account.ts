import { getOrganization, localOrganization } from '#connections';
import type { Account, LocalSignIn, Page, Passkey } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem } from '#http';
import { newId, only, type PageQuery, toPage, type World } from '#store';
import { getAccount } from '../accounts/account.ts';
import { insertUnderFreeName, shownOf } from '../accounts/sign-in-person.ts';
import { userNamesFor } from '../accounts/user-name.ts';
import { findAccount } from '../queries/account.ts';
import { insertLink } from '../queries/account-link.ts';
import { findAttempts, removeAllAttempts } from '../queries/local-attempts.ts';
import { removeLocalLinks } from '../queries/local-link.ts';
import { findLocalName, removePassword } from '../queries/local-password.ts';
import { listPasskeys, removePasskey } from '../queries/passkey.ts';
import { issueLocalLink, type LocalLink } from './local-link.ts';
import { endOthers } from './set-password.ts';
import { foldSignInName, hashOfName, localAuthority } from './sign-in-name.ts';

/**
 * Adds an account that signs in here, with a one-time link to set a password or a passkey. Throws `wrong-state` where the
 * organization has local sign-in switched off, `conflict` where the address is taken.
 */
export async function createLocalAccount(
  world: World,
  cause: Cause,
  organizationId: string,
  input: { email: string; name: string; role: string | null },
): Promise<Account & { link: LocalLink }> {
  await requireLocal(world, organizationId);
  const at = world.now();
  const [id, linkId] = [newId(at), newId(at)];
  const objectId = foldSignInName(input.email);
  const link = await world.store.write(async (tx) => {
    const { name, email, role } = input;
    const shown = shownOf({ name, email, emailVerified: false, authority: localAuthority });
    const names = userNamesFor({ email, objectId: id }, { connectionId: '', userNameFrom: 'emailLocalPart' });
    const named = await insertUnderFreeName(tx, { organizationId, id, at, lastSignInAt: null, role, ...shown }, names);
    if (named === undefined)
      throw new Problem('conflict', { detail: 'no user name is free for this address', remedy: 'use another address' });
    const linked = await tx.run(insertLink, {
      organizationId,
      id: linkId,
      accountId: id,
      connectionId: '',
      authority: localAuthority,
      tenantId: null,
      objectId,
      issuer: world.config.url,
      subject: id,
      preferredUsername: input.email,
      userId: null,
      at,
      lastSignInAt: null,
    });
    if (linked.length === 0)
      throw new Problem('conflict', {
        detail: `an account signs in by ${input.email} already`,
        remedy: 'use another address, or issue a link for that account',
        errors: [{ field: 'email', detail: 'is the sign-in name of another account' }],
      });
    const subject = { type: 'account', id, name: input.name };
    await record(world, tx, cause, {
      organizationId,
      type: 'account.created',
      subject,
      data: { connection: null, userName: named.user_name },
    });
    await record(world, tx, cause, {
      organizationId,
      type: 'link.created',
      subject: { type: 'link', id: linkId },
      data: { account: id, connection: null, authority: localAuthority, object: objectId, user: null },
    });
    return issueLocalLink(world, tx, cause, organizationId, subject);
  });
  return { ...(await getAccount(world, organizationId, id)), link };
}

/** Issues a one-time link for an account that signs in here. Throws `not-found`, or `wrong-state` where it does not. */
export async function linkForAccount(
  world: World,
  cause: Cause,
  organizationId: string,
  id: string,
): Promise<LocalLink> {
  await requireLocal(world, organizationId);
  const { name, userName } = await requireLocalAccount(world, organizationId, id);
  return world.store.write((tx) => issueLocalLink(world, tx, cause, organizationId, { id, name: name ?? userName }));
}

/** What an account signs in by here, and whether it is locked. Throws `not-found`. */
export async function getLocalSignIn(world: World, organizationId: string, id: string): Promise<LocalSignIn> {
  await getAccount(world, organizationId, id);
  const row = only(await world.store.read(findLocalName, { organizationId, accountId: id, authority: localAuthority }));
  if (row === undefined) return { signInName: null, passwordSetAt: null, lock: null };
  const nameHash = hashOfName(row.signInName);
  const attempts = only(await world.store.read(findAttempts, { organizationId, nameHash, device: '' }));
  const locked = attempts !== undefined && attempts.locked_until > world.now();
  return {
    signInName: row.signInName,
    passwordSetAt: row.passwordSetAt === null ? null : new Date(row.passwordSetAt).toISOString(),
    lock: locked
      ? {
          reason: 'wrong passwords',
          attempts: attempts.attempts,
          locks: attempts.locks,
          until: new Date(attempts.locked_until).toISOString(),
        }
      : null,
  };
}

/** Ends the lock of an account, in every browser. Throws `not-found`, or `wrong-state` where it does not sign in here. */
export async function unlockAccount(world: World, cause: Cause, organizationId: string, id: string): Promise<void> {
  const { signInName, name, userName } = await requireLocalAccount(world, organizationId, id);
  await world.store.write(async (tx) => {
    const removed = await tx.run(removeAllAttempts, { organizationId, nameHash: hashOfName(signInName) });
    if (!removed.some((it) => it.locked_until > world.now())) return;
    await record(world, tx, cause, {
      organizationId,
      type: 'account.unlocked',
      subject: { type: 'account', id, name: name ?? userName },
    });
  });
}

/** Removes the password of an account; its sessions end, and links that were not used. Throws `not-found`. */
export async function deletePassword(world: World, cause: Cause, organizationId: string, id: string): Promise<void> {
  const account = await getAccount(world, organizationId, id);
  await world.store.write(async (tx) => {
    const removed = await tx.run(removePassword, { organizationId, accountId: id });
    if (removed.length === 0) throw notFound('password of the account', id);
    await tx.run(removeLocalLinks, { organizationId, accountId: id });
    const sessionsEnded = await endOthers(world, tx, cause, { organizationId, accountId: id }, null);
    await record(world, tx, cause, {
      organizationId,
      type: 'password.removed',
      subject: { type: 'account', id, name: account.name ?? account.userName },
      data: { sessionsEnded },
    });
  });
}

/** A page of the passkeys of an account. Throws `not-found`. */
export async function pageOfPasskeys(
  world: World,
  organizationId: string,
  accountId: string,
  query: PageQuery,
): Promise<Page<Passkey>> {
  await getAccount(world, organizationId, accountId);
  const rows = await world.store.read(listPasskeys, {
    organizationId,
    accountId,
    after: query.cursor ?? '',
    limit: query.limit + 1,
  });
  return toPage(
    rows,
    query.limit,
    (row) => ({
      id: row.id,
      name: row.name,
      backedUp: row.backed_up === 1,
      createdAt: new Date(row.created_at).toISOString(),
      lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
    }),
    (row) => row.id,
  );
}

/** Removes a passkey; all sessions of the account but `exceptSession` end. Throws `not-found`. */
export function deletePasskey(
  world: World,
  cause: Cause,
  of: { organizationId: string; accountId: string },
  id: string,
  exceptSession: string | null = null,
): Promise<void> {
  return world.store.write(async (tx) => {
    const removed = only(await tx.run(removePasskey, { ...of, id }));
    if (removed === undefined) throw notFound('passkey', id);
    const sessionsEnded = await endOthers(world, tx, cause, of, exceptSession);
    const account = only(await tx.run(findAccount, { organizationId: of.organizationId, id: of.accountId }));
    await record(world, tx, cause, {
      organizationId: of.organizationId,
      type: 'passkey.removed',
      subject: { type: 'account', id: of.accountId, name: account?.name ?? account?.user_name ?? null },
      data: { passkey: removed.name, sessionsEnded },
    });
  });
}

async function requireLocal(world: World, organizationId: string): Promise<void> {
  if ((await localOrganization(world, organizationId)) !== undefined) return;
  const { name } = await getOrganization(world, organizationId);
  throw new Problem('wrong-state', {
    detail: `local sign-in is off for ${name}`,
    remedy: 'switch localSignIn on for the organization first',
  });
}

async function requireLocalAccount(world: World, organizationId: string, id: string) {
  const account = await getAccount(world, organizationId, id);
  const row = only(await world.store.read(findLocalName, { organizationId, accountId: id, authority: localAuthority }));
  if (row !== undefined) return row;
  throw new Problem('wrong-state', {
    detail: `${account.name ?? account.userName} signs in by another provider, and has no password or passkey here`,
    remedy: 'change it there',
  });
}
