/** How a cycle went, in numbers. */
export type Failures = {
  /** Users and groups of the tenant. */
  readonly objects: number;
  /** Users and groups that failed. */
  readonly failed: number;
  /** Managers that could not be set: they count by themselves. */
  readonly references: number;
};

const limits = { failures: 5_000, share: 0.4, inAnyCase: 40_000, references: 60_000 } as const;

/** In quarantine for so long a job is disabled, in milliseconds. */
export const disabledAfterMs = 28 * 24 * 3_600_000;

/**
 * Why a job goes into quarantine by the number of its failures (application-provisioning-quarantine-status); undefined where
 * it does not. The names are those of Microsoft Graph's synchronizationQuarantine.
 */
export function quarantineReason({ objects, failed, references }: Failures): string | undefined {
  if (failed >= limits.failures && failed > limits.share * objects) return 'EncounteredEscrowProportionThreshold';
  return failed > limits.inAnyCase || references > limits.references ? 'EncounteredTotalEscrowThreshold' : undefined;
}
