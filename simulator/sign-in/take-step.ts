import { termsKey } from '../conditional-access/evaluate.ts';
import { recordAdminConsent } from '../consent/admin-consent.ts';
import { recordConsent } from '../consent/record-consent.ts';
import { ensureCredential, findCredential } from '../credentials/credential.ts';
import { changePassword, checkPassword, newPasswordFault } from '../credentials/passwords.ts';
import { isAuthenticatorCode } from '../credentials/second-factor.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';
import type { Account } from './accounts.ts';
import type { AuthorizeRequest } from './authorize-request.ts';
import type { Flow } from './flows.ts';
import { nextStep, type Step } from './steps.ts';

/** What came of what somebody gave: on with it, or the same page again with the reason, which the log knows by its code. */
export type Outcome = { readonly fault: { readonly code: number; readonly message: string } } | 'on' | 'requested';

type Taking = {
  readonly world: World;
  readonly request: AuthorizeRequest;
  readonly account: Account;
  readonly flow: Flow;
  readonly form: URLSearchParams;
};

/** Takes what the page of the step that is due sends; what belongs to another page is left alone. Throws what ends the sign-in. */
export function takeStep(taking: Taking): Outcome {
  const { world, request, account, flow } = taking;
  const step = nextStep(world, request, account, flow);
  if (step === undefined) return 'on';
  return takers[step.kind](taking, step);
}

const takers: Readonly<Record<Step['kind'], (taking: Taking, step: Step) => Outcome>> = {
  password: ({ world, account: { home }, flow, form }) => {
    const given = form.get('passwd');
    if (given === null) return 'on';
    const now = world.clock.now();
    const fault = faultOf(() => checkPassword(home.tenant, home.user, given, now));
    if (fault === undefined) flow.authenticatedAt = now;
    return fault === undefined ? 'on' : { fault };
  },
  newPassword: ({ world, account: { home }, form }) => {
    const wanted = form.get('newpasswd');
    if (wanted === null) return 'on';
    const current = findCredential(home.tenant, home.user.id).password;
    const old = form.get('oldpasswd') ?? '';
    const fault = faultOf(() => checkPassword(home.tenant, home.user, old, world.clock.now()));
    if (fault !== undefined) return { fault: fault.code === 50126 ? { ...fault, code: 120000 } : fault };
    if (wanted !== form.get('confirmpasswd')) return { fault: { code: 120002, message: 'The two passwords differ' } };
    const weak = newPasswordFault(home.user, current, wanted);
    if (weak === undefined) changePassword(home.tenant, home.user, wanted);
    return weak === undefined ? 'on' : { fault: weak };
  },
  registerFactor: ({ account: { home }, form }) => {
    if (form.get('factor') === 'cancel')
      throw new AadstsError(50072, 'User needs to enroll for second factor authentication (interactive)');
    if (form.get('factor') === 'register') ensureCredential(home.tenant, home.user.id).secondFactor = 'authenticator';
    return 'on';
  },
  secondFactor: ({ world, account: { home }, flow, form }) => {
    const now = world.clock.now();
    const answer = form.get('factor');
    if (answer === 'deny')
      throw new AadstsError(500121, 'Authentication failed during strong authentication request', { place: 'page' });
    if (answer === 'cancel') throw new AadstsError(50074, 'Strong authentication is required and was not passed');
    const right =
      (answer === 'approve' && form.get('number') === String(flow.number)) ||
      (answer === 'code' && isAuthenticatorCode(home.user.id, form.get('otc') ?? '', now));
    if (answer === null) return 'on';
    if (!right)
      return { fault: { code: 500121, message: "That didn't work; enter the number shown, or the code of now" } };
    flow.secondFactorAt = now;
    return 'on';
  },
  terms: ({ account: { tenant, user }, form }, step) => {
    if (step.kind !== 'terms') return 'on';
    if (form.get('terms') === 'decline')
      throw new AadstsError(50158, 'External security challenge not satisfied: the terms of use were declined', {
        place: 'page',
      });
    if (form.get('terms') === 'accept') tenant.signIn.acceptedTerms.add(termsKey(step.policy, step.name, user));
    return 'on';
  },
  stay: ({ flow, form }) => {
    const answer = form.get('stay');
    if (answer !== null) flow.stay = answer === 'yes';
    return 'on';
  },
  ask: ({ world, request, account: { tenant, user }, flow, form }, step) => {
    const answer = form.get('consent');
    if (step.kind !== 'ask' || answer === null) return 'on';
    if (answer !== 'accept') throw new AadstsError(65004, 'The user declined to consent to access the app');
    const forAll = step.mayForAll && form.get('forall') === '1';
    recordConsent(world, tenant, request.application, forAll ? null : user.id, step.scopes);
    flow.consented = true;
    return 'on';
  },
  adminConsent: ({ world, request, account: { tenant }, flow, form }, step) => {
    const answer = form.get('consent');
    if (step.kind !== 'adminConsent' || answer === null) return 'on';
    if (answer !== 'accept') {
      throw new AadstsError(65004, 'The resource owner or authorization server denied the request', {
        error: 'consent_required',
      });
    }
    recordAdminConsent(world, tenant, request.application, step.consent);
    flow.consented = true;
    return 'on';
  },
  needsAdmin: (taking, step) => {
    const { world, request, account, form } = taking;
    const { tenant, user } = account;
    const answer = form.get('consent');
    const consentRequests = tenant.signIn.settings.consentRequests && request.adminConsent === undefined;
    if (answer === 'return') {
      throw new AadstsError(
        consentRequests ? 90095 : 90094,
        `${request.application.displayName} needs permission to access resources in the organization that only an admin can grant`,
      );
    }
    if (answer !== 'request' || step.kind !== 'needsAdmin' || !consentRequests) return 'on';
    const id = world.random.uuid();
    tenant.signIn.consentRequests.set(id, {
      id,
      appId: request.application.appId,
      userId: user.id,
      scopes: step.scopes,
      justification: (form.get('justification') ?? '').slice(0, 500),
      createdDateTime: world.clock.now(),
      status: 'pending',
    });
    return 'requested';
  },
};

function faultOf(check: () => void): { code: number; message: string } | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof AadstsError) return { code: error.code, message: `${error.message}.` };
    throw error;
  }
}
