import type { errors, ResourceServer } from 'oidc-provider';
import { only, type World } from '#store';
import { findClientByIdentifier } from '../queries/client.ts';
import { type KnownClient, readClient } from './clients.ts';

/** Seconds that an access token is good for where Portico is asked about it. */
export const opaqueSeconds = 3600;
/** Seconds that one is good for where nobody asks: design §5.10. */
const jwtSeconds = 300;

/** An API that tokens can be asked for, by its identifier. */
export async function knownApi(world: World, identifier: string): Promise<KnownClient | undefined> {
  const row = only(await world.store.read(findClientByIdentifier, { identifier }));
  return row === undefined ? undefined : readClient(row);
}

/**
 * What a client gets of an API (RFC 8707 §2): of the scopes that the API knows those that the client may ask for. An API that
 * is not there is refused in the same words as one that the client may not ask for.
 */
export async function resourceFor(
  world: World,
  { InvalidTarget }: Pick<typeof errors, 'InvalidTarget'>,
  client: KnownClient | undefined,
  identifier: string,
): Promise<ResourceServer> {
  const may = client?.resources.find(({ resource }) => resource === identifier);
  const api = may === undefined ? undefined : await knownApi(world, identifier);
  if (may === undefined || api === undefined) {
    throw new InvalidTarget('the client may not ask for this resource: see its resources');
  }
  const jwt = api.tokenFormat === 'jwt';
  return {
    scope: api.apiScopes.filter((scope) => may.scopes.includes(scope)).join(' '),
    audience: identifier,
    accessTokenFormat: api.tokenFormat,
    accessTokenTTL: jwt ? jwtSeconds : opaqueSeconds,
    ...(jwt ? { jwt: { sign: { alg: 'RS256' } } } : {}),
  };
}
