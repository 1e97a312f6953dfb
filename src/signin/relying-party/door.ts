import { type EntraWorld, findLive, getConnection, organizationOf } from '#connections';
import { recordFailedAuthentication } from '#events';
import { cookieOf, html, isOwnOrigin, pageResponse, readText, type Source, setCookie } from '#http';
import { countTowards, findWait, type Limit, networkOf } from '#store';
import { invitationCookie } from '../accounts/invitations.ts';
import { changeAccountPage, changedAccountPage } from '../pages/change-account-page.ts';
import { withFailurePage } from '../pages/failure-page.ts';
import { refusalPage } from '../pages/refusal-page.ts';
import { type RefusalReason, wordsOf } from '../refusals.ts';
import { answerFrontChannelLogout } from '../sessions/front-channel-logout.ts';
import { sessionCookie, sessionOfRequest, type ValidSession } from '../sessions/session.ts';
import { challengeOf, SignInRefused } from '../sign-in-refused.ts';
import { findTestTarget, finishTest } from '../sign-in-test.ts';
import { completeSignIn, recordRefusal } from './complete-sign-in.ts';
import {
  findSignIn,
  keepPosted,
  newBrowser,
  type SignInTarget,
  type StartedSignIn,
  signInMs,
  startSignIn,
  takeSignIn,
} from './sign-in-request.ts';
import { contextsOf } from './step-up.ts';
import { countUnfinished, type UnfinishedSignIns } from './unfinished-sign-ins.ts';

/** The cookie that ties sign-ins under way to the browser that started them. */
const browserCookie = '__Host-portico_signin';
const browserForm = /^[A-Za-z0-9_-]{43}$/;
const uidForm = /^[A-Za-z0-9_-]{8,64}$/;
/** Code, state and an id token with many claims. */
const callbackLimit = 40_000;

/** Answers below `/oauth`: sign-in at the provider, its callback, front-channel logout. */
export function createOauthDoor(world: EntraWorld): (request: Request, source: Source) => Promise<Response> {
  const unfinished = countUnfinished(world);
  return withFailurePage(world, async (request, source) => {
    const url = new URL(request.url);
    const [, , verb, connectionId = '', end, ...rest] = url.pathname.split('/');
    const dest = request.headers.get('sec-fetch-dest');
    if (verb === 'login' && dest !== null && dest !== 'document') return notInPage();
    const known = rest.length === 0 && connectionId.length > 0 && connectionId.length <= 36;
    if (known && verb === 'login' && end === undefined && request.method === 'GET')
      return start(world, unfinished, request, source, connectionId, url.searchParams);
    if (known && verb === 'login' && end === 'callback') {
      if (request.method === 'GET')
        return callBack(world, unfinished, request, source, connectionId, url.searchParams, false);
      if (request.method === 'POST') {
        const form = new URLSearchParams(await readText(request, callbackLimit));
        if (isOwnOrigin(request, world.config.url))
          return callBack(world, unfinished, request, source, connectionId, form, true);
        return takePosted(world, form, connectionId, url);
      }
    }
    if (known && verb === 'logout' && end === undefined && request.method === 'GET')
      return answerFrontChannelLogout(world, source, connectionId, url.searchParams);
    return pageResponse({
      title: 'Not here',
      status: 404,
      body: html`<h1>There is nothing here</h1><p>Start at the product that you want to use.</p>`,
    });
  });
}

/**
 * A sign-in is a page of its own. What another page loads as a picture, a frame or by script is none, and counts towards no
 * limit: whoever opens that page would be kept out by it, with everybody at the same address.
 */
const notInPage = (): Promise<Response> =>
  pageResponse({
    title: 'Not inside another page',
    status: 403,
    body: html`<h1>Not inside another page</h1><p>A sign-in opens in a window of its own. Start at the product that you want to use.</p>`,
  });

/** Sends the browser to the provider. */
async function start(
  world: EntraWorld,
  unfinished: UnfinishedSignIns,
  request: Request,
  source: Source,
  connectionId: string,
  parameters: URLSearchParams,
): Promise<Response> {
  const uid = parameters.get('interaction');
  const returnTo = uid !== null && uidForm.test(uid) ? `/login/${uid}` : '/login';
  const organizationId = await organizationOf(world, connectionId);
  try {
    if (organizationId === undefined) throw new SignInRefused('unknown_connection');
    const test = parameters.get('test');
    const target =
      test === null
        ? await findTarget(world, organizationId, connectionId)
        : await findTestTarget(world, organizationId, connectionId, test);
    const waitMs = await unfinished.start(source.address);
    if (waitMs > 0) return tooMany(waitMs);
    const sent = cookieOf(request, browserCookie);
    const browser = sent !== undefined && browserForm.test(sent) ? sent : newBrowser();
    const prompt = parameters.get('prompt');
    const maxAge = /^\d{1,8}$/.exec(parameters.get('max_age') ?? '')?.[0];
    const location = await startSignIn(world, target, {
      browser,
      returnTo,
      loginHint: short(parameters.get('login_hint')),
      domainHint: short(parameters.get('domain_hint')),
      prompt: prompt === 'login' || prompt === 'select_account' ? prompt : undefined,
      maxAge: maxAge === undefined ? undefined : Number(maxAge),
      contexts: contextsOf(parameters.get('acr_values')),
    });
    return redirect(location, [setCookie(browserCookie, browser, signInMs / 1000, 'Lax')]);
  } catch (error) {
    return refuse(world, source, error, { organizationId, connectionId }, returnTo);
  }
}

async function findTarget(world: EntraWorld, organizationId: string, connectionId: string): Promise<SignInTarget> {
  const live = await findLive(world, organizationId, connectionId);
  if (live?.settings.signIn !== true) throw new SignInRefused('unknown_connection');
  return { organizationId, connectionId, settings: live.settings, testId: null };
}

/** Takes what the provider sent the browser back with. */
async function callBack(
  world: EntraWorld,
  unfinished: UnfinishedSignIns,
  request: Request,
  source: Source,
  connectionId: string,
  parameters: URLSearchParams,
  confirmed: boolean,
): Promise<Response> {
  // The same address is where Microsoft returns to after a sign-out, then without anything.
  if (parameters.size === 0) return redirect('/login?signed-out');
  const organizationId = await organizationOf(world, connectionId);
  let signIn: StartedSignIn | undefined;
  try {
    if (organizationId === undefined) throw new SignInRefused('unknown_connection');
    const of = { organizationId, connectionId };
    const found = await findSignIn(world, of, only(parameters.getAll('state')), cookieOf(request, browserCookie));
    const answer = found.posted ?? parameters;
    const before = await sessionOfRequest(world, request.headers);
    if (before !== undefined && !confirmed && answer.has('code') && takesOver(found, before))
      return changeAccountPage(found, before, parameters);
    await takeSignIn(world, found);
    signIn = found;
    if (signIn.testId !== null) return await finishTest(world, source, signIn, signIn.testId, answer);
    const invitedBy = cookieOf(request, invitationCookie);
    const { cookie, maxAge } = await completeSignIn(world, source, signIn, answer, before, invitedBy);
    unfinished.finish(source.address);
    const cookies = [
      setCookie(sessionCookie, cookie, maxAge, 'Lax'),
      ...(invitedBy === undefined ? [] : [setCookie(invitationCookie, '', 0, 'Lax')]),
    ];
    return confirmed ? changedAccountPage(signIn, cookies) : redirect(signIn.returnTo, cookies);
  } catch (error) {
    const challenge = signIn !== undefined && error instanceof SignInRefused ? challengeOf(signIn, error) : undefined;
    const browser = cookieOf(request, browserCookie);
    if (signIn !== undefined && challenge !== undefined && browser !== undefined) {
      const { returnTo, asked } = signIn;
      return redirect(await startSignIn(world, signIn, { ...asked, browser, returnTo, challenge }));
    }
    const id = signIn?.id;
    const of = { organizationId, connectionId, ...(id === undefined ? {} : { id }) };
    return refuse(world, source, error, of, signIn?.returnTo ?? null);
  }
}

/**
 * Whether a sign-in would put another person in the place of the one who is signed in, unasked: any page can send a browser
 * to a connection whose provider answers by itself. A product that waits may lead to another connection of the same
 * organization.
 */
const takesOver = ({ testId, returnTo, organizationId, connectionId }: StartedSignIn, before: ValidSession): boolean =>
  testId === null &&
  before.connectionId !== connectionId &&
  (returnTo === '/login' || before.organizationId !== organizationId);

/**
 * A form_post comes from the provider's page and so without our Lax cookies: the answer is kept, and the browser is sent to
 * the same address with nothing but the state, to which it brings them.
 */
async function takePosted(world: EntraWorld, form: URLSearchParams, connectionId: string, url: URL): Promise<Response> {
  const state = only(form.getAll('state')) ?? '';
  const organizationId = await organizationOf(world, connectionId);
  if (organizationId !== undefined && state !== '')
    await keepPosted(world, { organizationId, connectionId }, state, form);
  return redirect(`${url.pathname}?${new URLSearchParams({ state })}`);
}

const only = (values: readonly string[]): string | null => (values.length === 1 ? (values[0] ?? null) : null);

const short = (text: string | null): string | undefined =>
  text === null || text === '' || text.length > 320 ? undefined : text;

function redirect(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** Writes a refusal down and shows it. What is no refusal is not ours to explain. */
async function refuse(
  world: EntraWorld,
  source: Source,
  error: unknown,
  of: { organizationId: string | undefined; connectionId: string; id?: string },
  again: string | null,
): Promise<Response> {
  if (!(error instanceof SignInRefused)) throw error;
  const { organizationId, connectionId } = of;
  const reason: RefusalReason = error.reason;
  if (wordsOf(reason).failure) {
    const wait = await recordFailedAuthentication(world, source, {
      ...(organizationId === undefined ? {} : { organizationId }),
      door: 'sign-in',
      why: `${reason} at ${connectionId}`,
    });
    if (wait > 0) return tooMany(wait);
  }
  if (organizationId !== undefined && (of.id !== undefined || (await isWorthRecording(world, source, reason)))) {
    await recordRefusal(world, source, { ...of, organizationId }, error);
  }
  const connection =
    organizationId === undefined ? undefined : await getConnection(world, organizationId, connectionId);
  // Anybody can come here by guessing an id: a draft is not shown.
  const settings = connection?.live ?? null;
  return refusalPage(world, error, {
    requestId: source.requestId,
    again,
    connection: settings === null ? undefined : { id: connectionId, settings },
  });
}

/** Anybody can open a sign-in that cannot start: only some of that becomes events. Failures have an event of their own. */
async function isWorthRecording(world: EntraWorld, source: Source, reason: RefusalReason): Promise<boolean> {
  if (
    wordsOf(reason).failure ||
    (await findWait(world.store, refusedStarts, `${reason} ${networkOf(source.address)}`)) > 0
  )
    return false;
  await countTowards(world.store, refusedStarts, `${reason} ${networkOf(source.address)}`);
  return true;
}

const refusedStarts: Limit = { name: 'refused starts of sign-ins', most: 10, windowMs: 60_000 };

const tooMany = (wait: number): Promise<Response> =>
  pageResponse({
    title: 'Too many attempts',
    status: 429,
    body: html`<h1>Too many attempts</h1><p>Wait ${Math.ceil(wait / 1000)} seconds, then start again.</p>`,
  });
