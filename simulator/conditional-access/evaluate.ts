import { findCredential } from '../credentials/credential.ts';
import { directoryRoles } from '../directory/directory-roles.ts';
import { type Tenant, transitiveGroups, type User } from '../directory/tenant.ts';
import { AadstsError } from '../sign-in/aadsts.ts';
import type { World } from '../world.ts';
import type { BuiltInControl, ClientAppType, Policy } from './policy.ts';

/** Who wants to go where, by what. */
export type Access = {
  readonly tenant: Tenant;
  readonly user: User;
  /** Where the person lives; his second factor and his device are known there. */
  readonly home: { readonly tenant: Tenant; readonly user: User };
  readonly clientAppId: string;
  readonly resourceAppId: string;
  readonly clientApp: Exclude<ClientAppType, 'all'>;
  readonly deviceCode?: boolean;
  /** Authentication contexts the request asks for: `c1` … */
  readonly contexts: readonly string[];
};

/** What somebody has shown so far, epoch milliseconds. */
export type Proof = {
  readonly authenticatedAt: number;
  readonly secondFactorAt: number | undefined;
};

/** What policies, the tenant and the person's own setting still demand before he gets there. */
export type Demands = {
  readonly secondFactor: boolean;
  /** The last sign-in is older than a policy allows. */
  readonly signInAgain: boolean;
  readonly terms: readonly { readonly policy: Policy; readonly name: string }[];
  /** The policies behind it, for the claims challenge. */
  readonly policyIds: readonly string[];
};

/**
 * Asks every enabled policy. Throws AADSTS53003 where one blocks, 53000, 53001 or 53002 where one demands a device or an app
 * that is not there.
 */
export function demandsOn({ world, proof }: { world: World; proof: Proof }, access: Access): Demands {
  const { tenant, home } = access;
  const now = world.clock.now();
  const applying = [...tenant.signIn.policies.values()].filter((policy) => applies(policy, access));
  const unmet = applying.map((policy) => ({ policy, wants: unmetControls(policy, access, proof) }));
  const factor = unmet.filter(({ wants }) => wants.includes('mfa')).map(({ policy }) => policy.id);
  const terms = applying.flatMap((policy) =>
    policy.grantControls.termsOfUse
      .filter((name) => !tenant.signIn.acceptedTerms.has(termsKey(policy, name, access.user)))
      .map((name) => ({ policy, name })),
  );
  const always =
    tenant.signIn.settings.secondFactor === 'always' || findCredential(home.tenant, home.user.id).secondFactorRequired;
  const old = applying.filter(
    ({ signInFrequencyHours: hours }) => hours !== null && now - proof.authenticatedAt >= hours * 3_600_000,
  );
  return {
    secondFactor: proof.secondFactorAt === undefined && (always || factor.length > 0),
    signInAgain: old.length > 0,
    terms,
    policyIds: [...new Set([...factor, ...terms.map(({ policy }) => policy.id), ...old.map(({ id }) => id)])],
  };
}

/** Under what somebody's acceptance of terms is kept. */
export const termsKey = (policy: Policy, name: string, user: User): string => `${policy.id}/${name}/${user.id}`;

/** Contexts that some enabled policy knows; a token says it fulfils those of them that were asked for. */
export function knownContexts(tenant: Tenant, contexts: readonly string[]): string[] {
  const known = [...tenant.signIn.policies.values()]
    .filter(({ state }) => state === 'enabled')
    .flatMap(({ conditions }) => conditions.applications.includeAuthenticationContextClassReferences);
  return contexts.filter((context) => known.includes(context));
}

function applies({ state, conditions }: Policy, access: Access): boolean {
  if (state !== 'enabled') return false;
  const { users, applications, clientAppTypes, transferMethods } = conditions;
  if (transferMethods !== null && access.deviceCode !== true) return false;
  if (!clientAppTypes.includes('all') && !clientAppTypes.includes(access.clientApp)) return false;
  return includesUser(users, access) && includesApplication(applications, access);
}

function includesUser(users: Policy['conditions']['users'], { tenant, user }: Access): boolean {
  const names = (list: readonly string[]): boolean =>
    list.some(
      (name) => name === 'All' || name === user.id || (name === 'GuestsOrExternalUsers' && user.userType === 'Guest'),
    );
  const groups = [...users.includeGroups, ...users.excludeGroups];
  const of = groups.length === 0 ? [] : transitiveGroups(tenant, user.id).map(({ id }) => id);
  if (names(users.excludeUsers) || users.excludeGroups.some((id) => of.includes(id))) return false;
  const roles = [...(tenant.directoryRoles.get(user.id) ?? [])].map((role): string => directoryRoles[role]);
  return (
    names(users.includeUsers) ||
    users.includeGroups.some((id) => of.includes(id)) ||
    users.includeRoles.some((id) => roles.includes(id))
  );
}

/** A policy counts for the API asked for and for the client; one with an authentication context only where that is asked for. */
function includesApplication(applications: Policy['conditions']['applications'], access: Access): boolean {
  const {
    includeApplications,
    excludeApplications,
    includeAuthenticationContextClassReferences: wanted,
  } = applications;
  if (wanted.length > 0) return wanted.some((context) => access.contexts.includes(context));
  const asked = [access.resourceAppId, access.clientAppId];
  if (excludeApplications.some((id) => asked.includes(id))) return false;
  return includeApplications.some((id) => id === 'All' || asked.includes(id));
}

const deviceCodes: Partial<Record<BuiltInControl, readonly [code: number, message: string]>> = {
  compliantDevice: [53000, 'Device is not in required device state: compliant. Conditional Access policy requires it'],
  domainJoinedDevice: [
    53001,
    'Device is not in required device state: domain joined. Conditional Access policy requires it',
  ],
  approvedApplication: [53002, 'The application used is not an approved application for Conditional Access'],
};

/** What of a policy's controls the person can and has to do something about. Throws for what he can't. */
function unmetControls({ grantControls }: Policy, { home }: Access, proof: Proof): readonly BuiltInControl[] {
  const { operator, builtInControls } = grantControls;
  if (builtInControls.includes('block')) {
    throw new AadstsError(
      53003,
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance',
      {
        suberror: 'message_only',
      },
    );
  }
  const { compliantDevice } = findCredential(home.tenant, home.user.id);
  const isMet = (control: BuiltInControl): boolean =>
    (control === 'mfa' && proof.secondFactorAt !== undefined) || (control === 'compliantDevice' && compliantDevice);
  const unmet = builtInControls.filter((control) => !isMet(control));
  if (operator === 'OR' && unmet.length < builtInControls.length) return [];
  if (operator === 'OR' && unmet.includes('mfa')) return ['mfa'];
  for (const control of unmet) {
    const refusal = deviceCodes[control];
    if (refusal !== undefined) throw new AadstsError(refusal[0], refusal[1], { suberror: 'additional_action' });
  }
  return unmet;
}
