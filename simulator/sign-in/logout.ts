import { html } from 'hono/html';
import { allRedirectUris, sameRedirectUri } from '../applications/redirect-uris.ts';
import { type Answer, type Exchange, readForm, redirect } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { page } from '../pages/page.ts';
import type { World } from '../world.ts';
import { readAuthority } from './authority.ts';
import { readLoginHint } from './login-hint.ts';
import { endedSessionCookies, findSession, type SignedInAccount } from './sessions.ts';

/** The end-session endpoint: ends the browser's session and tells the apps by front-channel logout. */
export function logoutRoutes(world: World): Routes {
  return {
    'GET /:tenant/oauth2/v2.0/logout': (exchange, tenant) => logout(world, exchange, tenant, exchange.url.searchParams),
    'POST /:tenant/oauth2/v2.0/logout': (exchange, tenant) =>
      logout(world, exchange, tenant, readForm(exchange) ?? exchange.url.searchParams),
  };
}

async function logout(world: World, exchange: Exchange, key: string, parameters: URLSearchParams): Promise<Answer> {
  readAuthority(world, key, exchange);
  const session = findSession(world.sessions, exchange);
  const leaving = accountsToEnd(world, [...(session?.accounts.values() ?? [])], parameters.get('logout_hint'));
  for (const account of leaving) session?.accounts.delete(account.homeUserId);
  const ended = session !== undefined && session.accounts.size === 0;
  if (ended) world.sessions.delete(session.id);

  const headers: Record<string, string | readonly string[]> = ended
    ? { 'set-cookie': endedSessionCookies(exchange) }
    : {};
  const back = allowedReturn(world, leaving, parameters);
  const frames = leaving.flatMap((account) => logoutUrls(world, account));
  if (frames.length === 0 && back !== undefined) return redirect(back, headers);

  const onward =
    back === undefined
      ? html`<p>You can close this window.</p>`
      : html`<p><a id="onward" href="${back}">Continue</a></p>`;
  const content = html`<h1>You signed out of your account</h1>${onward}
${frames.map((url) => html`<iframe hidden title="Sign-out of an app" src="${url}"></iframe>`)}`;
  const origins = [...new Set(frames.map((url) => new URL(url).origin))];
  return page(
    'Signed out',
    content,
    { headers, frames: origins, ...(back === undefined ? {} : { script: goOnward }) },
    'narrow',
  );
}

/** Leaves the page as soon as every app has answered, and after three seconds in any case. */
const goOnward = `const go=()=>location.replace(document.getElementById('onward').href);addEventListener('load',go);setTimeout(go,3000)`;

/** The account of `logout_hint` (the value of its `login_hint` claim), else all of them. */
function accountsToEnd(world: World, accounts: readonly SignedInAccount[], hint: string | null): SignedInAccount[] {
  if (hint === null) return [...accounts];
  const name = readLoginHint(hint).toLowerCase();
  return accounts.filter((account) => {
    const user = world.tenants.get(account.homeTenantId)?.users.get(account.homeUserId);
    return user?.userPrincipalName.toLowerCase() === name;
  });
}

/** The app's logout URL with `iss` and `sid`, for each app that took part in the session. */
function logoutUrls(world: World, account: SignedInAccount): string[] {
  return [...account.apps].flatMap(([appId, { issuer }]) => {
    const logoutUrl = world.applications.get(appId)?.web.logoutUrl ?? null;
    if (logoutUrl === null) return [];
    const url = new URL(logoutUrl);
    url.searchParams.set('iss', issuer);
    url.searchParams.set('sid', account.sid);
    return [url.href];
  });
}

/** `post_logout_redirect_uri`, if it is one of the redirect URIs of the app that asks (or of one in the session). */
function allowedReturn(
  world: World,
  accounts: readonly SignedInAccount[],
  parameters: URLSearchParams,
): string | undefined {
  const wanted = parameters.get('post_logout_redirect_uri');
  if (wanted === null || !URL.canParse(wanted)) return undefined;
  const asking = parameters.get('client_id') ?? audienceOf(parameters.get('id_token_hint'));
  const candidates = asking === null ? accounts.flatMap((account) => [...account.apps.keys()]) : [asking];
  const allowed = candidates.some((appId) => {
    const application = world.applications.get(appId);
    return application !== undefined && allRedirectUris(application).some((uri) => sameRedirectUri(uri, wanted));
  });
  if (!allowed) return undefined;
  const url = new URL(wanted);
  const state = parameters.get('state');
  if (state !== null) url.searchParams.set('state', state);
  return url.href;
}

function audienceOf(idToken: string | null): string | null {
  const payload = idToken?.split('.')[1];
  if (payload === undefined) return null;
  return /"aud":"([^"]+)"/.exec(Buffer.from(payload, 'base64url').toString('utf8'))?.[1] ?? null;
}
