/** What a tenant forbids about secrets and certificates (tenantAppManagementPolicy of Microsoft Graph). */
export type AppManagementPolicy = {
  readonly isEnabled: boolean;
  readonly applicationRestrictions: Restrictions;
  readonly servicePrincipalRestrictions: Restrictions;
};

/** Restrictions of the two kinds of credentials. */
export type Restrictions = {
  readonly passwordCredentials: readonly Restriction[];
  readonly keyCredentials: readonly Restriction[];
};

/** One restriction; `maxLifetime` is an ISO 8601 duration such as P90D. */
export type Restriction = {
  readonly restrictionType:
    | 'passwordAddition'
    | 'passwordLifetime'
    | 'symmetricKeyAddition'
    | 'symmetricKeyLifetime'
    | 'customPasswordAddition'
    | 'asymmetricKeyLifetime';
  readonly state: 'enabled' | 'disabled';
  readonly maxLifetime: string | null;
  /** Applications made before then are spared; null: none are. */
  readonly restrictForAppsCreatedAfterDateTime: string | null;
};

/** Why a policy refuses a credential. */
export type PolicyBreach = 'type' | 'lifetime';

/** A credential, as far as a policy looks at it: times are epoch milliseconds. */
type Credential = { readonly startDateTime: number; readonly endDateTime: number };

/** Whether a policy refuses a new credential of an application that was created at `createdAt`. */
export function findBreach(
  policy: AppManagementPolicy | null,
  of: 'applicationRestrictions' | 'servicePrincipalRestrictions',
  kind: keyof Restrictions,
  credential: Credential,
  createdAt: number,
): PolicyBreach | undefined {
  if (policy === null || !policy.isEnabled) return undefined;
  for (const restriction of policy[of][kind]) {
    const { restrictionType, state, maxLifetime, restrictForAppsCreatedAfterDateTime: after } = restriction;
    if (state !== 'enabled' || (after !== null && createdAt < Date.parse(after))) continue;
    if (restrictionType === 'passwordAddition') return 'type';
    const { startDateTime, endDateTime } = credential;
    const longest = restrictionType.endsWith('Lifetime') ? durationOf(maxLifetime ?? '') : undefined;
    if (longest !== undefined && endDateTime - startDateTime > longest) return 'lifetime';
  }
  return undefined;
}

/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds; undefined for anything else. */
function durationOf(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (match === null || text === 'P') return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
