import { authorityOf, cloudOf, type EntraWorld, type LiveConnection } from '#connections';
import { signOutUrl } from '#entra';
import { html, pageResponse } from '#http';
import { callbackOf } from '../relying-party/sign-in-request.ts';

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
  const authority = { cloud: cloudOf(world, settings.cloud), tenant: authorityOf(settings) };
  const tenant = await world.entra.tenants.resolve(authority).catch(() => undefined);
  if (tenant === undefined) return undefined;
  return signOutUrl({
    tenant,
    postLogoutRedirectUri: callbackOf(world.config.url, id),
    logoutHint: logoutHint ?? undefined,
  });
}
