import type { EntraWorld } from '#connections';
import { type Html, html, pageResponse, passkeyForm, signInByPasskeyScript } from '#http';
import { signInPurpose } from '../local/passkeys.ts';
import { formTargetOf } from '../provider/consent-page.ts';
import type { Interaction } from '../provider/interaction.ts';
import type { WhereToSignIn } from './where-to-sign-in.ts';

/** Where a sign-in page belongs to: the product that waits, and the organization that the address names. */
export interface PagePlace {
  interaction: Interaction | undefined;
  organization: string | undefined;
  /** Who is to sign in, where somebody does so anew. */
  email?: string | undefined;
}

/** The address of the sign-in page, with what belongs to it. */
export function addressOf({ interaction, organization }: PagePlace, more: Record<string, string> = {}): string {
  const parameters = new URLSearchParams({
    ...(interaction === undefined && organization !== undefined ? { organization } : {}),
    ...more,
  });
  const path = interaction === undefined ? '/login' : `/login/${interaction.uid}`;
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}

/**
 * The sign-in page: asks for the e-mail address, and offers the connections of the organization where it is known, the one
 * used last first. `email` is an address by which nobody can be sent anywhere; the page says so whether or not anybody has it.
 */
export function loginPage(
  world: EntraWorld,
  place: PagePlace,
  { choices, last, passkeys }: WhereToSignIn,
  { email, fault }: { email?: string | undefined; fault?: string | undefined },
): Promise<Response> {
  const action = addressOf(place);
  return pageResponse({
    title: 'Sign in',
    formTargets: formTargets(world, place.interaction),
    ...(passkeys ? { script: signInByPasskeyScript } : {}),
    ...(fault === undefined || email !== undefined ? {} : { status: 403 }),
    body: html`<h1>Sign in</h1>
<p class="soft">${last === undefined ? 'With the account of your organization.' : 'As last time in this browser:'}</p>
${choices.map((it) => connectionButton(place, it, it.id === last?.id))}
${last === undefined ? '' : html`<h2>Use another</h2>`}
<form method="post" action="${action}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username${passkeys ? ' webauthn' : ''}" required ${
      last === undefined ? html`autofocus` : ''
    } maxlength="320" value="${email ?? ''}"${fault === undefined ? '' : html` aria-invalid="true" aria-describedby="fault"`}>
${fault === undefined ? '' : html`<p id="fault" class="bad" role="alert">${fault}</p>`}
<button${last === undefined ? '' : html` class="quiet"`}>Next</button>
</form>
${passkeys ? passkeyForm(world, signInPurpose, action) : ''}`,
  });
}

/** "Login to <name>": leads on by our own page, which adds the hints and remembers the choice. */
export const connectionButton = (
  place: PagePlace,
  { id, settings }: WhereToSignIn['choices'][number],
  isFirst = false,
  more: Record<string, string> = {},
): Html =>
  html`<a class="button${isFirst ? '' : ' quiet'}" href="${addressOf(place, { connection: id, ...more })}">Login to ${settings.name}</a>`;

/**
 * Browsers hold a form to `form-action` through every redirect that follows: Microsoft's login host, the organization's own
 * sign-in behind it, whose address nobody here knows, and the product.
 */
export function formTargets(world: EntraWorld, interaction: Interaction | undefined): string[] {
  const { simulatorUrl } = world.config;
  return ['https:', ...[simulatorUrl ?? []].flat(), ...formTargetOf(interaction?.asked.redirectUri)];
}
