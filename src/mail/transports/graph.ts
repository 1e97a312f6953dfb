import { appTokenFor, cloudOf, type EntraWorld, type LiveConnection } from '#connections';
import { type AppToken, graph, readAppRoles } from '#entra';
import { createGraphIncoming } from './graph-incoming.ts';
import { createGraphOutgoing } from './graph-outgoing.ts';
import type { Transport } from './transport.ts';

/** Mail by Microsoft Graph, with the connection's app acting as itself. */
export function openGraphTransport(world: EntraWorld, connection: LiveConnection): Transport {
  const { fetch, now, log } = world;
  let latest: AppToken | undefined;
  const token = async () => {
    latest = await appTokenFor(world, connection);
    return latest.accessToken;
  };
  const client = graph({ cloud: cloudOf(world, connection.settings.cloud), token, fetch, now, log });
  const forgetToken = () => {
    if (latest !== undefined) world.entra.appTokens.forget(latest);
  };
  return {
    outgoing: createGraphOutgoing({ graph: client, roles: async () => readAppRoles(await token()), forgetToken }),
    incoming: createGraphIncoming({ graph: client, forgetToken }),
  };
}
