import type { EntraWorld, LiveConnection } from '#connections';
import { html, pageResponse } from '#http';
import { signOutUrl } from '#openid';
import { callbackOf } from '../relying-party/sign-in-request.ts';
import { upstreamOf } from '../relying-party/upstream.ts';

/** After a sign-out here; `atMicrosoft` is where the person can sign out there as well. */
export const signedOutPage = (atMicrosoft: string | undefined): Promise<Response> =>
  pageResponse({
    title: 'Signed out',
    body: html`<h1>You are signed out</h1>
<p>Products that you used ask you to sign in again.</p>
${
  atMicrosoft === undefined
    ? ''
    : html`<p class="soft">You are still signed in at Microsoft. On a device that others use, sign out there as well.</p>
<a class="button quiet" href="${atMicrosoft}">Sign out of Microsoft too</a>`
}`,
  });

/** The address that signs a connection's person out at Microsoft; undefined where it cannot be had just now. */
export async function microsoftSignOut(
  world: EntraWorld,
  connection: LiveConnection | undefined,
  logoutHint: string | null,
): Promise<string | undefined> {
  if (connection === undefined) return undefined;
  const { id, settings } = connection;
  const endSessionEndpoint = await upstreamOf(world, settings).then(
    (it) => it.endSessionEndpoint,
    () => undefined,
  );
  if (endSessionEndpoint === undefined) return undefined;
  return signOutUrl({
    provider: { endSessionEndpoint },
    // Without an id token as hint a provider has to be told whose redirect URI it is.
    clientId: settings.provider === 'openid' ? (settings.clientId ?? undefined) : undefined,
    postLogoutRedirectUri: callbackOf(world.config.url, id),
    logoutHint: logoutHint ?? undefined,
  });
}
