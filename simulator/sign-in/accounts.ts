import type { Application } from '../applications/application.ts';
import { assignedRoles, cloudOf, ensureServicePrincipal } from '../applications/register.ts';
import { consumersTenantId } from '../directory/personal-accounts.ts';
import { findByAddress, findUser, type Tenant, type User } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';
import { type Authority, stsIssuerOf } from './authority.ts';
import { readLoginHint } from './login-hint.ts';

/** A person about to sign in: his home, and the user he is in the tenant that issues the token. */
export type Account = {
  readonly home: { readonly tenant: Tenant; readonly user: User };
  readonly tenant: Tenant;
  readonly user: User;
};

/** Finds who a login name (or `login_hint` value) means at an authority. Throws AADSTS50034 or 50020. */
export function findAccount(world: World, authority: Authority, application: Application, login: string): Account {
  const name = readLoginHint(login.trim());
  const own = authority.tenant === undefined ? undefined : findUser(authority.tenant, name);
  if (authority.tenant !== undefined && own !== undefined) {
    return { home: homeOf(world, authority.tenant, own), tenant: authority.tenant, user: own };
  }
  for (const tenant of ofCloud(world, authority, application)) {
    const user = findUser(tenant, name);
    if (user === undefined) continue;
    checkKind(tenant, authority, application, user);
    const account = accountAt(world, authority, { tenant, user });
    if (account !== undefined) return account;
    throw new AadstsError(
      50020,
      `User account '${user.userPrincipalName}' from identity provider '${isPersonal(tenant) ? 'live.com' : stsIssuerOf(tenant)}' does not exist in ` +
        `tenant '${authority.tenant?.name ?? authority.path}' and cannot access the application there. The account needs to be added as a guest first`,
    );
  }
  const guest = authority.tenant === undefined ? undefined : findByAddress(authority.tenant, name);
  if (authority.tenant !== undefined && guest?.userType === 'Guest') {
    return { home: homeOf(world, authority.tenant, guest), tenant: authority.tenant, user: guest };
  }
  throw new AadstsError(
    50034,
    `The user account '${name}' does not exist in the ${authority.tenant?.name ?? authority.path} directory`,
  );
}

/** Tenants whose people may sign in to an application there: those of its cloud, personal accounts where they fit. */
export function tenantsOf(world: World, authority: Authority, application: Application): Tenant[] {
  return ofCloud(world, authority, application).filter((tenant) => kindFits(tenant, authority, application));
}

const isPersonal = ({ id }: Tenant): boolean => id === consumersTenantId;

function kindFits(tenant: Tenant, { path }: Authority, { signInAudience }: Application): boolean {
  if (!isPersonal(tenant)) return path !== 'consumers';
  return path !== 'organizations' && signInAudience === 'AzureADandPersonalMicrosoftAccount';
}

/** Throws AADSTS500200 for a personal account where work accounts are wanted, 500208 for the reverse. */
function checkKind(tenant: Tenant, authority: Authority, application: Application, user: User): void {
  if (authority.tenant !== undefined || kindFits(tenant, authority, application)) return;
  const name = user.userPrincipalName;
  if (isPersonal(tenant)) {
    throw new AadstsError(
      500200,
      `User account '${name}' is a personal Microsoft account. Personal Microsoft accounts are not supported for this application unless explicitly invited to an organization`,
    );
  }
  throw new AadstsError(500208, `The domain of '${name}' is not a valid login domain for the account type`);
}

function ofCloud(world: World, { cloud: asked }: Authority, application: Application): Tenant[] {
  const cloud = asked ?? cloudOf(world, application) ?? 'global';
  return [...world.tenants.values()].filter((tenant) => tenant.cloud === cloud);
}

/** What a signed-in person is at an authority: himself at home, a guest elsewhere, or unknown there. */
export function accountAt(world: World, authority: Authority, home: Account['home']): Account | undefined {
  if (authority.tenant === undefined) {
    const place = homeOf(world, home.tenant, home.user);
    return { home: place, tenant: place.tenant, user: place.user };
  }
  if (authority.tenant.id === home.tenant.id) return { home, tenant: home.tenant, user: home.user };
  const guest = findByAddress(authority.tenant, home.user.mail ?? home.user.userPrincipalName);
  return guest?.homeTenantId === home.tenant.id ? { home, tenant: authority.tenant, user: guest } : undefined;
}

/** The home of a user: for a guest his own tenant, where it is simulated too. */
export function homeOf(world: World, tenant: Tenant, user: User): Account['home'] {
  const home = world.tenants.get(user.homeTenantId ?? '');
  const owner = home === undefined || user.mail === null ? undefined : findByAddress(home, user.mail);
  return home !== undefined && owner !== undefined ? { tenant: home, user: owner } : { tenant, user };
}

/** Throws AADSTS50057 for a disabled account, 500571 for that of a guest. */
export function checkEnabled({ home, user }: Pick<Account, 'home' | 'user'>): void {
  if (!home.user.accountEnabled)
    throw new AadstsError(50057, `The user account ${home.user.userPrincipalName} is disabled`);
  if (!user.accountEnabled) throw new AadstsError(500571, 'The guest user account is disabled');
}

/**
 * Whether this person may use this application: account enabled (AADSTS50057, guests 500571), enterprise app enabled
 * (7000112), assigned where assignment is required (50105). Consent is implied by signing in.
 */
export function checkMayUse(world: World, application: Application, account: Account): void {
  checkEnabled(account);
  const { tenant, user } = account;
  const principal = ensureServicePrincipal(world.random, tenant, application, world.clock.now());
  if (!principal.accountEnabled) {
    throw new AadstsError(7000112, `Application '${application.appId}' (${application.displayName}) is disabled`);
  }
  if (principal.appRoleAssignmentRequired && assignedRoles(tenant, principal, user.id) === undefined) {
    throw new AadstsError(
      50105,
      `The administrator has configured the application ${application.displayName} ('${application.appId}') to block users unless they ` +
        `are specifically granted access. The signed in user '${user.userPrincipalName}' is blocked because they are not a direct member of a group with access, nor assigned directly`,
    );
  }
}
