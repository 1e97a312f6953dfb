import type { World } from '../world.ts';
import type { SourceAttribute } from './source-attributes.ts';

/** The two ways in which Entra writes SCIM PATCH: without and with the `aadOptscim062020` flag in the Tenant URL. */
export type Dialect = 'default' | 'aadOptscim062020';

/** How a job gets access tokens: by client credentials, or by an assertion that the tenant signs (workload identity federation). */
export type OAuthSettings =
  | {
      readonly way: 'clientCredentials';
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: string;
      /** "How credentials are sent", a choice of the admin. */
      readonly sentIn: 'header' | 'body' | 'both';
    }
  | {
      readonly way: 'assertion';
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly subject: string;
      readonly audience: string;
    };

/** What an admin enters for a provisioning job, and the compressed interval. */
export type JobSettings = {
  /** Tenant URL; a query in it is sent along on every request. */
  readonly baseAddress: string;
  readonly secretToken: string;
  /** Null: by the Secret Token. */
  readonly authentication: OAuthSettings | null;
  readonly dialect: Dialect;
  readonly matching: {
    readonly user: 'userName' | 'externalId' | 'emails[type eq "work"].value';
    readonly group: 'displayName' | 'externalId';
  };
  readonly mapping: {
    readonly externalId: 'mailNickname' | 'objectId';
    /** Other attributes of the directory than the default ones, by the path at the target; null: not mapped at all. */
    readonly sources?: Readonly<Record<string, SourceAttribute | null>>;
  };
  /** Everybody, or who is assigned to the enterprise app `appId`. */
  readonly scope: 'all' | 'assigned';
  readonly appId: string | null;
  /** Pause between cycles in milliseconds; Entra's is 40 minutes. */
  readonly intervalMs: number;
  /** How many requests are under way at once; Entra's number is not documented. */
  readonly requestsAtOnce: number;
  /** So many requests a second at most; null: as fast as the target answers. */
  readonly requestsPerSecond: number | null;
};

/** An object that failed: when it is tried again, and since when it fails. */
export type Escrow = { readonly firstFailedAt: number; readonly failures: number; readonly retryAt: number };

/** What could not be written, with the target's answer. */
export type ObjectFailure = {
  readonly id: string;
  readonly type: 'User' | 'Group';
  readonly name: string;
  /** HTTP status of the target, or null when it did not answer. */
  readonly status: number | null;
  readonly scimType: string | null;
  readonly detail: string;
};

/** How many objects ended in which way. */
export type Counts = {
  created: number;
  updated: number;
  disabled: number;
  deleted: number;
  failed: number;
  skipped: number;
};

/** What one cycle did; the counts at the top are those of users and groups together. */
export type CycleReport = Readonly<Counts> & {
  readonly kind: 'initial' | 'incremental';
  readonly users: Readonly<Counts>;
  readonly groups: Readonly<Counts>;
  readonly managersSet: number;
  readonly membersAdded: number;
  readonly membersRemoved: number;
  /** At most the first thousand; `failed` counts all. */
  readonly failures: readonly ObjectFailure[];
  /** Why the cycle stopped before its end; null when it went through. */
  readonly stopped: string | null;
  readonly requests: number;
  readonly startedAt: number;
  readonly durationMs: number;
};

/** Why a job was put aside; cycles then come once a day until one goes through. */
export type Quarantine = { readonly reason: string; readonly message: string; readonly since: number };

/** A provisioning job with what the service remembers between cycles. */
export type Job = {
  readonly id: string;
  readonly tenantId: string;
  /** Where this simulator is, as whoever made the job called it: assertions name their issuer by it. */
  readonly origin: string;
  settings: JobSettings;
  /** The access token in use. */
  access: { readonly of: OAuthSettings; readonly value: string; readonly expiresAt: number } | undefined;
  /** Target ids by the id of the user or group; used from the first match on. */
  readonly links: Map<string, string>;
  /** Members the target has acknowledged, by group id: target ids by the id of the user. */
  readonly members: Map<string, Map<string, string>>;
  /** The manager each linked user was given at the target, by source ids. */
  readonly managers: Map<string, string>;
  readonly escrow: Map<string, Escrow>;
  /** Linked users that were disabled for leaving the scope: these are never deleted. */
  readonly outOfScope: Set<string>;
  /** The tenant's sequence number up to which changes are exported; undefined before the first whole cycle. */
  watermark: number | undefined;
  lastCycle: CycleReport | undefined;
  /** The last cycle in which nothing failed. */
  lastSuccess: CycleReport | undefined;
  quarantine: Quarantine | undefined;
  /** Whether the service gave up after four weeks of quarantine; starting it again ends that. */
  disabled: boolean;
  cycles: number;
  /** Whether a cycle runs right now. */
  running: boolean;
  /** The whole mapping as somebody wrote it by Microsoft Graph; null: the default one. */
  schema: Readonly<Record<string, unknown>> | null;
  /** When on-demand runs were asked for lately. */
  onDemandAt: readonly number[];
  /** Whether it was started, and so runs cycle after cycle; not while it is paused. */
  started: boolean;
};

/** Makes a job that has not run yet. */
export function makeJob(
  world: World,
  tenantId: string,
  origin: string,
  settings: JobSettings,
  id: string = world.random.uuid(),
): Job {
  return {
    id,
    tenantId,
    origin,
    settings,
    access: undefined,
    links: new Map(),
    members: new Map(),
    managers: new Map(),
    escrow: new Map(),
    outOfScope: new Set(),
    watermark: undefined,
    lastCycle: undefined,
    lastSuccess: undefined,
    quarantine: undefined,
    disabled: false,
    cycles: 0,
    running: false,
    schema: null,
    onDemandAt: [],
    started: false,
  };
}

/** Forgets what was exported, so that the next cycle is an initial one: every object is matched and compared again. */
export function restartJob(job: Job): void {
  for (const memory of [job.links, job.members, job.managers, job.escrow, job.outOfScope]) memory.clear();
  job.watermark = undefined;
  job.quarantine = undefined;
}
