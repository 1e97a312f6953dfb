import { type EntraWorld, findLive, organizationOf } from '#connections';
import { cookieOf, html, isOwnOrigin, pageResponse, readText, type Source, setCookie } from '#http';
import { invitationCookie } from '../accounts/invitations.ts';
import { changeAccountPage, changedAccountPage } from '../pages/change-account-page.ts';
import { withFailurePage } from '../pages/failure-page.ts';
import { findInteraction, uidOf } from '../provider/interaction.ts';
import { answerFrontChannelLogout } from '../sessions/front-channel-logout.ts';
import { askedContexts } from '../sessions/how-proven.ts';
import { sessionCookie, sessionOfRequest, type ValidSession } from '../sessions/session.ts';
import { challengeOf, SignInRefused } from '../sign-in-refused.ts';
import { findTestTarget, finishTest } from '../sign-in-test.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { finishLinking } from './finish-linking.ts';
import { refuseSignIn } from './refuse-sign-in.ts';
import {
  browserCookie,
  findSignIn,
  keepPosted,
  type SignInTarget,
  type StartedSignIn,
  startSignIn,
  takeSignIn,
} from './sign-in-request.ts';
import { isInPage, notInPage, startAtProvider } from './start-at-provider.ts';
import { unfinishedSignIns } from './unfinished-sign-ins.ts';

const uidForm = /^[A-Za-z0-9_-]{8,64}$/;
/** Code, state and an id token with many claims. */
const callbackLimit = 40_000;

/** Answers below `/oauth`: sign-in at the provider, its callback, front-channel logout. */
export function createOauthDoor(world: EntraWorld): (request: Request, source: Source) => Promise<Response> {
  return withFailurePage(world, async (request, source) => {
    const url = new URL(request.url);
    const [, , verb, connectionId = '', end, ...rest] = url.pathname.split('/');
    if (verb === 'login' && isInPage(request.headers.get('sec-fetch-dest'))) return notInPage();
    const known = rest.length === 0 && connectionId.length > 0 && connectionId.length <= 36;
    if (known && verb === 'login' && end === undefined && request.method === 'GET')
      return start(world, request, source, connectionId, url.searchParams);
    if (known && verb === 'login' && end === 'callback') {
      if (request.method === 'GET') return callBack(world, request, source, connectionId, url.searchParams, false);
      if (request.method === 'POST') {
        const form = new URLSearchParams(await readText(request, callbackLimit));
        if (isOwnOrigin(request, world.config.url)) return callBack(world, request, source, connectionId, form, true);
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

/** Sends the browser to the provider, as the address says. */
async function start(
  world: EntraWorld,
  request: Request,
  source: Source,
  connectionId: string,
  parameters: URLSearchParams,
): Promise<Response> {
  const uid = parameters.get('interaction');
  const prompt = parameters.get('prompt');
  const maxAge = /^\d{1,8}$/.exec(parameters.get('max_age') ?? '')?.[0];
  const organizationId = await organizationOf(world, connectionId);
  const findTarget = () => {
    if (organizationId === undefined) throw new SignInRefused('unknown_connection');
    const test = parameters.get('test');
    return test === null
      ? findLiveTarget(world, organizationId, connectionId)
      : findTestTarget(world, organizationId, connectionId, test);
  };
  return startAtProvider(world, request, source, { organizationId, connectionId }, findTarget, {
    returnTo: uid !== null && uidForm.test(uid) ? `/login/${uid}` : '/login',
    loginHint: short(parameters.get('login_hint')),
    domainHint: short(parameters.get('domain_hint')),
    prompt: prompt === 'login' || prompt === 'select_account' ? prompt : undefined,
    maxAge: maxAge === undefined ? undefined : Number(maxAge),
    contexts: askedContexts(parameters.get('acr_values')),
  });
}

async function findLiveTarget(world: EntraWorld, organizationId: string, connectionId: string): Promise<SignInTarget> {
  const live = await findLive(world, organizationId, connectionId);
  if (live?.settings.signIn !== true) throw new SignInRefused('unknown_connection');
  return { organizationId, connectionId, settings: live.settings, testId: null };
}

/** Takes what the provider sent the browser back with. */
async function callBack(
  world: EntraWorld,
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
    if (signIn.asked.linksTo !== undefined) {
      await finishLinking(world, source, signIn, answer, before);
      unfinishedSignIns(world).finish(source.address);
      return redirect('/me?said=links.added');
    }
    const invitedBy = cookieOf(request, invitationCookie);
    const uid = uidOf(signIn.returnTo);
    const interaction = uid === undefined ? undefined : await findInteraction(world, request, uid);
    const done = await completeSignIn(world, source, signIn, answer, { before, invitedBy, interaction });
    unfinishedSignIns(world).finish(source.address);
    const cookies = [
      setCookie(sessionCookie, done.cookie, done.maxAge, 'Lax'),
      ...(invitedBy === undefined ? [] : [setCookie(invitationCookie, '', 0, 'Lax')]),
    ];
    return confirmed ? changedAccountPage(done.returnTo, cookies) : redirect(done.returnTo, cookies);
  } catch (error) {
    const challenge = signIn !== undefined && error instanceof SignInRefused ? challengeOf(signIn, error) : undefined;
    const browser = cookieOf(request, browserCookie);
    if (signIn !== undefined && challenge !== undefined && browser !== undefined) {
      const { returnTo, asked } = signIn;
      return redirect(await startSignIn(world, signIn, { ...asked, browser, returnTo, challenge }));
    }
    const id = signIn?.id;
    const of = { organizationId, connectionId, ...(id === undefined ? {} : { id }) };
    return refuseSignIn(world, source, error, of, signIn?.returnTo ?? null);
  }
}

/**
 * Whether a sign-in would put another person in the place of the one who is signed in, unasked: any page can send a browser
 * to a connection whose provider answers by itself. A product that waits may lead to another connection of the same
 * organization.
 */
const takesOver = (
  { testId, returnTo, organizationId, connectionId, asked }: StartedSignIn,
  before: ValidSession,
): boolean =>
  testId === null &&
  asked.linksTo === undefined &&
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
