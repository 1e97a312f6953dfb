import { consumersTenantId } from '../directory/personal-accounts.ts';
import type { Exchange } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';
import { type Account, accountAt, tenantsOf } from './accounts.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import { readLoginHint } from './login-hint.ts';
import { findSession, type SignedInAccount } from './sessions.ts';

/** A person who is signed in to this browser, as he is at the authority that is asked. */
export type KnownAccount = { readonly account: Account; readonly signedIn: SignedInAccount };

/** Accounts of the browser's session that may sign in there. */
export function knownAccounts(world: World, exchange: Exchange, request: AuthorizeRequest): KnownAccount[] {
  const tenants = tenantsOf(world, request.authority, request.application);
  return [...(findSession(world.sessions, exchange)?.accounts.values() ?? [])].flatMap((signedIn) => {
    const tenant = tenants.find(({ id }) => id === signedIn.homeTenantId);
    const user = tenant?.users.get(signedIn.homeUserId);
    if (tenant === undefined || user === undefined) return [];
    const account = accountAt(world, request.authority, { tenant, user });
    return account === undefined ? [] : [{ account, signedIn }];
  });
}

/** Those of them that the request may mean, by `sid`, `login_hint` and `domain_hint`. */
export function meantAccounts(known: readonly KnownAccount[], request: AuthorizeRequest): KnownAccount[] {
  const hint = request.loginHint === undefined ? undefined : readLoginHint(request.loginHint).toLowerCase();
  return known.filter(({ account: { home }, signedIn }) => {
    if (request.sid !== undefined && signedIn.sid !== request.sid) return false;
    if (!isOfDomain(home.tenant, request.domainHint)) return false;
    const names = [home.user.userPrincipalName, home.user.mail ?? ''].map((name) => name.toLowerCase());
    return hint === undefined || names.includes(hint);
  });
}

/** Whether a hint means that tenant; one that names no tenant of this simulator means all of them. */
export function isOfDomain(
  tenant: { readonly id: string; readonly domains: readonly string[] },
  hint?: string,
): boolean {
  if (hint === undefined) return true;
  if (hint === 'consumers') return tenant.id === consumersTenantId;
  if (hint === 'organizations') return tenant.id !== consumersTenantId;
  return tenant.domains.includes(hint);
}

/** The one account that signs in without a page. Throws why there is none (`prompt=none`). */
export function silentAccount(known: readonly KnownAccount[], request: AuthorizeRequest, now: number): KnownAccount {
  const meant = meantAccounts(known, request);
  const [only, another] = meant.filter(({ signedIn }) => isFresh(signedIn, request, now));
  if (only !== undefined && another === undefined) return only;
  if (another !== undefined) {
    throw new AadstsError(16000, 'Several accounts are signed in and the request does not name one', {
      error: 'interaction_required',
    });
  }
  const [some] = known;
  if (some !== undefined && meant.length === 0 && request.sid !== undefined)
    throw new AadstsError(160021, 'Application requested a user session which does not exist');
  if (some !== undefined && meant.length === 0 && request.domainHint !== undefined)
    throw new AadstsError(50143, "Session mismatch: the user's tenant does not match the domain hint");
  throw new AadstsError(50058, 'A silent sign-in request was sent but no user is signed in');
}

/** Whether somebody signed in lately enough for `max_age`. */
export function isFresh({ authenticatedAt }: SignedInAccount, { maxAge }: AuthorizeRequest, now: number): boolean {
  return maxAge === undefined || now - authenticatedAt <= maxAge * 1000;
}
