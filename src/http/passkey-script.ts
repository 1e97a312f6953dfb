import { html } from 'hono/html';
import type { Html } from './page.ts';
import { newChallenge, type PasskeyWorld, type registrationOptions, rpIdOf } from './passkey.ts';

/** What both scripts share: base64url there and back, and a form that is sent with what the authenticator said. */
const shared = `
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0));
const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (it) => String.fromCharCode(it)).join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const form = document.getElementById('passkey');
const fault = document.getElementById('passkey-fault');
const send = (answer) => { form.elements.credential.value = JSON.stringify(answer); form.submit(); };
const say = (words) => { fault.textContent = words; };
`;

/**
 * Lets the person sign in by a passkey: offered with the name field's own suggestions where the browser can, and by the
 * button. Takes what it needs from the form's data attributes.
 */
export const signInByPasskeyScript = `(() => {${shared}
if (!window.PublicKeyCredential) return;
form.hidden = false;
const { challenge, rp } = form.dataset;
let asked = new AbortController();
const ask = async (mediation) => {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  const publicKey = { challenge: bytes(challenge), rpId: rp, userVerification: 'required', timeout: 300000 };
  const { id, response } = await navigator.credentials.get({ publicKey, signal, ...(mediation ? { mediation } : {}) });
  send({ id, response: {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : '',
  } });
};
form.addEventListener('submit', (event) => {
  event.preventDefault();
  say('');
  ask().catch(() => say('No passkey was used. Try again, or sign in another way.'));
});
PublicKeyCredential.isConditionalMediationAvailable?.().then((can) => can && ask('conditional').catch(() => {}));
})()`;

/** Lets the person make a passkey, from the form's data attributes. */
export const addPasskeyScript = `(() => {${shared}
if (!window.PublicKeyCredential) { say('This browser cannot keep passkeys.'); return; }
form.hidden = false;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  say('');
  const { challenge, rp, user, algorithms, known } = JSON.parse(form.dataset.options);
  try {
    const { id, response } = await navigator.credentials.create({ publicKey: {
      challenge: bytes(challenge), rp, user: { ...user, id: bytes(user.id) },
      pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: known.map((it) => ({ type: 'public-key', id: bytes(it) })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      attestation: 'none', timeout: 300000,
    } });
    send({ id, transports: response.getTransports?.() ?? [], response: {
      clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject),
    } });
  } catch (error) {
    say(error.name === 'InvalidStateError' ? 'This device has a passkey for you already.' : 'No passkey was made. Try again.');
  }
});
})()`;

/** The form by which a passkey is used; shown by its script. `hidden` are fields to send along. */
export const passkeyForm = (
  world: PasskeyWorld,
  purpose: string,
  action: string,
  hidden: Readonly<Record<string, string>> = {},
): Html => html`<form id="passkey" method="post" action="${action}" data-challenge="${newChallenge(world, purpose)}" data-rp="${rpIdOf(world)}" hidden>
${hiddenFields(hidden)}<input type="hidden" name="credential"><button class="quiet">Use a passkey</button>
<p id="passkey-fault" class="bad" role="alert"></p></form>`;

/** The form by which a passkey is made; `name` is what it is called unless the person says otherwise. */
export const newPasskeyForm = (
  options: ReturnType<typeof registrationOptions>,
  action: string,
  name: string,
  hidden: Readonly<Record<string, string>> = {},
): Html => html`<form id="passkey" method="post" action="${action}" data-options="${JSON.stringify(options)}" hidden>
${hiddenFields(hidden)}<input type="hidden" name="credential">
<label for="passkey-name">Name of the passkey</label>
<input id="passkey-name" name="name" maxlength="50" value="${name}" required>
<button class="quiet">Make a passkey</button></form>
<p id="passkey-fault" class="bad" role="alert"></p>`;

const hiddenFields = (hidden: Readonly<Record<string, string>>) =>
  Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
