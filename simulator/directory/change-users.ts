import { removeFromGroups } from './change-groups.ts';
import type { Tenant, User } from './tenant.ts';

/** The properties of a user that can be set from outside. */
export type UserProperties = Partial<Omit<User, 'id' | 'changed' | 'createdDateTime' | 'deletedDateTime'>>;

/** A change the directory refuses; `property` names what is wrong. */
export class DirectoryRefusal extends Error {
  readonly property: string;

  constructor(property: string, message: string) {
    super(message);
    this.property = property;
  }
}

/** Adds a user with an id of its own. Throws DirectoryRefusal for a taken name or a domain that is not verified. */
export function insertUser(
  tenant: Tenant,
  id: string,
  properties: UserProperties & Pick<User, 'userPrincipalName' | 'displayName'>,
  now: number,
): User {
  checkName(tenant, id, properties.userPrincipalName);
  const user: User = {
    id,
    givenName: null,
    surname: null,
    mail: null,
    mailNickname: properties.userPrincipalName.split('@', 1)[0] ?? properties.userPrincipalName,
    otherMails: [],
    proxyAddresses: [],
    accountEnabled: true,
    userType: 'Member',
    homeTenantId: null,
    jobTitle: null,
    department: null,
    companyName: null,
    employeeId: null,
    businessPhones: [],
    mobilePhone: null,
    faxNumber: null,
    officeLocation: null,
    streetAddress: null,
    city: null,
    state: null,
    postalCode: null,
    country: null,
    preferredLanguage: null,
    managerId: null,
    hasMailbox: properties.mail !== undefined && properties.mail !== null,
    ...properties,
    createdDateTime: now,
    deletedDateTime: null,
    changed: ++tenant.sequence,
  };
  tenant.users.set(id, user);
  index(tenant, user);
  return user;
}

/** Changes properties of a user. Throws DirectoryRefusal as `insertUser` does. */
export function updateUser(tenant: Tenant, user: User, change: UserProperties): void {
  if (change.userPrincipalName !== undefined) checkName(tenant, user.id, change.userPrincipalName);
  unindex(tenant, user);
  Object.assign(user, change);
  user.changed = ++tenant.sequence;
  index(tenant, user);
}

/** Moves a user to the deleted ones, from where it can be restored (Entra keeps them for 30 days). */
export function deleteUser(tenant: Tenant, user: User, now: number): void {
  unindex(tenant, user);
  tenant.users.delete(user.id);
  user.deletedDateTime = now;
  user.changed = ++tenant.sequence;
  tenant.deletedUsers.set(user.id, user);
}

/** Brings a deleted user back. Throws DirectoryRefusal when the name was taken meanwhile. */
export function restoreUser(tenant: Tenant, user: User): void {
  checkName(tenant, user.id, user.userPrincipalName);
  tenant.deletedUsers.delete(user.id);
  user.deletedDateTime = null;
  user.changed = ++tenant.sequence;
  tenant.users.set(user.id, user);
  index(tenant, user);
}

/** Deletes a user for good, together with its memberships. */
export function purgeUser(tenant: Tenant, user: User): void {
  if (tenant.users.delete(user.id)) unindex(tenant, user);
  tenant.deletedUsers.delete(user.id);
  removeFromGroups(tenant, user.id);
  tenant.directoryRoles.delete(user.id);
  for (const principal of tenant.servicePrincipals.values()) principal.assignments.delete(user.id);
  tenant.purged.push({ id: user.id, type: 'User', changed: ++tenant.sequence });
}

function checkName(tenant: Tenant, id: string, name: string): void {
  const domain = name.slice(name.lastIndexOf('@') + 1).toLowerCase();
  if (!name.includes('@') || !tenant.domains.includes(domain)) {
    throw new DirectoryRefusal(
      'userPrincipalName',
      `userPrincipalName '${name}' does not end in a verified domain of the tenant (${tenant.domains.join(', ')})`,
    );
  }
  const owner = tenant.idByName.get(name.toLowerCase());
  if (owner !== undefined && owner !== id) {
    throw new DirectoryRefusal('userPrincipalName', `userPrincipalName '${name}' is taken by another object`);
  }
}

function index(tenant: Tenant, user: User): void {
  tenant.idByName.set(user.userPrincipalName.toLowerCase(), user.id);
  const add = (address: string): void => {
    if (!tenant.idByAddress.has(address)) tenant.idByAddress.set(address, user.id);
  };
  if (user.mail !== null) add(user.mail.toLowerCase());
  for (const proxy of user.proxyAddresses) add(addressOf(proxy));
}

function unindex(tenant: Tenant, user: User): void {
  tenant.idByName.delete(user.userPrincipalName.toLowerCase());
  for (const address of addresses(user)) {
    if (tenant.idByAddress.get(address) === user.id) tenant.idByAddress.delete(address);
  }
}

/** Addresses of a user in lower case; proxy addresses carry an `smtp:` prefix in the directory. */
export function addresses(user: User): string[] {
  const proxies = user.proxyAddresses.map(addressOf);
  return user.mail === null ? proxies : [user.mail.toLowerCase(), ...proxies];
}

function addressOf(proxy: string): string {
  const address = proxy.toLowerCase();
  return address.startsWith('smtp:') ? address.slice(5) : address;
}
