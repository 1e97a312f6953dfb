import type { EntraWorld } from '#connections';
import { type Html, html, pageResponse, passkeyForm, signInByPasskeyScript } from '#http';
import { signInPurpose } from '../local/passkeys.ts';
import { addressOf, connectionButton, formTargets, type PagePlace } from './login-page.ts';
import { retryWords } from './retry-words.ts';
import type { WhereToSignIn } from './where-to-sign-in.ts';

/** What the password page has to say about the attempt before. */
export type PasswordFault =
  | { refused: 'wrong' }
  | { refused: 'locked'; until: number }
  | { refused: 'too many'; waitMs: number }
  | { refused: 'busy' }
  | { refused: 'passkey' }
  | { refused: 'shut out' };

/** Of a passkey that signed nobody in. */
export const passkeyWords = 'The passkey was not accepted. Try again, or sign in another way.';

/** For a person who proved to be one that is switched off. */
export const shutOutWords = 'Your access was switched off. Ask the administrator of your organization.';

const statusOf: Readonly<Record<PasswordFault['refused'], number>> = {
  wrong: 403,
  locked: 429,
  'too many': 429,
  busy: 503,
  passkey: 403,
  'shut out': 403,
};

/**
 * The second step of a local sign-in. It is the same for every name: nothing was looked up to show it, and a refusal says the
 * same whether or not anybody has the name.
 */
export function passwordPage(
  world: EntraWorld,
  place: PagePlace,
  { choices, local }: WhereToSignIn,
  email: string,
  fault: PasswordFault | undefined,
): Promise<Response> {
  const action = addressOf(place);
  return pageResponse({
    title: 'Sign in',
    status: fault === undefined ? 200 : statusOf[fault.refused],
    formTargets: formTargets(world, place.interaction),
    script: signInByPasskeyScript,
    body: html`<h1>Sign in${local === undefined ? '' : ` to ${local.name}`}</h1>
${fault === undefined ? '' : faultWords(world, fault)}
${choices.map((it) => connectionButton(place, it, true, { email }))}
${choices.length === 0 ? '' : html`<h2>Or with a password</h2>`}
<form method="post" action="${action}">
<input type="hidden" name="organization" value="${local?.id ?? ''}">
<label for="email">E-mail address</label>
<input id="email" name="email" type="email" autocomplete="username webauthn" required maxlength="320" value="${email}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="1000" ${
      choices.length === 0 ? html`autofocus` : ''
    }>
<button${choices.length === 0 ? '' : html` class="quiet"`}>Sign in</button>
</form>
${passkeyForm(world, signInPurpose, action)}
<p class="soft">Forgotten? Ask whoever runs the product, or the administrator of your organization, for a new link.</p>`,
  });
}

function faultWords(world: EntraWorld, fault: PasswordFault): Html {
  switch (fault.refused) {
    case 'wrong':
      return html`<p class="bad" role="alert">E-mail address and password do not belong together.</p>`;
    case 'locked':
      return html`<p class="bad" role="alert">There were too many wrong attempts with this e-mail address.</p>
<p>Wait ${retryWords(fault.until - world.now())}, then try again. Until then no password is looked at, not even the right one. A passkey works meanwhile.</p>`;
    case 'too many':
      return html`<p class="bad" role="alert">There were too many wrong attempts from your network.</p><p>Wait ${retryWords(fault.waitMs)}, then try again.</p>`;
    case 'busy':
      return html`<p class="bad" role="alert">Too many people sign in at this moment.</p><p>Try again in a few seconds.</p>`;
    case 'passkey':
      return html`<p class="bad" role="alert">${passkeyWords}</p>`;
    case 'shut out':
      return html`<p class="bad" role="alert">${shutOutWords}</p>`;
  }
}
