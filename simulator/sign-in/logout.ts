import { html } from 'hono/html';
import { allRedirectUris, sameRedirectUri } from '../applications/redirect-uris.ts';
import type { User } from '../directory/tenant.ts';
import { type Answer, type Exchange, readForm, redirect } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { page } from '../pages/page.ts';
import type { World } from '../world.ts';
import { readAuthority } from './authority.ts';
import { readLoginHint } from './login-hint.ts';
import { endedSessionCookies, findSession, type SignedInAccount } from './sessions.ts';

/** The end-session endpoint, v1 and v2: ends the browser's session and tells the apps by front-channel logout. */
export function logoutRoutes(world: World): Routes {
  return { ...routesOf(world, 'oauth2/v2.0/logout'), ...routesOf(world, 'oauth2/logout') };
}

function routesOf(world: World, path: string): Routes {
  return {
    [`GET /:tenant/${path}`]: (exchange, tenant) => logout(world, exchange, tenant, exchange.url.searchParams),
    [`POST /:tenant/${path}`]: (exchange, tenant) =>
      logout(world, exchange, tenant, readForm(exchange) ?? exchange.url.searchParams),
  };
}

async function logout(world: World, exchange: Exchange, key: string, parameters: URLSearchParams): Promise<Answer> {
  readAuthority(world, key, exchange);
  const session = findSession(world.sessions, exchange);
  const present = [...(session?.accounts.values() ?? [])];
  const leaving = accountsToEnd(world, present, parameters);
  if (leaving === 'unclear') return whichPage(world, present, parameters);
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

/** The account of `logout_hint` (the value of its `login_hint` claim) or the chosen one; of several it has to be said which. */
function accountsToEnd(
  world: World,
  accounts: readonly SignedInAccount[],
  parameters: URLSearchParams,
): readonly SignedInAccount[] | 'unclear' {
  const [hint, chosen] = [parameters.get('logout_hint'), parameters.get('account')];
  if (chosen !== null) return accounts.filter(({ homeUserId }) => homeUserId === chosen);
  if (hint === null) return accounts.length > 1 ? 'unclear' : accounts;
  const name = readLoginHint(hint).toLowerCase();
  return accounts.filter((account) => userOf(world, account)?.userPrincipalName.toLowerCase() === name);
}

const userOf = ({ tenants }: World, { homeTenantId, homeUserId }: SignedInAccount): User | undefined =>
  tenants.get(homeTenantId)?.users.get(homeUserId);

/** "Which account do you want to sign out of?" */
function whichPage(
  world: World,
  accounts: readonly SignedInAccount[],
  parameters: URLSearchParams,
): Answer | Promise<Answer> {
  const hidden = [...parameters].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  const tiles = accounts.map((account) => {
    const user = userOf(world, account);
    return html`<li><form method="post">${hidden}<button name="account" value="${account.homeUserId}">${user?.displayName ?? ''}
<small>${user?.userPrincipalName ?? account.homeUserId}</small></button></form></li>`;
  });
  const content = html`<h1>Pick an account</h1><p>Which account do you want to sign out of?</p><ul class="people">${tiles}</ul>`;
  return page('Sign out', content, {}, 'narrow');
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
