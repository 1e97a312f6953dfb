import { type Html, html, pageResponse } from '#http';
import type { World } from '#store';
import type { ValidSession } from '../sessions/session.ts';
import type { KnownClient } from './clients.ts';
import type { AskedScopes, Interaction } from './interaction.ts';
import { knownApi } from './resource.ts';

/** What the scopes of OpenID Connect give a product, as people read it. */
const scopeWords: Readonly<Record<string, string>> = {
  openid: 'who you are, and of which organization',
  profile: 'your name and user name',
  email: 'your e-mail address',
  groups: 'the groups of your organization that you are in',
  roles: 'your roles',
  offline_access: 'access while you are not there',
};

/** Where a form of ours may end in the end: a product's address, or the scheme of an application on the device. */
export function formTargetOf(uri: string | undefined): string[] {
  const url = URL.parse(uri ?? '');
  return url === null ? [] : [url.origin === 'null' ? url.protocol : url.origin];
}

/** Asks a person for consent to a product of somebody else, or whether it was they who started an application. */
export async function consentPage(
  world: World,
  {
    interaction,
    client,
    session,
    scopes,
  }: { interaction: Interaction; client: KnownClient; session: ValidSession; scopes: AskedScopes },
): Promise<Response> {
  const { firstParty, name } = client;
  const { redirectUri } = interaction.asked;
  const title = firstParty ? `Continue to ${name}?` : `Allow ${name}?`;
  return pageResponse({
    title,
    formTargets: formTargetOf(redirectUri),
    body: html`<h1>${title}</h1>
<p>You are signed in as <strong>${session.name ?? session.userName}</strong>${session.email === null ? '' : html` (${session.email})`}.</p>
${
  firstParty
    ? html`<p>An application on this device wants to use your account. Go on only if you have just started ${name} yourself.</p>`
    : html`<p>It is not a product of ours. It wants to have:</p><ul>${await wordsOf(world, scopes)}</ul>`
}
${redirectUri === undefined ? '' : html`<p class="soft">You go on to <code>${placeOf(redirectUri)}</code>.</p>`}
<form method="post" action="/consent/${interaction.uid}">
<button name="answer" value="allow">${firstParty ? 'Continue' : 'Allow'}</button>
<button name="answer" value="deny" class="quiet">${firstParty ? 'It was not me' : 'Do not allow'}</button>
</form>`,
  });
}

async function wordsOf(world: World, scopes: AskedScopes): Promise<Html[]> {
  const listed = Object.entries(scopes).map(async ([resource, names]) => {
    const api = resource === '' ? undefined : await knownApi(world, resource);
    return names.map((scope) =>
      resource === ''
        ? html`<li>${scopeWords[scope] ?? scope}</li>`
        : html`<li><code>${scope}</code> at ${api?.name ?? resource}</li>`,
    );
  });
  return (await Promise.all(listed)).flat();
}

/** Where an address leads, as people can judge it. */
function placeOf(uri: string): string {
  const url = URL.parse(uri);
  return url === null || url.host === '' ? uri : `${url.protocol === 'https:' ? '' : `${url.protocol}//`}${url.host}`;
}

/** For somebody who comes too late, a second time, or with another browser. */
export const consentOverPage = (): Promise<Response> =>
  pageResponse({
    title: 'This is over',
    status: 400,
    body: html`<h1>This is over</h1>
<p>It took too long, was answered already, or was started in another browser.</p>
<p>Go back to the product and sign in again.</p>`,
  });
