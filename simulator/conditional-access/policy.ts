/** A Conditional Access policy, by the names of Microsoft Graph (conditionalAccessPolicy); locations and platforms are left out. */
export type Policy = {
  readonly id: string;
  displayName: string;
  state: 'enabled' | 'disabled' | 'enabledForReportingButNotEnforced';
  conditions: PolicyConditions;
  grantControls: GrantControls;
  /** `signInFrequency` in hours: how old the sign-in may be; null for any age. */
  signInFrequencyHours: number | null;
};

/** For whom and what a policy counts. */
export type PolicyConditions = {
  readonly users: {
    readonly includeUsers: readonly string[];
    readonly excludeUsers: readonly string[];
    readonly includeGroups: readonly string[];
    readonly excludeGroups: readonly string[];
    readonly includeRoles: readonly string[];
  };
  readonly applications: {
    /** App ids of the APIs or clients asked for, `All`, or `None` where an authentication context decides. */
    readonly includeApplications: readonly string[];
    readonly excludeApplications: readonly string[];
    /** `c1` to `c99`: counts where the request asks for this context. */
    readonly includeAuthenticationContextClassReferences: readonly string[];
  };
  readonly clientAppTypes: readonly ClientAppType[];
  /** Counts for device code flow only, where this names it (authenticationFlows). */
  readonly transferMethods: 'deviceCodeFlow' | null;
};

/** By what kind of client somebody signs in. */
export type ClientAppType = 'all' | 'browser' | 'mobileAppsAndDesktopClients' | 'exchangeActiveSync' | 'other';

/** What a policy demands: all of it (`AND`) or one of it (`OR`). */
export type GrantControls = {
  readonly operator: 'AND' | 'OR';
  readonly builtInControls: readonly BuiltInControl[];
  /** Names of terms of use to accept. */
  readonly termsOfUse: readonly string[];
};

/** Demands that are known here. */
export type BuiltInControl = 'block' | 'mfa' | 'compliantDevice' | 'domainJoinedDevice' | 'approvedApplication';
