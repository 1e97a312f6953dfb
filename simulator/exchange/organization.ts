import type { Group, Tenant, User } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import type { ApplicationRole } from './application-roles.ts';

/** What Exchange knows of an app: its own pointer to an enterprise app (New-ServicePrincipal). */
export type ExchangeServicePrincipal = {
  /** Whatever the administrator typed: only that of the enterprise app ever matches a token. */
  readonly objectId: string;
  readonly appId: string;
  readonly displayName: string;
};

/** A named filter on recipients (New-ManagementScope). */
export type ManagementScope = { readonly name: string; readonly recipientRestrictionFilter: string };

/** A role given to an app (New-ManagementRoleAssignment -App). Removed ones are kept, for caches still know them. */
export type RoleAssignment = {
  readonly name: string;
  /** Object id of the app's service principal in Exchange. */
  readonly app: string;
  readonly role: ApplicationRole;
  /** Name of a management scope; undefined is the whole organization. */
  readonly customResourceScope: string | undefined;
  /** Sequence numbers of the organization between which it holds. */
  readonly since: number;
  until: number | undefined;
};

/** Restricts an app's permissions in Graph and EWS to some mailboxes, or denies it some (New-ApplicationAccessPolicy). */
export type ApplicationAccessPolicy = {
  readonly identity: string;
  /** App ids; `*` is all. */
  readonly appIds: readonly string[];
  readonly accessRight: 'RestrictAccess' | 'DenyAccess';
  /** Id of a group, nested ones included, or of a single user. */
  readonly policyScopeGroupId: string;
  readonly description: string;
  /** From when to when requests feel it, by the simulated clock. */
  readonly effectiveFrom: number;
  effectiveUntil: number | undefined;
  /** Whether the administrator sees it. */
  removed: boolean;
};

/** What a mailbox lets in (Set-CASMailbox). Null leaves it to the organization. */
export type CasMailbox = {
  smtpClientAuthenticationDisabled: boolean | null;
  imapEnabled: boolean;
  ewsEnabled: boolean | null;
};

/** What Exchange has decided for an app, as it stood at a sequence number of the organization. */
export type AuthorizationCache = { sequence: number; loadedAt: number; usedAt: number };

/** How long changes take to be felt, in milliseconds of the simulated clock. */
export type ExchangeDelays = {
  applicationAccessPolicyMs: number;
  /** Roles of an app that makes no calls meanwhile. */
  rbacIdleMs: number;
  /** Roles of an app that goes on calling. */
  rbacMostMs: number;
};

/** One tenant's Exchange Online, as its administrator sets it by PowerShell. */
export type ExchangeOrganization = {
  /** By object id. */
  readonly servicePrincipals: Map<string, ExchangeServicePrincipal>;
  /** By name in lower case. */
  readonly managementScopes: Map<string, ManagementScope>;
  readonly roleAssignments: RoleAssignment[];
  readonly applicationAccessPolicies: ApplicationAccessPolicy[];
  /** Ids of the trustees (apps in Exchange, users) with FullAccess, by user id of the mailbox. */
  readonly fullAccess: Map<string, Set<string>>;
  /** Likewise with SendAs. */
  readonly sendAs: Map<string, Set<string>>;
  readonly casMailboxes: Map<string, CasMailbox>;
  /** User ids of shared mailboxes. */
  readonly sharedMailboxes: Set<string>;
  /** What Set-Mailbox -RecipientLimits and -MaxSendSize set, by user id. */
  readonly mailboxLimits: Map<string, { recipients?: number; bytes?: number }>;
  /** CustomAttribute1 to 15 by user id. */
  readonly customAttributes: Map<string, Record<string, string>>;
  readonly transportConfig: { smtpClientAuthenticationDisabled: boolean };
  readonly organizationConfig: { ewsEnabled: boolean | null; ewsAllowedAppIDs: readonly string[] };
  readonly delays: ExchangeDelays;
  /** When Microsoft switches EWS off in this tenant where its administrator has not said anything. */
  ewsSwitchedOffAt: number;
  /** What only a simulator has to say: whether notification addresses of this machine may be http; how much an app may ask. */
  readonly simulation: {
    notificationsByHttp: boolean;
    requestsPerTenMinutes: number;
    uploadBytesPerFiveMinutes: number;
  };
  /** By app id. */
  readonly caches: Map<string, AuthorizationCache>;
  /** Grows with each change of a role assignment. */
  sequence: number;
};

/** Microsoft begins then to turn EwsEnabled null into false, tenant by tenant (MC1227454). */
const ewsSwitchBegins = Date.UTC(2026, 9, 1);

const minute = 60_000;

/** The Exchange organization of a tenant; as Microsoft makes new ones until an administrator comes. */
export function organizationOf({ exchange }: Pick<World, 'exchange'>, tenantId: string): ExchangeOrganization {
  const present = exchange.get(tenantId);
  if (present !== undefined) return present;
  const organization: ExchangeOrganization = {
    servicePrincipals: new Map(),
    managementScopes: new Map(),
    roleAssignments: [],
    applicationAccessPolicies: [],
    fullAccess: new Map(),
    sendAs: new Map(),
    casMailboxes: new Map(),
    sharedMailboxes: new Set(),
    mailboxLimits: new Map(),
    customAttributes: new Map(),
    // Tenants made since January 2020 begin with SMTP AUTH off.
    transportConfig: { smtpClientAuthenticationDisabled: true },
    organizationConfig: { ewsEnabled: null, ewsAllowedAppIDs: [] },
    delays: { applicationAccessPolicyMs: 60 * minute, rbacIdleMs: 30 * minute, rbacMostMs: 120 * minute },
    ewsSwitchedOffAt: ewsSwitchBegins,
    simulation: {
      notificationsByHttp: false,
      requestsPerTenMinutes: 10_000,
      uploadBytesPerFiveMinutes: 150 * 1024 * 1024,
    },
    caches: new Map(),
    sequence: 0,
  };
  exchange.set(tenantId, organization);
  return organization;
}

/** The settings of a mailbox's protocols; as they are made, where nobody changed them. */
export function casMailboxOf(organization: ExchangeOrganization, userId: string): CasMailbox {
  return (
    organization.casMailboxes.get(userId) ?? {
      smtpClientAuthenticationDisabled: null,
      imapEnabled: true,
      ewsEnabled: null,
    }
  );
}

/** The distinguished name of a group in Exchange, which filters on MemberOfGroup need exactly. */
export function distinguishedName(tenant: Tenant, { id }: Pick<Group, 'id'>): string {
  const initial = tenant.domains[1] ?? tenant.domain;
  return `CN=${id},OU=${initial},OU=Microsoft Exchange Hosted Organizations,DC=EURPR04A001,DC=PROD,DC=OUTLOOK,DC=COM`;
}

/** What kind of mailbox somebody has. */
export function recipientType(organization: ExchangeOrganization, { id }: User): 'SharedMailbox' | 'UserMailbox' {
  return organization.sharedMailboxes.has(id) ? 'SharedMailbox' : 'UserMailbox';
}
