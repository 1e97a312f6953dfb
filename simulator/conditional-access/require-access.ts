import { findCredential } from '../credentials/credential.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import type { World } from '../world.ts';
import { type Access, demandsOn, type Proof } from './evaluate.ts';

/**
 * For who asks without a page: refreshes, device codes, passwords, `prompt=none`. Throws what policies refuse, and where a page
 * would help, AADSTS50076, 50079, 50158 or 70043 with the claims that the client has to pass on to authorize.
 */
export function requireAccess(world: World, access: Access, proof: Proof): void {
  const { secondFactor, terms, signInAgain, policyIds } = demandsOn({ world, proof }, access);
  const challenge = policyIds.length === 0 ? {} : { claims: claimsOf(policyIds) };
  const resource = access.resourceAppId;
  if (secondFactor && findCredential(access.home.tenant, access.home.user.id).secondFactor === 'none') {
    throw new AadstsError(
      50079,
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in ' +
        `multi-factor authentication to access '${resource}'`,
      { ...basicAction, ...challenge },
    );
  }
  if (secondFactor) {
    throw new AadstsError(
      50076,
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must use ' +
        `multi-factor authentication to access '${resource}'`,
      { ...basicAction, ...challenge },
    );
  }
  if (signInAgain) {
    throw new AadstsError(
      70043,
      'The refresh token has expired or is invalid due to sign-in frequency checks by Conditional Access',
      { suberror: 'token_expired', ...challenge },
    );
  }
  if (terms.length > 0) {
    throw new AadstsError(50158, 'External security challenge not satisfied: terms of use have to be accepted', {
      ...basicAction,
      ...challenge,
    });
  }
}

const basicAction = { error: 'interaction_required', suberror: 'basic_action' } as const;

/** The claims challenge of a policy, as text; with the capital that captured answers have. */
function claimsOf(policyIds: readonly string[]): string {
  return JSON.stringify({ access_token: { polids: { essential: true, Values: policyIds } } });
}
