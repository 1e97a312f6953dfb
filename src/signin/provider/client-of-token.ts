import type { World } from '#store';
import type { Seen } from './browser-session.ts';
import { knownClient } from './client-metadata.ts';
import { isOpenTo } from './load-grant.ts';

/**
 * Whether the client that a token was given to is there yet, and open to the organization of the token's person: the library
 * looks only at the client that shows it. A token without a grant is the client's own.
 */
export async function mayClientOf(
  world: World,
  seen: Seen,
  clientId: string | undefined,
  grantId: string | undefined,
): Promise<boolean> {
  const client = clientId === undefined ? undefined : await knownClient(world, clientId);
  if (client === undefined || grantId === undefined) return client !== undefined;
  const found = await seen.grant(grantId);
  return found !== undefined && isOpenTo(client, found.session.organizationId);
}
