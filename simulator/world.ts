import type { Application } from './applications/application.ts';
import { addFirstPartyPrincipals, makeFirstPartyApplications } from './applications/first-party.ts';
import { type Clock, createClock } from './clock.ts';
import { inviteGuest, makeTenant, type TenantPlan } from './directory/make-tenant.ts';
import { makePersonalAccounts } from './directory/personal-accounts.ts';
import type { Tenant } from './directory/tenant.ts';
import type { ExchangeOrganization } from './exchange/organization.ts';
import { createFaults, type Faults } from './faults/faults.ts';
import type { DirectoryAudit } from './graph/directory-audits.ts';
import { openSender, type Send } from './http/send.ts';
import { createSigningKeys, type SigningKeys } from './keys/signing-keys.ts';
import type { MailboxLoad } from './mail/mail-call.ts';
import { createMailSystem, type MailSystem } from './mail/mailbox.ts';
import type { Job } from './provisioning/job.ts';
import type { ProvisioningEvent } from './provisioning/provisioning-log.ts';
import { createUnderWay, type UnderWay } from './provisioning/under-way.ts';
import { createRandom, type Random } from './random.ts';
import type { LoggedRequest } from './request-log.ts';
import type { Flow } from './sign-in/flows.ts';
import type { Sessions } from './sign-in/sessions.ts';
import type { SignIn } from './sign-in/sign-in-log.ts';
import type { Snapshot } from './snapshots/snapshot.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions/subscription.ts';
import { createGrants, type Grants } from './token/grants.ts';
import type { IssuedToken } from './token/issued-tokens.ts';

/**
 * Everything the simulator knows; all of it in memory, one value for each running simulator.
 * What of it is state, and so comes back with a snapshot, says `worldMembers` of snapshots/world-state.ts.
 */
export type World = {
  readonly clock: Clock;
  readonly random: Random;
  readonly tenants: Map<string, Tenant>;
  /** App registrations of all tenants by app id, and Microsoft's own. */
  readonly applications: Map<string, Application>;
  readonly keys: SigningKeys;
  readonly sessions: Sessions;
  /** Sign-ins under way in browsers, by id, oldest first. */
  readonly flows: Map<string, Flow>;
  readonly grants: Grants;
  readonly faults: Faults;
  /** Answered requests, oldest first. */
  readonly requests: LoggedRequest[];
  /** What the newest tokens say, oldest first. */
  readonly tokens: IssuedToken[];
  /** Sign-ins of all tenants, oldest first. */
  readonly signIns: SignIn[];
  /** Changes of the directories of all tenants by Graph, oldest first. */
  readonly directoryAudits: DirectoryAudit[];
  readonly mail: MailSystem;
  /** Exchange Online of each tenant that was asked for, by tenant id. */
  readonly exchange: Map<string, ExchangeOrganization>;
  /** Who wants to hear of changes in mailboxes. */
  readonly subscriptions: Subscriptions;
  /** What each app asks of each mailbox, by `appId/userId`. */
  readonly mailboxLoads: Map<string, MailboxLoad>;
  /** Provisioning jobs by id. */
  readonly jobs: Map<string, Job>;
  /** What the provisioning service did with objects of all tenants, oldest first. */
  readonly provisioningLog: ProvisioningEvent[];
  /** Snapshots by id. */
  readonly snapshots: Map<string, Snapshot>;
  readonly underWay: UnderWay;
  /** For the requests the simulator itself makes, as the provisioning client. */
  readonly send: Send;
  /** Aborted when the simulator closes. */
  readonly ending: AbortSignal;
};

/** How a world starts. */
export type WorldPlan = {
  readonly users: number;
  readonly groups: number;
  readonly now: () => number;
  readonly seed: number;
  /** Tenants to begin with, in place of Contoso and Fabrikam. */
  readonly tenants?: readonly TenantPlan[];
  /** Private keys (PEM) to sign with at first; fresh ones when left out. */
  readonly signingKeys?: readonly [string, string] | undefined;
  readonly ending: AbortSignal;
};

/** The tenants of the national clouds; small ones. */
const nationalTenants = {
  usgov: { name: 'Woodgrove', users: 12, groups: 2 },
  china: { name: 'Tailspin', users: 12, groups: 2 },
} as const;

/** Makes a world with the planned tenants, or with Contoso, Fabrikam, those of the national clouds and personal accounts. */
export async function createWorld(plan: WorldPlan): Promise<World> {
  const clock = createClock(plan.now);
  const random = createRandom(plan.seed);
  const tenants =
    plan.tenants?.map((tenant) => makeTenant(random, tenant, clock.now())) ?? makeNeighbours(random, plan, clock.now());
  const applications = makeFirstPartyApplications(random, clock.now());
  for (const tenant of tenants) addFirstPartyPrincipals(random, tenant, applications.values(), clock.now());
  return {
    clock,
    random,
    tenants: new Map(tenants.map((tenant) => [tenant.id, tenant])),
    applications,
    keys: await createSigningKeys(clock.now, plan.signingKeys),
    sessions: new Map(),
    flows: new Map(),
    grants: createGrants(),
    faults: createFaults(),
    requests: [],
    tokens: [],
    signIns: [],
    directoryAudits: [],
    mail: createMailSystem(),
    exchange: new Map(),
    subscriptions: createSubscriptions(),
    mailboxLoads: new Map(),
    jobs: new Map(),
    provisioningLog: [],
    snapshots: new Map(),
    underWay: createUnderWay(),
    send: openSender(plan.ending),
    ending: plan.ending,
  };
}

/** Contoso, its neighbour Fabrikam, one guest of Fabrikam in Contoso, a small tenant in each national cloud, personal accounts. */
function makeNeighbours(random: Random, plan: Pick<WorldPlan, 'users' | 'groups'>, now: number): Tenant[] {
  const contoso = makeTenant(
    random,
    { name: 'Contoso', users: Math.max(plan.users - 1, 1), groups: plan.groups, disabled: 2 },
    now,
  );
  const fabrikam = makeTenant(random, { name: 'Fabrikam', users: 24, groups: 4, disabled: 0 }, now);
  const neighbour = fabrikam.users.values().next().value;
  if (plan.users > 1 && neighbour !== undefined)
    inviteGuest(contoso, random, { user: neighbour, tenant: fabrikam }, now);
  const elsewhere = (['usgov', 'china'] as const).map((cloud) =>
    makeTenant(random, { ...nationalTenants[cloud], cloud, disabled: 0 }, now),
  );
  return [contoso, fabrikam, ...elsewhere, makePersonalAccounts(random, now)];
}
