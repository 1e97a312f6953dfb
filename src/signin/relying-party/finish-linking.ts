import { type EntraWorld, findLive } from '#connections';
import type { Source } from '#http';
import { only } from '#store';
import { linkTo } from '../accounts/create-link.ts';
import { mostLinks } from '../accounts/most-links.ts';
import { decide, proofOf, Raced } from '../accounts/sign-in-person.ts';
import { findAccountOfUser, listLinks, lockAccount } from '../queries/account-link.ts';
import { findSession } from '../queries/session.ts';
import { updateSignInOutcome } from '../queries/sign-in-request.ts';
import { causeOfPerson, type ValidSession } from '../sessions/session.ts';
import { SignInRefused } from '../sign-in-refused.ts';
import { redeemAnswer } from './redeem-answer.ts';
import type { StartedSignIn } from './sign-in-request.ts';

/**
 * Ends a sign-in that a person began on the page of the account: what the provider proved becomes a link of that account, and
 * the session stays as it is. It counts in the session alone that began it, while that is valid and the connection open for it.
 * Throws {@link SignInRefused}.
 */
export async function finishLinking(
  world: EntraWorld,
  source: Source,
  signIn: StartedSignIn,
  parameters: URLSearchParams,
  before: ValidSession | undefined,
): Promise<void> {
  const { organizationId, connectionId } = signIn;
  const { accountId, sessionId } = signIn.asked.linksTo ?? {};
  const isOurs = before?.organizationId === organizationId && before.id === sessionId && before.accountId === accountId;
  if (!isOurs) throw new SignInRefused('link_session_over', { accountId });
  const live = await findLive(world, organizationId, connectionId);
  if (live === undefined || !live.settings.signIn || !live.settings.linkable)
    throw new SignInRefused('link_closed', { accountId });
  const { settings } = live;
  const { person } = await redeemAnswer(world, signIn, parameters, settings);
  const write = () =>
    world.store.write(async (tx) => {
      const account = only(await tx.run(lockAccount, { organizationId, accountId: before.accountId }));
      const session = only(await tx.run(findSession, { organizationId, id: before.id, now: world.now() }));
      if (account === undefined || session === undefined) throw new SignInRefused('link_session_over', { accountId });
      // Who has an account needs no registration; where only provisioned users get in, it stays so.
      const registration = settings.registration === 'provisioned' ? 'provisioned' : 'on';
      const it = { organizationId, connectionId, settings: { ...settings, registration } as const, person };
      const { linked, verdict } = await decide(tx, it);
      if (linked !== undefined)
        throw new SignInRefused(linked.accountId === accountId ? 'linked_already' : 'linked_elsewhere', { accountId });
      if (verdict.refused !== null) throw new SignInRefused(verdict.refused, { accountId });
      const { userId } = verdict;
      const user = { organizationId, directoryId: connectionId, userId: userId ?? '' };
      const ofUser = only(await tx.run(findAccountOfUser, user));
      if (userId !== null && ofUser !== undefined && ofUser.accountId !== accountId)
        throw new SignInRefused('linked_elsewhere', { accountId });
      const of = { organizationId, accountId: before.accountId };
      const links = await tx.run(listLinks, { ...of, after: '', limit: mostLinks });
      if (links.length >= mostLinks) throw new SignInRefused('links_full', { accountId });
      const cause = causeOfPerson(source, before);
      const proof = proofOf(person);
      const link = await linkTo(world, tx, cause, { ...of, connectionId, userId, proof, by: 'the person' });
      if (link === undefined) throw new Raced();
      const outcome = JSON.stringify({ account: accountId, link: link.id });
      await tx.run(updateSignInOutcome, { organizationId, connectionId, id: signIn.id, outcome });
    });
  await write().catch((error: unknown) => {
    if (!(error instanceof Raced)) throw error;
    return write();
  });
}
