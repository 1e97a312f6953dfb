import type { EntraWorld, LiveConnection } from '#connections';
import { waitAfterFailures } from '#events';
import { html, isOwnOrigin, pageResponse, readText, type Source, setCookie } from '#http';
import { signInByPasskey } from '../local/passkeys.ts';
import { type PasswordHasher, passwordHasherOf, TooBusy } from '../local/password-hash.ts';
import { signInByPassword } from '../local/sign-in-by-password.ts';
import { giveUp } from '../provider/give-up.ts';
import { findInteraction, finishInteraction, isAnswer } from '../provider/interaction.ts';
import { startAtProvider } from '../relying-party/start-at-provider.ts';
import { satisfies } from '../sessions/how-proven.ts';
import { endOwnSession, sessionCookie, sessionOfRequest, type ValidSession } from '../sessions/session.ts';
import { SignInRefused } from '../sign-in-refused.ts';
import { askedOfProvider } from './asked-of-provider.ts';
import { continuePage } from './continue-page.ts';
import { withFailurePage } from './failure-page.ts';
import { answerInvitation } from './invitation-door.ts';
import { lastConnectionOf, rememberConnection } from './last-connection.ts';
import { addressOf, loginPage, type PagePlace } from './login-page.ts';
import { type PasswordFault, passkeyWords, passwordPage, shutOutWords } from './password-page.ts';
import { refusalPage } from './refusal-page.ts';
import { providerSignOut, signedOutPage } from './session-pages.ts';
import { answerSet } from './set-door.ts';
import { findWhereToSignIn, signInConnection } from './where-to-sign-in.ts';

const formLimit = 40_000;

/** Answers `/login`: the sign-in page, with or without a product that waits, one-time links, and the person's sign-out. */
export function createLoginDoor(world: EntraWorld): (request: Request, source: Source) => Promise<Response> {
  const hasher = passwordHasherOf(world);
  return withFailurePage(world, async (request, source) => {
    const url = new URL(request.url);
    const [, , end = '', ...rest] = url.pathname.split('/');
    if (rest.length > 0) return over(world, source);
    if (end === 'sign-out') return signOut(world, request, source);
    if (end === 'invitation') return answerInvitation(world, request, source);
    if (end === 'set') return answerSet(world, hasher, request, source);
    const before = await sessionOfRequest(world, request.headers);
    if (end === '') {
      const signedOutOf = url.searchParams.get('signed-out');
      if (signedOutOf !== null)
        return signedOutPage(await providerSignOut(world, await signInConnection(world, signedOutOf), null));
      const anew = url.searchParams.has('anew');
      if (before !== undefined && request.method === 'GET' && !anew) return redirect('/me');
      const own = anew && before?.connectionId === '' ? before : undefined;
      const place = {
        interaction: undefined,
        organization: own?.organizationId ?? idOf(url.searchParams.get('organization')),
        email: own?.objectId,
      };
      return choose(world, hasher, request, source, place, before);
    }
    const interaction = await findInteraction(world, request, end);
    if (interaction === undefined) return over(world, source);
    const error = request.method === 'POST' ? url.searchParams.get('give-up') : null;
    if (error !== null) {
      const back = isOwnOrigin(request, world.config.url) ? await giveUp(world, interaction, error) : undefined;
      return back === undefined ? notFromHere(world) : redirect(back);
    }
    const place = { interaction, organization: interaction.asked.organization };
    const { notBefore, startedAt, asked } = interaction;
    // Who has signed in for it goes back in any case: what is lacking then the product is told.
    const isEnough = before !== undefined && (satisfies(before, asked.contexts) || before.signedInAt >= startedAt);
    if (before !== undefined && before.authenticatedAt >= notBefore && isEnough) {
      const isAsked = before.signedInAt < interaction.chosenAfter && !url.searchParams.has('another');
      const isChosen = request.method === 'POST' && url.searchParams.has('continue');
      if (isAnswer(interaction, before) || (isChosen && isOwnOrigin(request, world.config.url)))
        return redirect(await finishInteraction(world, interaction, before));
      if (isAsked && request.method === 'GET' && !url.searchParams.has('connection'))
        return continuePage(world, place, before);
    }
    return choose(world, hasher, request, source, place, before);
  });
}

/**
 * S1: leads to the connection to sign in by, asks for what is needed to find it, or takes a password or a passkey. Whether
 * somebody has an account plays no part in where it leads.
 */
async function choose(
  world: EntraWorld,
  hasher: PasswordHasher,
  request: Request,
  source: Source,
  place: PagePlace,
  before: ValidSession | undefined,
): Promise<Response> {
  if (request.method === 'POST') return takeForm(world, hasher, request, source, place, before);
  const asked = place.interaction?.asked;
  const { searchParams } = new URL(request.url);
  // Somebody who is signed in, and has to prove more: at the same place.
  const steps =
    asked !== undefined && before !== undefined && !satisfies(before, asked.contexts) && before.connectionId !== '';
  const email = shortened(searchParams.get('email')) ?? place.email ?? asked?.loginHint;
  const connection =
    idOf(searchParams.get('connection')) ?? asked?.connection ?? (steps ? before.connectionId : undefined);
  const last = lastConnectionOf(request);
  const where = await findWhereToSignIn(world, { organization: place.organization, connection, email, last });
  if (where.straight !== undefined) return leadTo(world, request, source, where.straight, place, email);
  if (email !== undefined && where.local !== undefined) return passwordPage(world, place, where, email, undefined);
  return loginPage(world, place, where, {});
}

async function takeForm(
  world: EntraWorld,
  hasher: PasswordHasher,
  request: Request,
  source: Source,
  place: PagePlace,
  before: ValidSession | undefined,
): Promise<Response> {
  if (!isOwnOrigin(request, world.config.url)) return notFromHere(world);
  const form = new URLSearchParams(await readText(request, formLimit));
  const email = shortened((form.get('email') ?? '').trim()) ?? '';
  const [password, credential] = [form.get('password'), form.get('credential')];
  const organization = place.organization ?? (password === null ? undefined : idOf(form.get('organization')));
  const asked = { organization, connection: undefined, email, typed: true, last: undefined };
  const where = await findWhereToSignIn(world, asked);
  const refuse = (fault: PasswordFault): Promise<Response> =>
    where.local === undefined
      ? loginPage(world, place, where, { fault: fault.refused === 'shut out' ? shutOutWords : passkeyWords })
      : passwordPage(world, place, where, email, fault);
  const browser = { source, headers: request.headers, before };
  const door = credential !== null ? 'passkey' : password !== null ? 'password' : undefined;
  const waitMs = door === undefined ? 0 : await waitAfterFailures(world, door, source.address);
  if (waitMs > 0) return refuse({ refused: 'too many', waitMs });
  if (credential !== null) {
    const outcome = await signInByPasskey(world, browser, { credential, organization: place.organization });
    if ('cookies' in outcome) return redirect(addressOf(place), outcome.cookies);
    return refuse(outcome.refused === 'wrong' ? { refused: 'passkey' } : outcome);
  }
  if (password !== null && where.local !== undefined) {
    const given = { organizationId: where.local.id, signInName: email, password };
    const outcome = await signInByPassword(world, hasher, browser, given).catch((error: unknown) => {
      if (error instanceof TooBusy) return { refused: 'busy' as const };
      throw error;
    });
    return 'cookies' in outcome ? redirect(addressOf(place), outcome.cookies) : refuse(outcome);
  }
  if (where.straight !== undefined) return leadTo(world, request, source, where.straight, place, email);
  if (where.local !== undefined && email.includes('@')) return passwordPage(world, place, where, email, undefined);
  return loginPage(world, place, where, { email, fault: nobodyHere });
}

const nobodyHere =
  'Nobody signs in here with an address like this one. Check it for a slip, or ask the administrator of your organization.';

/** Sends the browser on to the provider of a connection, and remembers that for the next time. */
async function leadTo(
  world: EntraWorld,
  request: Request,
  source: Source,
  connection: LiveConnection,
  { interaction }: PagePlace,
  email: string | undefined,
): Promise<Response> {
  const { organizationId, id: connectionId, settings } = connection;
  const target = { organizationId, connectionId, settings, testId: null };
  const asked = askedOfProvider(connection, interaction, email);
  const response = await startAtProvider(world, request, source, target, () => target, asked);
  if (response.status === 303) response.headers.append('set-cookie', rememberConnection(connection.id));
  return response;
}

const idOf = (text: string | null): string | undefined =>
  text !== null && /^[A-Za-z0-9-]{1,64}$/.test(text) ? text : undefined;

const shortened = (text: string | null): string | undefined => (text === null ? undefined : text.slice(0, 320));

/** Ends the person's own session here; at the provider only where the person asks for it on the page that follows. */
async function signOut(world: EntraWorld, request: Request, source: Source): Promise<Response> {
  if (request.method !== 'POST' || !isOwnOrigin(request, world.config.url)) return redirect('/login');
  const session = await sessionOfRequest(world, request.headers);
  const elsewhere =
    session === undefined
      ? undefined
      : await providerSignOut(world, await signInConnection(world, session.connectionId), session.logoutHint);
  if (session !== undefined) await endOwnSession(world, source, session, 'signed out');
  const page = await signedOutPage(elsewhere);
  page.headers.append('set-cookie', setCookie(sessionCookie, '', 0, 'Lax'));
  return page;
}

const over = (world: EntraWorld, source: Source): Promise<Response> =>
  refusalPage(world, new SignInRefused('interaction_over'), {
    requestId: source.requestId,
    again: null,
    connection: undefined,
  });

const notFromHere = (world: EntraWorld): Promise<Response> =>
  pageResponse({
    title: 'Not from here',
    status: 403,
    body: html`<h1>Not from here</h1><p>The form was sent by another page. Sign in at ${world.config.url}/login.</p>`,
  });

function redirect(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}
