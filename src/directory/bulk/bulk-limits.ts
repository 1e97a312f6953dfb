import type { BulkLimits } from '#scim';
import type { World } from '#store';

/** What one Bulk request may hold (RFC 7644 §3.7.4). */
export const bulkLimits = ({ config }: World): BulkLimits => ({
  maxOperations: 1000,
  maxPayloadSize: config.bodyLimit,
});
