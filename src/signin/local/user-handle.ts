const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * What a passkey remembers of its owner: the ids of organization and account, 32 bytes, so that it is found without asking for
 * a name.
 */
export const userHandleOf = (organizationId: string, accountId: string): Buffer =>
  Buffer.from([organizationId, accountId].map((id) => id.replaceAll('-', '')).join(''), 'hex');

/** Whose a user handle is; undefined where it is none of ours. */
export function readUserHandle(handle: Buffer): { organizationId: string; accountId: string } | undefined {
  if (handle.length !== 32) return undefined;
  const [organizationId = '', accountId = ''] = [handle.subarray(0, 16), handle.subarray(16)].map((half) =>
    half.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  );
  return uuid.test(organizationId) && uuid.test(accountId) ? { organizationId, accountId } : undefined;
}
