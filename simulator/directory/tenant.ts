import type { AppManagementPolicy } from '../applications/app-management-policy.ts';
import type { Application, PermissionGrant, ServicePrincipal } from '../applications/application.ts';
import type { CloudName } from '../hosts/clouds.ts';
import type { TenantSignIn } from '../sign-in/tenant-sign-in.ts';
import type { DirectoryRole } from './directory-roles.ts';

/** A person in a tenant, by the names Microsoft Graph gives the properties. */
export type User = {
  readonly id: string;
  userPrincipalName: string;
  displayName: string;
  givenName: string | null;
  surname: string | null;
  mail: string | null;
  mailNickname: string;
  otherMails: readonly string[];
  proxyAddresses: readonly string[];
  accountEnabled: boolean;
  userType: 'Member' | 'Guest';
  /** Where a guest signs in: another simulated tenant's id, or null for an account from elsewhere. */
  homeTenantId: string | null;
  jobTitle: string | null;
  department: string | null;
  companyName: string | null;
  employeeId: string | null;
  businessPhones: readonly string[];
  mobilePhone: string | null;
  faxNumber: string | null;
  officeLocation: string | null;
  streetAddress: string | null;
  city: string | null;
  state: string | null;
  postalCode: string | null;
  country: string | null;
  preferredLanguage: string | null;
  managerId: string | null;
  /** Whether Exchange holds a mailbox for this person. */
  hasMailbox: boolean;
  readonly createdDateTime: number;
  deletedDateTime: number | null;
  /** The tenant's sequence number of the last change. */
  changed: number;
};

/** A security group; members are users or, nested, other groups. */
export type Group = {
  readonly id: string;
  displayName: string;
  description: string | null;
  mailNickname: string;
  readonly memberIds: Set<string>;
  /** Object ids of owning users. */
  readonly ownerIds: Set<string>;
  readonly createdDateTime: number;
  /** The tenant's sequence number of its creation, and of its last change. */
  readonly made: number;
  changed: number;
};

/** That somebody came into a group or left it; `changed` is the tenant's sequence number. */
export type MembershipChange = {
  readonly groupId: string;
  readonly memberId: string;
  readonly isMember: boolean;
  readonly changed: number;
};

/** What is left of an object after its deletion for good. */
export type Purged = { readonly id: string; readonly type: 'User' | 'Group'; readonly changed: number };

/** One simulated Entra tenant, in memory. */
export type Tenant = {
  readonly id: string;
  readonly name: string;
  readonly cloud: CloudName;
  /** Where the directory is kept: `tenant_region_scope` of discovery and tokens. */
  regionScope: string;
  /** The default domain; user names end in it. */
  readonly domain: string;
  /** All verified domains, the initial `onmicrosoft.com` one included. */
  readonly domains: readonly string[];
  readonly users: Map<string, User>;
  /** Soft-deleted users, who can be restored for 30 days. */
  readonly deletedUsers: Map<string, User>;
  readonly groups: Map<string, Group>;
  /** Who administers: directory roles by user id. */
  readonly directoryRoles: Map<string, Set<DirectoryRole>>;
  /** Enterprise apps by app id, those of Microsoft's own applications included. */
  readonly servicePrincipals: Map<string, ServicePrincipal>;
  /** Deleted app registrations and enterprise apps by object id: they can be restored for 30 days. */
  readonly deletedApplications: Map<string, Application>;
  readonly deletedServicePrincipals: Map<string, ServicePrincipal>;
  /** What credentials applications may have; null: whatever they like. */
  appManagementPolicy: AppManagementPolicy | null;
  /** Delegated permissions by id. */
  readonly permissionGrants: Map<string, PermissionGrant>;
  readonly purged: Purged[];
  /** The last changes of members, oldest first; those of a group at its creation are not among them. */
  readonly membershipChanges: MembershipChange[];
  /** The sequence number up to which such changes are forgotten. */
  membershipsKnownSince: number;
  /** How people sign in here, and what they prove themselves by. */
  readonly signIn: TenantSignIn;
  /** User ids by user principal name in lower case. */
  readonly idByName: Map<string, string>;
  /** User ids by mail address in lower case, proxy addresses included. */
  readonly idByAddress: Map<string, string>;
  /** Group ids by the id of a direct member, who is a user or a group; kept by change-groups.ts. */
  readonly groupIdsByMember: Map<string, string[]>;
  /** Grows with every change to a user or group. */
  sequence: number;
};

/** Finds a user by object id or user principal name. */
export function findUser(tenant: Tenant, key: string): User | undefined {
  return tenant.users.get(key.toLowerCase()) ?? tenant.users.get(tenant.idByName.get(key.toLowerCase()) ?? '');
}

/** Finds the user whose mailbox an address leads to. */
export function findByAddress(tenant: Tenant, address: string): User | undefined {
  const key = address.toLowerCase();
  return tenant.users.get(tenant.idByAddress.get(key) ?? tenant.idByName.get(key) ?? '');
}

/** Finds the tenant a path piece names: its id or one of its verified domains. */
export function findTenant(tenants: ReadonlyMap<string, Tenant>, key: string): Tenant | undefined {
  const wanted = key.toLowerCase();
  return tenants.get(wanted) ?? [...tenants.values()].find((tenant) => tenant.domains.includes(wanted));
}

/** Groups a user or group is in, directly. */
export function directGroups(tenant: Tenant, memberId: string): Group[] {
  return (tenant.groupIdsByMember.get(memberId) ?? []).flatMap((id) => tenant.groups.get(id) ?? []);
}

/** Groups a user is in, nested ones included. */
export function transitiveGroups(tenant: Tenant, memberId: string): Group[] {
  const found = new Map<string, Group>();
  const pending = [memberId];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    for (const group of directGroups(tenant, id)) {
      if (found.has(group.id)) continue;
      found.set(group.id, group);
      pending.push(group.id);
    }
  }
  return [...found.values()];
}
