import { type EntraWorld, findLive } from '#connections';
import { record } from '#events';
import type { Source } from '#http';
import { askForAccess } from '../accounts/access-requests.ts';
import { findOpenInvitation } from '../accounts/invitations.ts';
import { rolesOf } from '../accounts/roles.ts';
import { Raced, signInPerson } from '../accounts/sign-in-person.ts';
import { type Interaction, isAnswer, prepareFinish } from '../provider/interaction.ts';
import { insertAccountEvent } from '../queries/account-event.ts';
import { updateSignInOutcome } from '../queries/sign-in-request.ts';
import { causeOfPerson, endOwnSession, startSession, type ValidSession } from '../sessions/session.ts';
import { SignInRefused } from '../sign-in-refused.ts';
import { redeemAnswer } from './redeem-answer.ts';
import type { StartedSignIn } from './sign-in-request.ts';
import { solveOverage } from './solve-overage.ts';
import { authenticationTime } from './step-up.ts';

/** Two people's first sign-ins can meet; the same person's more than twice hardly do. */
const mostAttempts = 4;

/** What a browser brings along when it comes back from the provider. */
export interface Brought {
  /** The session that it had. */
  before: ValidSession | undefined;
  /** The invitation that it has. */
  invitedBy: string | undefined;
  /** The product that waits for the person. */
  interaction: Interaction | undefined;
}

/**
 * Ends a real sign-in: redeems the answer, finds or makes the account, starts a session, tells the provider of the product
 * that waits, and writes all of it down in one transaction. Gives the session's cookie, the seconds for which it is good, and
 * where the browser goes. Throws {@link SignInRefused}.
 */
export async function completeSignIn(
  world: EntraWorld,
  source: Source,
  signIn: StartedSignIn,
  parameters: URLSearchParams,
  { before, invitedBy, interaction }: Brought,
): Promise<{ cookie: string; maxAge: number; returnTo: string }> {
  const { organizationId, connectionId } = signIn;
  const live = await findLive(world, organizationId, connectionId);
  if (live?.settings.signIn !== true) throw new SignInRefused('unknown_connection');
  const proven = await redeemAnswer(world, signIn, parameters, live.settings);
  const person = await solveOverage(world, live, proven.person);
  const { settings } = live;
  const expiresAt = Math.min(world.now() + settings.sessionHours * 3_600_000, person.sessionExpiresAt ?? Infinity);
  const invited = invitedBy === undefined ? undefined : await findOpenInvitation(world, invitedBy);
  const isHere = invited?.organizationId === organizationId && invited.connectionId === connectionId;
  const invitation = isHere ? invited.id : undefined;
  const finish = interaction === undefined ? undefined : await prepareFinish(world, interaction);
  const how = { acr: wordsOf(person.authenticationContexts), amr: wordsOf(person.authenticationMethods) };
  const write = () =>
    world.store.write(async (tx) => {
      const it = { organizationId, connectionId, settings, person, invitation };
      const { accountId, linkId, userId, userName, name } = await signInPerson(world, tx, source, it);
      const signedInAt = world.now();
      const authenticatedAt = authenticationTime(signIn, person, signedInAt);
      const session = await startSession(
        world,
        tx,
        source,
        {
          organizationId,
          accountId,
          linkId,
          connectionId,
          userId,
          // The groups of a user of the directory are its own, as they are when somebody asks.
          roles: rolesOf(settings, userId === null ? person : { ...person, groups: undefined }),
          groups: person.groups ?? null,
          ...how,
          authenticatedAt,
          expiresAt,
          idleMs: settings.idleMinutes * 60_000,
          issuer: person.issuer,
          sid: person.sid ?? null,
          logoutHint: person.loginHint ?? null,
        },
        before,
      );
      const outcome = JSON.stringify({ account: accountId, session: session.id });
      const isWaitedFor = interaction !== undefined && isAnswer(interaction, { authenticatedAt, signedInAt });
      const eventId = await record(world, tx, causeOfPerson(source, { accountId, name, userName }), {
        organizationId,
        type: 'sign_in.succeeded',
        subject: { type: 'account', id: accountId, name: name ?? userName },
        data: { connection: connectionId, session: session.id, authority: person.authority, object: person.objectId },
      });
      tx.send(insertAccountEvent, { organizationId, accountId, eventId });
      tx.send(updateSignInOutcome, { organizationId, connectionId, id: signIn.id, outcome });
      if (isWaitedFor) await finish?.({ accountId, authenticatedAt, signedInAt, ...how })(tx);
      return { ...session, returnTo: isWaitedFor ? interaction.returnTo : signIn.returnTo };
    });
  const session = await again(write).catch(async (error: unknown) => {
    if (error instanceof SignInRefused && error.reason === 'access_asked')
      await askForAccess(world, source, { organizationId, connectionId, settings, person });
    throw error;
  });
  if (before !== undefined && before.id !== session.id) {
    await endOwnSession(world, source, before, 'another person signed in');
  }
  const { cookie, returnTo } = session;
  return { cookie, returnTo, maxAge: Math.ceil((expiresAt - world.now()) / 1000) };
}

/** What is kept between blanks; what has one itself, or is longer than any that is known, is left out. */
const wordsOf = (values: readonly string[]): string | null =>
  values
    .filter((it) => /^[\x21-\x7e]{1,100}$/.test(it))
    .slice(0, 100)
    .join(' ') || null;

async function again<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Raced) || attempt >= mostAttempts) throw error;
    }
  }
}
