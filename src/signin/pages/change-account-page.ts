import { html, pageResponse } from '#http';
import type { StartedSignIn } from '../relying-party/sign-in-request.ts';
import type { ValidSession } from '../sessions/session.ts';

/** Asks whoever is signed in before a sign-in by another connection takes the place of the session; holds its answer meanwhile. */
export const changeAccountPage = (
  { settings, returnTo }: StartedSignIn,
  session: ValidSession,
  answer: URLSearchParams,
): Promise<Response> =>
  pageResponse({
    title: 'Change the account?',
    body: html`<h1>Change the account?</h1>
<p>You are signed in as ${session.name ?? session.userName}${session.email === null ? '' : html`, ${session.email}`}. This browser was sent to sign in by ${settings.name} instead, which ends that session.</p>
<p>If it was not you who began that, stay as you are.</p>
<a class="button" href="${returnTo === '/login' ? '/me' : returnTo}">Stay signed in as ${session.name ?? session.userName}</a>
<form method="post">${[...answer].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button class="quiet">Change to ${settings.name}</button></form>`,
  });

/** After the change. A link goes on, since a browser holds what follows a form to the page that the form was on. */
export async function changedAccountPage(returnTo: string, cookies: readonly string[]): Promise<Response> {
  const page = await pageResponse({
    title: 'Account changed',
    body: html`<h1>You have changed the account</h1>
<a class="button" href="${returnTo}" autofocus>Continue</a>`,
  });
  for (const cookie of cookies) page.headers.append('set-cookie', cookie);
  return page;
}
