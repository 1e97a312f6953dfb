/** The `client_info` the Microsoft libraries ask for: user and tenant id, base64url JSON. */
export function clientInfo(tenantId: string, userId: string): string {
  return Buffer.from(JSON.stringify({ uid: userId, utid: tenantId })).toString('base64url');
}
