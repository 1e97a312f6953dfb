import { localOrganization } from '#connections';
import { type Cause, record, recordFailedAuthentication } from '#events';
import { readPasskeyAnswer, registrationOptions, verifyNewPasskey, verifyPasskey } from '#http';
import { becomesDue, only, type World } from '#store';
import { purgeEveryMs } from '../purge.ts';
import { consumeLocalLink } from '../queries/local-link.ts';
import { findLocalName } from '../queries/local-password.ts';
import {
  consumeChallenge,
  findPasskey,
  insertPasskey,
  listPasskeys,
  updatePasskeyName,
  updatePasskeyUse,
} from '../queries/passkey.ts';
import { causeOfPerson } from '../sessions/session.ts';
import type { LocalAccount } from './set-password.ts';
import { localAuthority } from './sign-in-name.ts';
import { type SigningIn, startLocalSession } from './start-local-session.ts';
import { readUserHandle, userHandleOf } from './user-handle.ts';

/** What challenges of the sign-in page are for. */
export const signInPurpose = 'sign-in';

const mostPasskeys = 20;

/** What a challenge to make a passkey is for: this account, and the link or the session by which its owner came. */
const purposeOf = ({ organizationId, accountId }: LocalAccount, by: string): string =>
  `add ${organizationId} ${accountId} ${by}`;

/** What the browser needs to make a passkey for an account. */
export async function optionsForPasskey(world: World, account: LocalAccount, by: string) {
  const { organizationId, accountId, signInName, userName, name } = account;
  const known = await world.store.read(listPasskeys, { organizationId, accountId, after: '', limit: mostPasskeys });
  const organization = await localOrganization(world, organizationId);
  return registrationOptions(world, purposeOf(account, by), {
    rpName: organization?.name ?? 'Portico',
    userHandle: userHandleOf(organizationId, accountId),
    userName: signInName,
    displayName: name ?? userName,
    known: known.map(({ id }) => id),
  });
}

/** Adds a passkey that the browser made; with a link, the link is used up. Gives why it cannot be taken, or undefined. */
export async function addPasskey(
  world: World,
  cause: Cause,
  account: LocalAccount,
  given: { by: string; credential: string; name: string; linkId: string | null },
): Promise<'invalid' | 'used' | 'too many' | undefined> {
  const { organizationId, accountId, userName, name } = account;
  const made = await verifyNewPasskey(world, purposeOf(account, given.by), given.credential);
  if (made === undefined) return 'invalid';
  const { challenge } = made;
  return world.store.write(async (tx) => {
    const known = await tx.run(listPasskeys, { organizationId, accountId, after: '', limit: mostPasskeys });
    if (known.length >= mostPasskeys) return 'too many';
    if ((await tx.run(consumeChallenge, { organizationId, ...challenge })).length === 0) return 'used';
    if (given.linkId !== null && (await tx.run(consumeLocalLink, { organizationId, id: given.linkId })).length === 0)
      return 'used';
    const inserted = await tx.run(insertPasskey, {
      organizationId,
      id: made.id,
      accountId,
      name: given.name,
      publicKey: made.publicKey,
      counter: made.counter,
      transports: JSON.stringify(made.transports),
      backedUp: made.backedUp ? 1 : 0,
      at: world.now(),
    });
    if (inserted.length === 0) return 'invalid';
    await record(world, tx, cause, {
      organizationId,
      type: 'passkey.added',
      subject: { type: 'account', id: accountId, name: name ?? userName },
      data: { passkey: given.name, by: given.linkId === null ? 'the person' : 'a one-time link' },
    });
    return undefined;
  });
}

/** Gives a passkey another name; says whether it is there. */
export function renamePasskey(
  world: World,
  cause: Cause,
  { organizationId, accountId, userName, name }: LocalAccount,
  { id, to }: { id: string; to: string },
): Promise<boolean> {
  return world.store.write(async (tx) => {
    const known = await tx.run(listPasskeys, { organizationId, accountId, after: '', limit: mostPasskeys });
    const before = known.find((it) => it.id === id)?.name;
    if (before === to) return true;
    const renamed = await tx.run(updatePasskeyName, { organizationId, accountId, id, name: to });
    if (before === undefined || renamed.length === 0) return false;
    await record(world, tx, cause, {
      organizationId,
      type: 'passkey.renamed',
      subject: { type: 'account', id: accountId, name: name ?? userName },
      data: { passkey: to, before },
    });
    return true;
  });
}

/** How a sign-in by passkey ended. */
export type PasskeyOutcome =
  | { cookies: string[] }
  | { refused: 'wrong' }
  /** Whoever it is has proved it, and may be told. */
  | { refused: 'shut out' }
  | { refused: 'too many'; waitMs: number };

/**
 * Signs a person in by a passkey that names its owner itself, who has to be of the organization that is to be signed in to, where that is
 * known. The challenge is used up with the session's start.
 */
export async function signInByPasskey(
  world: World,
  browser: SigningIn,
  { credential, organization }: { credential: string; organization: string | undefined },
): Promise<PasskeyOutcome> {
  const { source } = browser;
  const answer = readPasskeyAnswer(credential);
  const whose = answer === undefined ? undefined : readUserHandle(answer.userHandle);
  const fail = async (
    why: string,
    organizationId?: string,
    refused: 'wrong' | 'shut out' = 'wrong',
  ): Promise<PasskeyOutcome> => {
    const waitMs = await recordFailedAuthentication(world, source, {
      ...(organizationId === undefined ? {} : { organizationId }),
      door: 'passkey',
      why,
    });
    return waitMs > 0 ? { refused: 'too many', waitMs } : { refused };
  };
  if (answer === undefined || whose === undefined) return fail('it is no answer of a passkey');
  const { organizationId, accountId } = whose;
  if ((await localOrganization(world, organizationId)) === undefined) return fail('local sign-in is off');
  if (organization !== undefined && organization !== organizationId)
    return fail('the passkey is of another organization than the one to sign in to');
  const of = { organizationId, accountId, id: answer.id };
  const passkey = only(await world.store.read(findPasskey, { ...of, authority: localAuthority }));
  const named = only(await world.store.read(findLocalName, { organizationId, accountId, authority: localAuthority }));
  if (passkey === undefined || named === undefined) return fail('the passkey is not known', organizationId);
  const verified = await verifyPasskey(world, signInPurpose, answer, passkey);
  if (verified === undefined)
    return fail(`the passkey did not sign what it had to, account ${accountId}`, organizationId);
  if (passkey.disabled === 1) return fail(`the account is disabled, account ${accountId}`, organizationId, 'shut out');
  if (passkey.shutOut === 1)
    return fail(`a directory has switched the person off, account ${accountId}`, organizationId, 'shut out');
  if (verified.copied) {
    await world.store.write((tx) =>
      record(world, tx, causeOfPerson(source, undefined), {
        organizationId,
        type: 'passkey.suspected',
        subject: { type: 'account', id: accountId, name: passkey.name ?? passkey.userName },
        data: { passkey: passkey.passkeyName, counter: verified.counter, before: passkey.counter },
      }),
    );
    return fail(`the counter of the passkey went back, account ${accountId}`, organizationId);
  }
  const cookies = await startLocalSession(
    world,
    browser,
    { ...passkey, organizationId, signInName: named.signInName, by: 'passkey' },
    async (tx) => {
      const { challenge, counter, backedUp } = verified;
      if ((await tx.run(consumeChallenge, { organizationId, ...challenge })).length === 0) return false;
      const use = { ...of, counter, backedUp: backedUp ? 1 : 0, at: world.now() };
      if ((await tx.run(updatePasskeyUse, use)).length === 0) return false;
      await becomesDue(tx, { kind: 'signin.purge', organizationId, subject: '', in: purgeEveryMs });
      return true;
    },
  );
  return cookies === undefined
    ? fail('the answer of a passkey came a second time, or the passkey or its account was changed', organizationId)
    : { cookies };
}
