import { localOrganization } from '#connections';
import { type Cause, record } from '#events';
import { only, type Transaction, type World } from '#store';
import { removeOtherSessions } from '../queries/end-sessions.ts';
import { removeAllAttempts } from '../queries/local-attempts.ts';
import { consumeLocalLink } from '../queries/local-link.ts';
import { findLocalName, savePassword } from '../queries/local-password.ts';
import { recordEnds } from '../sessions/end-sessions.ts';
import type { PasswordHasher } from './password-hash.ts';
import { faultOfPassword } from './password-rules.ts';
import { hashOfName, localAuthority } from './sign-in-name.ts';

/** An account that signs in here, and the name by which it does. */
export interface LocalAccount {
  organizationId: string;
  accountId: string;
  linkId: string;
  signInName: string;
  userName: string;
  name: string | null;
  hasPassword: boolean;
  passwordSetAt: number | null;
}

/**
 * An account that may sign in here: its organization has local sign-in switched on and it has a local link, so it is no
 * federated one. Else undefined.
 */
export async function findLocalAccountById(
  world: World,
  organizationId: string,
  accountId: string,
): Promise<LocalAccount | undefined> {
  if ((await localOrganization(world, organizationId)) === undefined) return undefined;
  const row = only(await world.store.read(findLocalName, { organizationId, accountId, authority: localAuthority }));
  if (row === undefined || row.disabled === 1) return undefined;
  const { hash, passwordSetAt, linkId, signInName, userName, name } = row;
  return { organizationId, accountId, linkId, signInName, userName, name, hasPassword: hash !== null, passwordSetAt };
}

/**
 * Sets the password of an account, and ends all its sessions but the one that it is done in. With a link, the link is used up.
 * Gives why the password cannot be taken, or that the link was used meanwhile; undefined where it was set.
 */
export async function setPassword(
  world: World,
  hasher: PasswordHasher,
  cause: Cause,
  account: LocalAccount,
  given: { password: string; linkId: string | null; sessionId: string | null },
): Promise<{ fault: string } | { used: true } | undefined> {
  const { organizationId, accountId, signInName, userName, name } = account;
  const fault = await faultOfPassword(given.password, [signInName, userName, name]);
  if (fault !== undefined) return { fault };
  const hash = await hasher.hash(given.password);
  return world.store.write(async (tx) => {
    if (given.linkId !== null && (await tx.run(consumeLocalLink, { organizationId, id: given.linkId })).length === 0)
      return { used: true };
    await tx.run(savePassword, { organizationId, accountId, hash, at: world.now() });
    if (given.linkId !== null) await tx.run(removeAllAttempts, { organizationId, nameHash: hashOfName(signInName) });
    const ended = await endOthers(world, tx, cause, account, given.sessionId);
    await record(world, tx, cause, {
      organizationId,
      type: 'password.set',
      subject: { type: 'account', id: accountId, name: name ?? userName },
      data: { by: given.linkId === null ? 'the person' : 'a one-time link', sessionsEnded: ended },
    });
    return undefined;
  });
}

/** Ends the sessions of an account, all but one. */
export async function endOthers(
  world: World,
  tx: Transaction,
  cause: Cause,
  { organizationId, accountId }: { organizationId: string; accountId: string },
  except: string | null,
): Promise<number> {
  const ended = await tx.run(removeOtherSessions, { organizationId, accountId, exceptId: except ?? '' });
  await recordEnds(world, tx, cause, organizationId, ended, 'credentials changed');
  return ended.length;
}
