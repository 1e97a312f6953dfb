import { html } from 'hono/html';
import type { Tenant, User } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import { type Markup, page } from '../pages/page.ts';

/** What the account picker shows. */
export type Picker = {
  readonly appName: string;
  /** Tenants whose people may choose. */
  readonly tenants: readonly Tenant[];
  /** People already signed in to this browser, offered first. */
  readonly signedIn: readonly User[];
  /** Whether some of them are asked for a password next. */
  readonly passwords: boolean;
  readonly preselected: string;
  /** The authorization request, carried along in hidden fields. */
  readonly hidden: Markup;
};

const shown = 6;
const suggested = 200;

/** The sign-in page: people as buttons, a field that takes any user name, and Cancel. No script. */
export function pickerPage(picker: Picker): Promise<Answer> {
  const { hidden, signedIn } = picker;
  const people = picker.tenants.flatMap((tenant) => tenant.users.values().take(suggested).toArray());
  const known = new Set(signedIn.map(({ id }) => id));
  const others = people.filter((user) => user.accountEnabled && !known.has(user.id));
  const offered = others.slice(0, Math.max(shown - signedIn.length, 0));
  const names = picker.tenants.map(({ name }) => name);
  const content = html`<h1>Sign in to ${picker.appName}</h1>
<p>Simulated sign-in of ${listed(names)}. ${
    picker.passwords
      ? 'Choose who you are; the password is asked for next.'
      : 'Choose who you are; there is no password, and choosing consents to what the app asks for.'
  }</p>
<form method="post"><label for="login">User name</label>
<input id="login" name="login" list="people" autocomplete="off" value="${picker.preselected}" required autofocus>
<datalist id="people">${people.map((user) => html`<option value="${user.userPrincipalName}">${user.displayName}</option>`)}</datalist>
${hidden}<div class="row"><button class="primary" type="submit">Sign in</button>
<button name="cancel" value="1" formnovalidate>Cancel</button></div></form>
<h2>Or pick an account</h2>
<ul class="people">${signedIn.map(
    (user) => html`<li class="tile">${tile(user, hidden, 'Signed in')}<form method="post">${hidden}<button
name="forget" value="${user.id}" title="Sign out" aria-label="Sign out ${user.displayName}">✕</button></form></li>`,
  )}${offered.map((user) => html`<li>${tile(user, hidden)}</li>`)}</ul>`;
  return page(`Sign in to ${picker.appName}`, content, {}, 'narrow');
}

function tile(user: User, hidden: Markup, state?: string): Markup {
  return html`<form method="post">${hidden}<button name="login" value="${user.userPrincipalName}">${user.displayName}
<small>${user.userPrincipalName}</small>${state === undefined ? '' : html`<small>${state}</small>`}</button></form>`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? `${names[0] ?? 'nobody'}` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
