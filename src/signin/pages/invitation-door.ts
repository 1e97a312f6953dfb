import { type EntraWorld, getOrganization, type LiveConnection } from '#connections';
import { recordFailedAuthentication, waitAfterFailures } from '#events';
import { html, isOwnOrigin, pageResponse, readText, type Source, setCookie } from '#http';
import { findOpenInvitation, invitationCookie } from '../accounts/invitations.ts';
import { startAtProvider } from '../relying-party/start-at-provider.ts';
import { askedOfProvider } from './asked-of-provider.ts';
import { formTargets } from './login-page.ts';
import { signInConnection } from './where-to-sign-in.ts';

const formLimit = 4000;

/** A sign-in takes ten minutes at most; some more to begin with it. */
const cookieSeconds = 900;

/**
 * Answers `/login/invitation`: the link shows a page, as scanners of mail open links too; its button sets the cookie that
 * brings the invitation to the end of the sign-in. Neither uses it up.
 */
export async function answerInvitation(world: EntraWorld, request: Request, source: Source): Promise<Response> {
  if ((await waitAfterFailures(world, 'invitation', source.address)) > 0) return invitationOverPage(429);
  const isPost = request.method === 'POST';
  if (isPost && !isOwnOrigin(request, world.config.url)) return notFromHere(world);
  const given = isPost ? new URLSearchParams(await readText(request, formLimit)) : new URL(request.url).searchParams;
  const value = given.get('token') ?? '';
  const invitation = await findOpenInvitation(world, value);
  const connection = invitation === undefined ? undefined : await signInConnection(world, invitation.connectionId);
  if (invitation === undefined) {
    await recordFailedAuthentication(world, source, { door: 'invitation', why: 'the invitation is not valid' });
    return invitationOverPage();
  }
  if (connection?.organizationId !== invitation.organizationId) return notYetPage();
  if (!isPost) return invitationPage(world, connection, value);
  const { organizationId, id: connectionId, settings } = connection;
  const target = { organizationId, connectionId, settings, testId: null };
  const asked = askedOfProvider(connection, undefined, undefined);
  const response = await startAtProvider(world, request, source, target, () => target, asked);
  response.headers.append('set-cookie', setCookie(invitationCookie, value, cookieSeconds, 'Lax'));
  return response;
}

async function invitationPage(world: EntraWorld, connection: LiveConnection, value: string): Promise<Response> {
  const { name } = await getOrganization(world, connection.organizationId);
  return pageResponse({
    title: 'You are invited',
    formTargets: formTargets(world, undefined),
    body: html`<h1>You are invited</h1>
<p>${name} invites you to sign in here. The invitation is for one person, and for the first sign-in.</p>
<form method="post" action="/login/invitation">
<input type="hidden" name="token" value="${value}">
<button autofocus>Login to ${connection.settings.name}</button>
</form>
<p class="soft">If you have an account here already, the button signs you in, and the invitation stays unused.</p>`,
  });
}

/** For an invitation that was used, taken back, is too old, or was never made. */
const invitationOverPage = (status = 403): Promise<Response> =>
  pageResponse({
    title: 'This invitation does not work',
    status,
    body: html`<h1>This invitation does not work</h1>
<p>It was used already, taken back, or is too old. Ask whoever sent it for a new one.</p>
<p>If it was you who used it, you have an account: <a href="/login">sign in</a>.</p>`,
  });

const notYetPage = (): Promise<Response> =>
  pageResponse({
    title: 'Nobody can sign in here now',
    status: 503,
    body: html`<h1>Nobody can sign in here now</h1>
<p>The sign-in that the invitation is for is not in use. Your invitation stays good: try again later, or ask whoever sent it.</p>`,
  });

const notFromHere = (world: EntraWorld): Promise<Response> =>
  pageResponse({
    title: 'Not from here',
    status: 403,
    body: html`<h1>Not from here</h1><p>The form was sent by another page. Open the link at ${world.config.url}.</p>`,
  });
