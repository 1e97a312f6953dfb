import { html } from 'hono/html';
import type { Application } from '../applications/application.ts';
import type { User } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import { accountLine, type Markup, page } from '../pages/page.ts';
import type { World } from '../world.ts';
import type { ScopesByApi } from './asked-scopes.ts';
import { scopeWords } from './scope-words.ts';

/** What the pages say to whom an admin has to help. */
export type ApprovalShown = {
  readonly application: Application;
  readonly user: User;
  readonly scopes: ScopesByApi;
  readonly hidden: Markup;
};

/** "Need admin approval" (AADSTS90094): there is nothing the person could do but come back with an admin's account. */
export function needsAdminPage(shown: ApprovalShown): Promise<Answer> {
  const { displayName } = shown.application;
  const content = html`${accountLine(shown.user.userPrincipalName)}
<h1>Need admin approval</h1>
<p><strong>${displayName}</strong><br><small>unverified</small></p>
<p>${displayName} needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant
permission to this app before you can use it.</p>
<form method="post">${shown.hidden}<div class="stack">
<button class="link" name="otheraccount" value="1">Have an admin account? Sign in with that account</button>
<button class="link" name="consent" value="return">Return to the application without granting consent</button></div></form>
<p><small>AADSTS90094</small></p>`;
  return page('Need admin approval', content, {}, 'narrow');
}

/** "Approval required" (AADSTS90095): the person asks an admin, with reasons. */
export function approvalPage(world: World, shown: ApprovalShown): Promise<Answer> {
  const items = Object.entries(shown.scopes).flatMap(([appId, names]) =>
    names.map((name) => scopeWords(world, appId, name)),
  );
  const content = html`${accountLine(shown.user.userPrincipalName)}
<h1>Approval required</h1>
<p><strong>${shown.application.displayName}</strong><br><small>unverified</small></p>
<p>This app requires your admin's approval to:</p>
<ul class="scopes">${items.map(({ title, about }) => html`<li><details><summary>${title}</summary><p>${about}</p></details></li>`)}</ul>
<form method="post">${shown.hidden}<label for="justification">Enter justification for requesting this app</label>
<textarea id="justification" name="justification" rows="3" maxlength="500" required></textarea>
<button class="link" name="otheraccount" value="1" formnovalidate>Sign in with another account</button>
<div class="row end"><button name="consent" value="return" formnovalidate>Cancel</button>
<button class="primary" name="consent" value="request">Request approval</button></div></form>
<p><small>AADSTS90095</small></p>`;
  return page('Approval required', content, {}, 'narrow');
}

/** "Request sent": an admin decides later, by the control API or by consenting. */
export function requestSentPage(shown: Pick<ApprovalShown, 'user' | 'hidden'>): Promise<Answer> {
  const content = html`${accountLine(shown.user.userPrincipalName)}
<h1>Request sent</h1><p>Your admin has your request and will review it. You will hear of it by mail.</p>
<form method="post">${shown.hidden}<div class="row end"><button class="primary" name="consent" value="return">Back to app</button></div></form>`;
  return page('Request sent', content, {}, 'narrow');
}
