import {
  connectionOfDomain,
  type EntraWorld,
  findLive,
  type LiveConnection,
  listSignInConnections,
  onlySignInConnection,
  organizationOf,
} from '#connections';
import { isOwnOrigin, readText, type Source, setCookie } from '#http';
import { findInteraction, finishInteraction, type Interaction } from '../provider/interaction.ts';
import { endOwnSession, sessionCookie, sessionOfRequest } from '../sessions/session.ts';
import { SignInRefused } from '../sign-in-refused.ts';
import { withFailurePage } from './failure-page.ts';
import { loginPage } from './login-page.ts';
import { refusalPage } from './refusal-page.ts';
import { microsoftSignOut, signedOutPage } from './session-pages.ts';

const formLimit = 4_000;

/** Answers `/login`: the sign-in page, with or without a product that waits, and the person's sign-out. */
export function createLoginDoor(world: EntraWorld): (request: Request, source: Source) => Promise<Response> {
  return withFailurePage(world, async (request, source) => {
    const url = new URL(request.url);
    const [, , end, ...rest] = url.pathname.split('/');
    if (rest.length > 0) return over(world, source);
    if (end === 'sign-out') return signOut(world, request, source);
    if (end === undefined || end === '') {
      const signedOutOf = url.searchParams.get('signed-out');
      if (signedOutOf !== null)
        return signedOutPage(await microsoftSignOut(world, await liveConnection(world, signedOutOf), null));
      const session = await sessionOfRequest(world, request.headers);
      const anew = url.searchParams.has('anew');
      if (session !== undefined && request.method === 'GET' && !anew) return redirect('/me');
      return choose(world, request, undefined);
    }
    const interaction = await findInteraction(world, request, end);
    if (interaction === undefined) return over(world, source);
    const session = await sessionOfRequest(world, request.headers);
    if (session !== undefined && session.authenticatedAt >= interaction.notBefore) {
      return redirect(await finishInteraction(world, interaction, session));
    }
    return choose(world, request, interaction);
  });
}

/**
 * S1: finds the connection to sign in by: the one that the product asked for, the one of the e-mail address, or the only one
 * there is. Whether somebody has an account plays no part, so nothing can be learned of it.
 */
async function choose(world: EntraWorld, request: Request, interaction: Interaction | undefined): Promise<Response> {
  const asked = interaction?.asked ?? {};
  if (request.method === 'POST') {
    const email = (new URLSearchParams(await readText(request, formLimit)).get('email') ?? '').trim().slice(0, 320);
    const found = await connectionOfAddress(world, email);
    return found === undefined
      ? loginPage(world, interaction, await offered(world, asked.organization), email)
      : toConnection(found, interaction, email);
  }
  const wanted = asked.connection === undefined ? undefined : await liveConnection(world, asked.connection);
  const choices = await offered(world, asked.organization);
  const [first, another] = choices;
  const found =
    wanted ??
    (asked.loginHint === undefined ? undefined : await connectionOfAddress(world, asked.loginHint)) ??
    (another === undefined ? first : undefined) ??
    (asked.organization === undefined ? await onlySignInConnection(world) : undefined);
  return found === undefined
    ? loginPage(world, interaction, choices, undefined)
    : toConnection(found, interaction, asked.loginHint);
}

const offered = async (world: EntraWorld, organizationId: string | undefined): Promise<LiveConnection[]> =>
  organizationId === undefined ? [] : listSignInConnections(world, organizationId);

async function liveConnection(world: EntraWorld, id: string): Promise<LiveConnection | undefined> {
  const organizationId = await organizationOf(world, id);
  const found = organizationId === undefined ? undefined : await findLive(world, organizationId, id);
  return found?.settings.signIn === true ? found : undefined;
}

async function connectionOfAddress(world: EntraWorld, email: string): Promise<LiveConnection | undefined> {
  const domain = domainOf(email);
  const found = domain === undefined ? undefined : await connectionOfDomain(world, domain);
  return found?.settings.signIn === true ? found : undefined;
}

const domainOf = (email: string): string | undefined => /^[^\s@]+@([a-z0-9.-]+)$/i.exec(email)?.[1];

function toConnection(
  connection: LiveConnection,
  interaction: Interaction | undefined,
  email: string | undefined,
): Response {
  const domain = email === undefined ? undefined : domainOf(email);
  const parameters = new URLSearchParams({
    ...(interaction === undefined ? {} : { interaction: interaction.uid }),
    ...(email === undefined ? {} : { login_hint: email }),
    ...(domain === undefined ? {} : { domain_hint: domain }),
    ...(interaction !== undefined && interaction.notBefore > 0 ? { prompt: 'login' } : {}),
  });
  return redirect(`/oauth/login/${connection.id}${parameters.size > 0 ? `?${parameters}` : ''}`);
}

/** Ends the person's own session here; at Microsoft only where the person asks for it on the page that follows. */
async function signOut(world: EntraWorld, request: Request, source: Source): Promise<Response> {
  if (request.method !== 'POST' || !isOwnOrigin(request, world.config.url)) return redirect('/login');
  const session = await sessionOfRequest(world, request.headers);
  const atMicrosoft =
    session === undefined
      ? undefined
      : await microsoftSignOut(world, await liveConnection(world, session.connectionId), session.logoutHint);
  if (session !== undefined) await endOwnSession(world, source, session, 'signed out');
  const page = await signedOutPage(atMicrosoft);
  page.headers.append('set-cookie', setCookie(sessionCookie, '', 0, 'Lax'));
  return page;
}

const over = (world: EntraWorld, source: Source): Promise<Response> =>
  refusalPage(world, new SignInRefused('interaction_over'), {
    requestId: source.requestId,
    again: null,
    connection: undefined,
  });

const redirect = (location: string): Response =>
  new Response(null, { status: 303, headers: { location, 'cache-control': 'no-store' } });
