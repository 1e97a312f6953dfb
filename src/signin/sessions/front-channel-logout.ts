import { cloudOf, type EntraWorld, getConnection, organizationOf } from '#connections';
import type { ConnectionSettings } from '#contract';
import type { Source } from '#http';
import { removeSessionsBySid } from '../queries/end-sessions.ts';
import { recordEnds } from './end-sessions.ts';
import { causeOfPerson } from './session.ts';

/**
 * S11: the provider opens this in a hidden frame when a person signs out there, with `iss` and `sid` (OpenID Connect
 * Front-Channel Logout 1.0 §3). The session is found by these on the server, as the frame may bring no cookie. It may be
 * framed by the login hosts of the connection's cloud, or by its other provider's issuer.
 */
export async function answerFrontChannelLogout(
  world: EntraWorld,
  source: Source,
  connectionId: string,
  parameters: URLSearchParams,
): Promise<Response> {
  const organizationId = await organizationOf(world, connectionId);
  if (organizationId === undefined) return new Response('there is no such connection\n', { status: 404 });
  const [issuer, sid] = [parameters.get('iss') ?? '', parameters.get('sid') ?? ''];
  if (issuer === '' || sid === '') return new Response('iss and sid are needed\n', { status: 400 });
  await world.store.write(async (tx) => {
    const ended = await tx.run(removeSessionsBySid, { organizationId, connectionId, issuer, sid });
    await recordEnds(world, tx, causeOfPerson(source, undefined), organizationId, ended, 'signed out at the tenant');
  });
  const { live, draft } = await getConnection(world, organizationId, connectionId);
  return new Response('signed out\n', {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; frame-ancestors ${framersOf(world, live ?? draft).join(' ') || "'none'"}`,
    },
  });
}

function framersOf(world: EntraWorld, settings: ConnectionSettings | null): readonly string[] {
  if (settings === null) return [];
  if (settings.provider === 'openid') return settings.issuer === null ? [] : [new URL(settings.issuer).origin];
  return cloudOf(world, settings.cloud).loginOrigins;
}
