import { addPasskeyScript, type Html, html, newPasskeyForm, pageResponse } from '#http';
import { deletePasskey, pageOfPasskeys } from '../../local/manage-local-account.ts';
import { longestPasskeyName, trimPasskeyName, usualPasskeyName } from '../../local/name-of-passkey.ts';
import { addPasskey, optionsForPasskey, renamePasskey } from '../../local/passkeys.ts';
import { passwordHasherOf, TooBusy } from '../../local/password-hash.ts';
import { shortestPassword } from '../../local/password-rules.ts';
import { findLocalAccountById, type LocalAccount, setPassword } from '../../local/set-password.ts';
import { causeOfPerson } from '../../sessions/session.ts';
import type { Asked, Done, MeSection } from './section.ts';
import { timeOf } from './time-of.ts';

const shown = 100;

/** What a person signs in by here: passkeys and a password. Nothing of it for whoever signs in elsewhere only. */
export const passkeysSection: MeSection = {
  name: 'passkeys',
  show: async ({ world, session }) => {
    const account = await accountOf({ world, session });
    if (account === undefined) return undefined;
    const { items } = await pageOfPasskeys(world, account.organizationId, account.accountId, { limit: shown });
    return html`<h2>Passkeys and password</h2>
<p class="soft">To remove a passkey or to change the password ends your sessions in other browsers.</p>
<ul class="plain">${items.map(
      (it) => html`<li>
<div><strong>${it.name}</strong>${it.backedUp ? ', on several devices' : ''}<br>
<span class="soft">since ${timeOf(it.createdAt)} · last used ${it.lastUsedAt === null ? 'never' : timeOf(it.lastUsedAt)}</span></div>
<form method="post" action="/me/passkeys/rename"><input type="hidden" name="passkey" value="${it.id}"><button class="quiet small" aria-label="Rename ${it.name}">Rename</button></form>
<form method="post" action="/me/passkeys/remove"><input type="hidden" name="passkey" value="${it.id}"><button class="quiet small" aria-label="Remove ${it.name}">Remove</button></form>
</li>`,
    )}
<li><div><strong>Password</strong><br>
<span class="soft">${account.passwordSetAt === null ? 'none' : html`set ${timeOf(new Date(account.passwordSetAt).toISOString())}`}</span></div>
<form method="post" action="/me/passkeys/password"><button class="quiet small">${account.hasPassword ? 'Change' : 'Set'} the password</button></form></li></ul>
<form method="post" action="/me/passkeys/add"><button class="quiet">Add a passkey</button></form>`;
  },
  actions: {
    remove: (asked, form) =>
      withAccount(asked, async ({ organizationId, accountId, hasPassword, ...account }) => {
        const { world, source, session } = asked;
        const { items } = await pageOfPasskeys(world, organizationId, accountId, { limit: shown });
        const passkey = items.find(({ id }) => id === form.get('passkey'));
        if (passkey === undefined) return { said: 'gone' };
        if (items.length === 1 && !hasPassword) return { said: 'last' };
        const cause = causeOfPerson(source, { accountId, ...account });
        await deletePasskey(world, cause, { organizationId, accountId }, passkey.id, session.id);
        return { said: 'removed' };
      }),
    add: (asked, form) =>
      withAccount(asked, async (account) => {
        const { world, source, session } = asked;
        const credential = form.get('credential');
        if (credential === null) return addPage(asked, account, undefined);
        const name = trimPasskeyName(form.get('name') ?? '') || usualPasskeyName(source.userAgent);
        const given = { by: session.id, credential, name, linkId: null };
        const refused = await addPasskey(world, causeOfPerson(source, account), account, given);
        return refused === undefined ? { said: 'added' } : addPage(asked, account, refusals[refused]);
      }),
    rename: (asked, form) =>
      withAccount(asked, async (account) => {
        const { world, source } = asked;
        const { items } = await pageOfPasskeys(world, account.organizationId, account.accountId, { limit: shown });
        const passkey = items.find(({ id }) => id === form.get('passkey'));
        if (passkey === undefined) return { said: 'gone' };
        const given = form.get('name');
        const to = trimPasskeyName(given ?? '');
        if (to === '') return renamePage(passkey, given === null ? undefined : 'Give it a name.');
        const named = await renamePasskey(world, causeOfPerson(source, account), account, { id: passkey.id, to });
        return { said: named ? 'renamed' : 'gone' };
      }),
    password: (asked, form) =>
      withAccount(asked, async (account) => {
        const { world, source, session } = asked;
        const password = form.get('password');
        if (password === null) return passwordPage(account, undefined);
        const given = { password, linkId: null, sessionId: session.id };
        const cause = causeOfPerson(source, account);
        try {
          const refused = await setPassword(world, passwordHasherOf(world), cause, account, given);
          if (refused === undefined) return { said: 'changed' };
          return passwordPage(account, { status: 422, words: 'fault' in refused ? refused.fault : '' });
        } catch (error) {
          if (!(error instanceof TooBusy)) throw error;
          return passwordPage(account, { status: 503, words: busy });
        }
      }),
  },
  says: {
    added: 'The passkey was added.',
    renamed: 'The passkey has its new name.',
    removed: 'The passkey was removed.',
    gone: 'That passkey is gone already.',
    last: 'That passkey is your only way in. Set a password or add another passkey first.',
    changed: 'Your password was changed.',
  },
};

const busy = 'Too many people set or enter a password at this moment. Try again in a few seconds.';

const refusals = {
  invalid: 'The passkey was not accepted. Try again.',
  used: 'That took place already. Try again.',
  'too many': 'You have too many passkeys. Remove one first.',
} as const;

const accountOf = ({ world, session }: Pick<Asked, 'world' | 'session'>): Promise<LocalAccount | undefined> =>
  findLocalAccountById(world, session.organizationId, session.accountId);

/** Does what changes how an account is got into, for whoever proved lately who it is. */
async function withAccount(asked: Asked, work: (account: LocalAccount) => Promise<Done>): Promise<Done> {
  const account = await accountOf(asked);
  if (account === undefined) return { said: 'gone' };
  return asked.lately ? work(account) : 'authenticate';
}

const back: Html = html`<a class="button quiet" href="/me">Back</a>`;

const addPage = async (
  { world, source, session }: Asked,
  account: LocalAccount,
  fault: string | undefined,
): Promise<Response> =>
  pageResponse({
    title: 'Add a passkey',
    status: fault === undefined ? 200 : 422,
    script: addPasskeyScript,
    body: html`<h1>Add a passkey</h1>
<p class="soft">Your device keeps it, and unlocks it by finger, face or PIN.</p>
${fault === undefined ? '' : html`<p class="bad" role="alert">${fault}</p>`}
${newPasskeyForm(await optionsForPasskey(world, account, session.id), '/me/passkeys/add', usualPasskeyName(source.userAgent))}
${back}`,
  });

const renamePage = ({ id, name }: { id: string; name: string }, fault: string | undefined): Promise<Response> =>
  pageResponse({
    title: 'Rename a passkey',
    status: fault === undefined ? 200 : 422,
    body: html`<h1>Rename a passkey</h1>
<form method="post" action="/me/passkeys/rename"><input type="hidden" name="passkey" value="${id}">
<label for="name">Name of the passkey</label>
<input id="name" name="name" required maxlength="${longestPasskeyName}" value="${name}" autofocus${
      fault === undefined ? '' : html` aria-invalid="true" aria-describedby="fault"`
    }>
${fault === undefined ? '' : html`<p id="fault" class="bad" role="alert">${fault}</p>`}
<button>Rename</button></form>
${back}`,
  });

const passwordPage = (
  account: LocalAccount,
  fault: { status: 422 | 503; words: string } | undefined,
): Promise<Response> =>
  pageResponse({
    title: 'Set a password',
    status: fault?.status ?? 200,
    body: html`<h1>${account.hasPassword ? 'Change your password' : 'Set a password'}</h1>
<form method="post" action="/me/passkeys/password">
<label for="username">E-mail address</label>
<input id="username" name="username" type="email" autocomplete="username" readonly value="${account.signInName}">
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required minlength="${shortestPassword}" maxlength="1000" autofocus aria-describedby="rule"${
      fault === undefined ? '' : html` aria-invalid="true"`
    }>
${fault === undefined ? '' : html`<p class="bad" role="alert">${fault.words}</p>`}
<p id="rule" class="soft">At least ${shortestPassword} characters, any you like. You are signed out of all other browsers.</p>
<button>${account.hasPassword ? 'Change' : 'Set'} the password</button>
</form>
${back}`,
  });
