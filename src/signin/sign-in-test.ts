import { randomBytes } from 'node:crypto';
import { clientProofsOf, type EntraWorld, getConnection, requireComplete } from '#connections';
import type { ConnectionSettings, SignInTest } from '#contract';
import { type Cause, record } from '#events';
import { notFound, Problem, type Source } from '#http';
import { becomesDue, only } from '#store';
import { explainRefusal, refusalAt } from './explain-refusal.ts';
import { testPage } from './pages/test-page.ts';
import { previewSignIn } from './preview-sign-in.ts';
import { purgeEveryMs } from './purge.ts';
import { updateSignInOutcome } from './queries/sign-in-request.ts';
import { findSignInTest, insertSignInTest, updateSignInTest } from './queries/sign-in-test.ts';
import { type ProvenPerson, redeemAnswer } from './relying-party/redeem-answer.ts';
import { type SignInTarget, type StartedSignIn, signInMs } from './relying-party/sign-in-request.ts';
import { solveOverage } from './relying-party/solve-overage.ts';
import { causeOfPerson } from './sessions/session.ts';
import { challengeOf, SignInRefused } from './sign-in-refused.ts';

interface Row {
  id: string;
  state: string;
  claims: string | null;
  would_do: string;
  refusal: string | null;
  expires_at: number;
}

const toTest = (publicUrl: string, connectionId: string, row: Row): SignInTest => ({
  id: row.id,
  url: `${publicUrl}/oauth/login/${connectionId}?test=${row.id}`,
  state: row.state as SignInTest['state'],
  claims: row.claims === null ? null : JSON.parse(row.claims),
  wouldDo: JSON.parse(row.would_do),
  refusal: row.refusal === null ? null : JSON.parse(row.refusal),
  expiresAt: new Date(row.expires_at).toISOString(),
});

/** The settings that a test takes: the draft where there is one. */
async function settingsToTest(
  world: EntraWorld,
  organizationId: string,
  connectionId: string,
): Promise<ConnectionSettings> {
  const { draft, live } = await getConnection(world, organizationId, connectionId);
  const settings = draft ?? live;
  if (settings === null) throw notFound('connection', connectionId);
  return settings;
}

/** D5: prepares a test sign-in; its address is valid for ten minutes and once. */
export async function createSignInTest(
  world: EntraWorld,
  organizationId: string,
  connectionId: string,
): Promise<SignInTest> {
  const settings = await settingsToTest(world, organizationId, connectionId);
  requireComplete(settings);
  if ((await clientProofsOf(world, { organizationId, id: connectionId, settings })).length === 0) {
    const what = settings.clientAuthentication === 'certificate' ? 'certificate' : 'client secret';
    throw new Problem('wrong-state', {
      detail: `the connection has no ${what}`,
      remedy: `${what === 'certificate' ? 'make' : 'store'} one first: without it the provider gives no tokens`,
    });
  }
  const at = world.now();
  const id = randomBytes(24).toString('base64url');
  const row = await world.store.write(async (tx) => {
    await becomesDue(tx, { kind: 'signin.purge', organizationId, subject: '', in: purgeEveryMs });
    return only(await tx.run(insertSignInTest, { organizationId, connectionId, id, at, expiresAt: at + signInMs }));
  });
  if (row === undefined) throw new Error('the test was not inserted');
  return toTest(world.config.url, connectionId, row);
}

/** What a test sign-in showed. Throws `not-found`. */
export async function getSignInTest(
  world: EntraWorld,
  organizationId: string,
  connectionId: string,
  id: string,
): Promise<SignInTest> {
  const row = only(await world.store.read(findSignInTest, { organizationId, connectionId, id }));
  if (row === undefined) throw notFound('test sign-in', id);
  return toTest(world.config.url, connectionId, row);
}

/** The target of a test by its id. Throws {@link SignInRefused} where it is over. */
export async function findTestTarget(
  world: EntraWorld,
  organizationId: string,
  connectionId: string,
  id: string,
): Promise<SignInTarget> {
  const row = only(await world.store.read(findSignInTest, { organizationId, connectionId, id }));
  if (row === undefined || row.state !== 'waiting' || row.expires_at <= world.now())
    throw new SignInRefused('test_over');
  return {
    organizationId,
    connectionId,
    settings: await settingsToTest(world, organizationId, connectionId),
    testId: id,
  };
}

/**
 * Ends a test sign-in: validates the answer as a real one would, tells what would happen, writes it down and shows it.
 * Makes no account, no link and no session.
 */
export async function finishTest(
  world: EntraWorld,
  source: Source,
  signIn: StartedSignIn,
  id: string,
  parameters: URLSearchParams,
): Promise<Response> {
  const { organizationId, connectionId, settings } = signIn;
  const result = await showWhatHappens(world, signIn, parameters);
  const row = await world.store.write(async (tx) => {
    const written = only(
      await tx.run(updateSignInTest, {
        organizationId,
        connectionId,
        id,
        state: result.state,
        claims: result.claims === null ? null : JSON.stringify(result.claims),
        wouldDo: JSON.stringify(result.wouldDo),
        refusal: result.refusal === null ? null : JSON.stringify(result.refusal),
      }),
    );
    if (written === undefined) return undefined;
    await tx.run(updateSignInOutcome, {
      organizationId,
      connectionId,
      id: signIn.id,
      outcome: JSON.stringify({ test: id }),
    });
    const cause: Cause = causeOfPerson(source, undefined);
    await record(world, tx, cause, {
      organizationId,
      type: 'sign_in.tested',
      subject: { type: 'connection', id: connectionId, name: settings.name },
      data: { test: id, state: result.state, refusal: result.refusal?.code ?? result.refusal?.meaning ?? null },
    });
    return written;
  });
  if (row === undefined) throw new SignInRefused('test_over');
  return testPage(settings.name, toTest(world.config.url, connectionId, row));
}

type Result = Pick<SignInTest, 'state' | 'wouldDo' | 'refusal'> & { claims: ProvenPerson['claims'] | null };

async function showWhatHappens(world: EntraWorld, signIn: StartedSignIn, parameters: URLSearchParams): Promise<Result> {
  const { organizationId, connectionId, settings } = signIn;
  try {
    const { claims, person: proven } = await redeemAnswer(world, signIn, parameters, settings);
    const person = await solveOverage(world, { organizationId, id: connectionId, settings }, proven);
    const it = { organizationId, connectionId, settings, person };
    const { wouldDo, refused } = await previewSignIn(world, it);
    return {
      state: 'passed',
      claims,
      wouldDo,
      refusal: refused === null ? null : await explainRefusal(refusalAt(new SignInRefused(refused), world.now())),
    };
  } catch (error) {
    if (!(error instanceof SignInRefused) || challengeOf(signIn, error) !== undefined) throw error;
    return { state: 'failed', claims: null, wouldDo: [], refusal: await explainRefusal(refusalAt(error, world.now())) };
  }
}
