import { html } from 'hono/html';
import type { Application } from '../applications/application.ts';
import type { User } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import { accountLine, type Markup, page } from '../pages/page.ts';
import type { World } from '../world.ts';
import type { ScopesByApi } from './asked-scopes.ts';
import { scopeWords } from './scope-words.ts';

/** What the page of a consent shows. */
export type ConsentShown = {
  readonly application: Application;
  readonly user: User;
  readonly scopes: ScopesByApi;
  /** App roles an admin consents to with it, by name. */
  readonly roles?: readonly string[];
  /** An admin may tick a box and consent for everybody; `only`: there is no other way (admin consent). */
  readonly forAll: 'no' | 'may' | 'only';
  /** Name of the tenant. */
  readonly organization: string;
  /** Whether the app is registered in this tenant. */
  readonly ofOrganization: boolean;
  readonly hidden: Markup;
};

/** "Permissions requested": what the app wants in words, Accept and Cancel. */
export function consentPage(world: World, shown: ConsentShown): Promise<Answer> {
  const { application, organization, forAll } = shown;
  const items = Object.entries(shown.scopes).flatMap(([appId, names]) =>
    names.map((name) => ({ ...scopeWords(world, appId, name), name })),
  );
  const roles = (shown.roles ?? []).map((name) => ({
    title: `${name}, for the app itself`,
    about: 'The app may do this without anybody signed in, for the whole organization.',
    name,
  }));
  const content = html`${accountLine(shown.user.userPrincipalName)}
<h1>Permissions requested${forAll === 'only' ? html`<br><small>Review for your organization</small>` : ''}</h1>
<p class="app"><strong>${application.displayName}</strong><br><small>${
    shown.ofOrganization ? `App of ${organization}` : 'unverified'
  }</small></p>
<p>${forAll === 'only' ? 'If you accept, this app gets these rights for everybody in your organization, and nobody else is asked:' : 'This app would like to:'}</p>
<ul class="scopes">${[...items, ...roles].map(
    ({ title, about, name }) =>
      html`<li><details><summary>${title}</summary><p>${about}<br><code>${name}</code></p></details></li>`,
  )}</ul>
<form method="post">${shown.hidden}${
    forAll === 'may'
      ? html`<label class="check"><input type="checkbox" name="forall" value="1"> Consent on behalf of your organization</label>`
      : ''
  }
<p><small>Accepting these permissions means that you allow this app to use your data as its terms say. You can change them later.</small></p>
<div class="row end"><button name="consent" value="cancel">Cancel</button>
<button class="primary" name="consent" value="accept">Accept</button></div></form>`;
  return page('Permissions requested', content, {}, 'narrow');
}
