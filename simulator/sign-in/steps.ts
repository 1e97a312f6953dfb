import { type Access, demandsOn, type Proof } from '../conditional-access/evaluate.ts';
import type { Policy } from '../conditional-access/policy.ts';
import { requireAccess } from '../conditional-access/require-access.ts';
import { type AdminConsent, mayConsent } from '../consent/admin-consent.ts';
import { askedScopes } from '../consent/asked-scopes.ts';
import { type ConsentState, decideConsent } from '../consent/decide-consent.ts';
import { findCredential } from '../credentials/credential.ts';
import { checkPasswordIsCurrent } from '../credentials/passwords.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';
import { type Account, checkEnabled, checkMayUse } from './accounts.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import type { Flow } from './flows.ts';

/** What still stands between a person and the app; each is a page. */
export type Step =
  | { readonly kind: 'password' | 'newPassword' | 'registerFactor' | 'secondFactor' | 'stay' }
  | { readonly kind: 'terms'; readonly policy: Policy; readonly name: string }
  | { readonly kind: 'adminConsent'; readonly consent: AdminConsent }
  | Exclude<ConsentState, { kind: 'given' }>;

/** What of a sign-in under way the steps look at. */
export type Shown = Pick<Flow, 'authenticatedAt' | 'secondFactorAt' | 'stay' | 'consented'>;

/**
 * The next step of a sign-in, in Entra's order: password, whether the person may come at all, second factor, terms of use, "Stay
 * signed in?", consent. Undefined when nothing is left. Throws where no step would help.
 */
export function nextStep(world: World, request: AuthorizeRequest, account: Account, shown: Shown): Step | undefined {
  const { tenant, user } = account.home;
  const { settings } = tenant.signIn;
  if (shown.authenticatedAt === undefined) return { kind: 'password' };
  const { passwordExpired, mustChangePassword, secondFactor } = findCredential(tenant, user.id);
  if (settings.passwords && (passwordExpired || mustChangePassword)) return { kind: 'newPassword' };
  if (request.adminConsent === undefined) checkMayUse(world, request.application, account);
  else checkEnabled(account);
  const proof = { authenticatedAt: shown.authenticatedAt, secondFactorAt: shown.secondFactorAt };
  const demands = demandsOn({ world, proof }, accessOf(request, account));
  if (demands.signInAgain) return { kind: 'password' };
  if (demands.secondFactor) return { kind: secondFactor === 'none' ? 'registerFactor' : 'secondFactor' };
  const [terms] = demands.terms;
  if (terms !== undefined) return { kind: 'terms', ...terms };
  if (settings.staySignedIn && shown.stay === undefined) return { kind: 'stay' };
  if (request.adminConsent !== undefined) return adminStep(request.adminConsent, account, shown);
  const again = request.prompt === 'consent' && !shown.consented;
  const consent = decideConsent(
    world,
    account,
    request.application,
    askedScopes(world, request.application, request.scopes),
    again,
  );
  return consent.kind === 'given' ? undefined : consent;
}

/** An admin is asked once; anybody else is told that it takes one. */
function adminStep(consent: AdminConsent, { tenant, user }: Account, { consented }: Shown): Step | undefined {
  if (consented) return undefined;
  return mayConsent(tenant, user, consent)
    ? { kind: 'adminConsent', consent }
    : { kind: 'needsAdmin', scopes: consent.scopes };
}

/** For `prompt=none`: the same without pages. Throws what a page would have been shown for. */
export function requireNoStep(world: World, request: AuthorizeRequest, account: Account, proof: Proof): void {
  if (account.home.tenant.signIn.settings.passwords) checkPasswordIsCurrent(account.home.tenant, account.home.user);
  checkMayUse(world, request.application, account);
  requireAccess(world, accessOf(request, account), proof);
  const step = nextStep(world, request, account, { ...proof, stay: false, consented: true });
  if (step === undefined) return;
  throw new AadstsError(
    65001,
    `The user or administrator has not consented to use the application with ID '${request.application.appId}' named ` +
      `'${request.application.displayName}'. Send an interactive authorization request for this user and resource`,
    { suberror: 'consent_required' },
  );
}

function accessOf(request: AuthorizeRequest, account: Account): Access {
  return {
    tenant: account.tenant,
    user: account.user,
    home: account.home,
    clientAppId: request.application.appId,
    resourceAppId: request.scopes.resourceAppId,
    clientApp: request.platform === 'publicClient' ? 'mobileAppsAndDesktopClients' : 'browser',
    contexts: request.contexts,
  };
}
