import { html } from 'hono/html';
import type { Tenant, User } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import { page } from '../pages/page.ts';

/** What the account picker shows. */
export type Picker = {
  readonly appName: string;
  /** Tenants whose people may choose. */
  readonly tenants: readonly Tenant[];
  /** People already signed in to this browser, offered first. */
  readonly signedIn: readonly User[];
  readonly preselected: string;
  /** The parameters of the authorization request, carried along in hidden fields. */
  readonly parameters: URLSearchParams;
};

const shown = 6;
const suggested = 200;

/** The sign-in page: people as buttons, a field that takes any user name, and Cancel. No password, no script. */
export function pickerPage(picker: Picker): Promise<Answer> {
  const people = picker.tenants.flatMap((tenant) => tenant.users.values().take(suggested).toArray());
  const buttons = [...picker.signedIn, ...people.filter((user) => user.accountEnabled)];
  const offered = [...new Map(buttons.map((user) => [user.id, user])).values()].slice(0, shown);
  const hidden = [...picker.parameters]
    .filter(([name]) => name !== 'login' && name !== 'cancel')
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  const content = html`<h1>Sign in to ${picker.appName}</h1>
<p>Simulated sign-in of ${picker.tenants.map(({ name }) => name).join(' and ')}. Choose who you are; there is no password, and choosing
consents to what the app asks for.</p>
<form method="post"><label for="login">User name</label>
<input id="login" name="login" list="people" autocomplete="off" value="${picker.preselected}" required autofocus>
<datalist id="people">${people.map((user) => html`<option value="${user.userPrincipalName}">${user.displayName}</option>`)}</datalist>
${hidden}<div class="row"><button class="primary" type="submit">Sign in</button>
<button name="cancel" value="1" formnovalidate>Cancel</button></div></form>
<h2>Or pick an account</h2>
<ul class="people">${offered.map(
    (
      user,
    ) => html`<li><form method="post">${hidden}<button name="login" value="${user.userPrincipalName}">${user.displayName}
<small>${user.userPrincipalName}</small></button></form></li>`,
  )}</ul>`;
  return page(`Sign in to ${picker.appName}`, content, {}, 'narrow');
}
