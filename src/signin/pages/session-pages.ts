import type { EntraWorld, LiveConnection } from '#connections';
import { html, pageResponse } from '#http';
import { signOutUrl } from '#openid';
import { callbackOf } from '../relying-party/sign-in-request.ts';
import { upstreamOf } from '../relying-party/upstream.ts';

/** Where somebody can sign out beyond Portico. */
export interface ProviderSignOut {
  /** What people know the provider by. */
  name: string;
  url: string;
}

/** After a sign-out here; `elsewhere` is where the person can sign out as well. */
export const signedOutPage = (elsewhere: ProviderSignOut | undefined): Promise<Response> =>
  pageResponse({
    title: 'Signed out',
    body: html`<h1>You are signed out</h1>
<p>Products that you used ask you to sign in again.</p>
${
  elsewhere === undefined
    ? ''
    : html`<p class="soft">You are still signed in at ${elsewhere.name}. On a device that others use, sign out there as well.</p>
<a class="button quiet" href="${elsewhere.url}">Sign out of ${elsewhere.name} too</a>`
}`,
  });

/** Where a connection's person signs out at its provider; undefined where it cannot be had just now. */
export async function providerSignOut(
  world: EntraWorld,
  connection: LiveConnection | undefined,
  logoutHint: string | null,
): Promise<ProviderSignOut | undefined> {
  if (connection === undefined) return undefined;
  const { id, settings } = connection;
  const endSessionEndpoint = await upstreamOf(world, settings).then(
    (it) => it.endSessionEndpoint,
    () => undefined,
  );
  if (endSessionEndpoint === undefined) return undefined;
  const url = signOutUrl({
    provider: { endSessionEndpoint },
    // Without an id token as hint a provider has to be told whose redirect URI it is.
    clientId: settings.provider === 'openid' ? (settings.clientId ?? undefined) : undefined,
    postLogoutRedirectUri: callbackOf(world.config.url, id),
    logoutHint: logoutHint ?? undefined,
  });
  return { name: settings.provider === 'entra' ? 'Microsoft' : settings.name, url };
}
