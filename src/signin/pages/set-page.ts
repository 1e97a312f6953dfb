import type { EntraWorld } from '#connections';
import { addPasskeyScript, html, newPasskeyForm, pageResponse } from '#http';
import { usualPasskeyName } from '../local/name-of-passkey.ts';
import { optionsForPasskey } from '../local/passkeys.ts';
import { shortestPassword } from '../local/password-rules.ts';
import type { LocalAccount } from '../local/set-password.ts';

/** A one-time link that somebody opened. */
interface OpenedLink {
  account: LocalAccount;
  linkId: string;
  token: string;
  userAgent: string | null;
}

/** The page that a one-time link opens: choose a password, or make a passkey. Looking at it uses nothing up. */
export async function setPage(
  world: EntraWorld,
  { account, linkId, token, userAgent }: OpenedLink,
  fault?: string,
): Promise<Response> {
  const options = await optionsForPasskey(world, account, linkId);
  return pageResponse({
    title: 'Set a password or a passkey',
    status: fault === undefined ? 200 : 422,
    script: addPasskeyScript,
    body: html`<h1>${account.hasPassword ? 'Set a new password' : 'Welcome'}</h1>
<p>You sign in as <strong>${account.signInName}</strong>.</p>
<h2>A passkey</h2>
<p class="soft">Your device keeps it, and unlocks it by finger, face or PIN. There is nothing to remember and nothing to steal.</p>
${newPasskeyForm(options, '/login/set', usualPasskeyName(userAgent), { token })}
<h2>Or a password</h2>
<form method="post" action="/login/set">
<input type="hidden" name="token" value="${token}">
<label for="username">E-mail address</label>
<input id="username" name="username" type="email" autocomplete="username" readonly value="${account.signInName}">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="${shortestPassword}" maxlength="1000" aria-describedby="${
      fault === undefined ? 'rule' : 'fault rule'
    }"${fault === undefined ? '' : html` aria-invalid="true"`}>
${fault === undefined ? '' : html`<p id="fault" class="bad" role="alert">${fault}</p>`}
<p id="rule" class="soft">At least ${shortestPassword} characters, any you like; a few words in a row are easy to remember.</p>
<button class="quiet">Set the password</button>
</form>`,
  });
}

/** After a password or a passkey was set; where the person signs in with it. */
export const wasSetPage = (what: 'password' | 'passkey', organizationId: string): Promise<Response> =>
  pageResponse({
    title: `Your ${what} is set`,
    body: html`<h1>Your ${what} is set</h1>
<p>${what === 'password' ? 'You are signed out everywhere, and sign in with it from now on.' : 'You can sign in with it from now on.'}</p>
<a class="button" href="/login?organization=${organizationId}">Sign in</a>`,
  });

/** For a link that was used, replaced, is too old, or was never issued. */
export const linkOverPage = (status = 403): Promise<Response> =>
  pageResponse({
    title: 'This link does not work',
    status,
    body: html`<h1>This link does not work</h1>
<p>It was used already, replaced by a newer one, or is older than an hour. Ask whoever sent it for a new one.</p>`,
  });
