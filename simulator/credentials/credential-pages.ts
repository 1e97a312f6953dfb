import { html } from 'hono/html';
import type { User } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import { accountLine, faultLine, type Markup, page } from '../pages/page.ts';

/** What every page between choosing an account and the app shows and carries. */
export type StepShown = {
  readonly user: User;
  /** The authorization request and the sign-in under way, as hidden fields. */
  readonly hidden: Markup;
  /** What was wrong with what was given before. */
  readonly fault: string | undefined;
};

/** "Enter password". */
export function passwordPage({ user, hidden, fault }: StepShown): Promise<Answer> {
  const content = html`${accountLine(user.userPrincipalName)}
<h1>Enter password</h1>${faultLine(fault)}
<form method="post">${hidden}<label class="unseen" for="passwd">Password</label>
<input id="passwd" type="password" name="passwd" placeholder="Password" autocomplete="current-password" required autofocus>
<p><small>The control API tells and sets it: <code>…/users/{id}/credentials</code>.</small></p>
<div class="row end"><button name="otheraccount" value="1" formnovalidate>Back</button>
<button class="primary" type="submit">Sign in</button></div></form>`;
  return page('Sign in to your account', content, { status: fault === undefined ? 200 : 400 }, 'narrow');
}

/** "Update your password": it expired, or an admin set it. */
export function newPasswordPage({ user, hidden, fault }: StepShown): Promise<Answer> {
  const field = (name: string, label: string, complete: string): Markup =>
    html`<label for="${name}">${label}</label><input id="${name}" type="password" name="${name}" autocomplete="${complete}" required>`;
  const content = html`${accountLine(user.userPrincipalName)}
<h1>Update your password</h1>
<p>You need to update your password because this is the first time you are signing in, or because your password has expired.</p>${faultLine(fault)}
<form method="post">${hidden}${field('oldpasswd', 'Current password', 'current-password')}${field('newpasswd', 'New password', 'new-password')}
${field('confirmpasswd', 'Confirm password', 'new-password')}
<div class="row end"><button class="primary" type="submit">Sign in</button></div></form>`;
  return page('Update your password', content, { status: fault === undefined ? 200 : 400 }, 'narrow');
}

/** "More information required": there is no second factor yet (AADSTS50072, 50079). */
export function registerFactorPage({ user, hidden }: StepShown, appName: string): Promise<Answer> {
  const content = html`${accountLine(user.userPrincipalName)}
<h1>More information required</h1>
<p>Your organization needs more information to keep your account secure: set up the Authenticator app, by which you say yes when ${appName} asks who you are.</p>
<form method="post">${hidden}<div class="row end"><button name="factor" value="cancel">Cancel</button>
<button class="primary" name="factor" value="register">Set up Authenticator</button></div></form>`;
  return page('More information required', content, {}, 'narrow');
}

/** "Approve sign in request": the number to type into the phone, which the page also plays; or a code. */
export function secondFactorPage({ user, hidden, fault }: StepShown, number: number): Promise<Answer> {
  const content = html`${accountLine(user.userPrincipalName)}
<h1>Approve sign in request</h1>${faultLine(fault)}
<p>Open your Authenticator app, and enter the number shown to sign in.</p>
<p class="number" aria-label="Number to enter">${number}</p>
<section class="phone"><h2>Simulated phone</h2>
<p>Are you trying to sign in?</p>
<form method="post">${hidden}<input type="hidden" name="number" value="${number}"><div class="row">
<button class="primary" name="factor" value="approve">Yes, enter ${number}</button>
<button name="factor" value="deny">No, it's not me</button></div></form></section>
<details><summary>I can't use my Authenticator app right now</summary>
<form method="post">${hidden}<label for="otc">Code of the Authenticator app</label>
<input id="otc" name="otc" inputmode="numeric" autocomplete="one-time-code" maxlength="7" required>
<p><small>The control API shows the code of now: <code>…/users/{id}/credentials</code>.</small></p>
<div class="row end"><button name="factor" value="cancel" formnovalidate>Cancel</button>
<button class="primary" name="factor" value="code">Verify</button></div></form></details>`;
  return page('Sign in to your account', content, { status: fault === undefined ? 200 : 400 }, 'narrow');
}

/** "Stay signed in?" (AADSTS50140 in the log). */
export function staySignedInPage({ user, hidden }: StepShown): Promise<Answer> {
  const content = html`${accountLine(user.userPrincipalName)}
<h1>Stay signed in?</h1><p>Do this to reduce the number of times you are asked to sign in.</p>
<form method="post">${hidden}<div class="row end"><button name="stay" value="no">No</button>
<button class="primary" name="stay" value="yes">Yes</button></div></form>`;
  return page('Stay signed in?', content, {}, 'narrow');
}

/** Terms of use that a policy wants accepted. */
export function termsPage({ user, hidden }: StepShown, name: string, organization: string): Promise<Answer> {
  const content = html`${accountLine(user.userPrincipalName)}
<h1>${organization} terms of use</h1>
<p>In order to access ${organization}'s resources you must read and accept the terms of use <strong>${name}</strong>.</p>
<form method="post">${hidden}<div class="row end"><button name="terms" value="decline">Decline</button>
<button class="primary" name="terms" value="accept">Accept</button></div></form>`;
  return page('Terms of use', content, {}, 'narrow');
}
