import { graphAppId } from '../applications/permissions.ts';
import { type Answer, bearerToken, type Exchange, json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { isFor } from './access-token.ts';
import { openToken } from './sign.ts';

/** The userinfo endpoint; at Microsoft it belongs to Graph. */
export function userinfoRoutes(world: World): Routes {
  return {
    'GET /oidc/userinfo': (exchange) => userinfo(world, exchange),
    'POST /oidc/userinfo': (exchange) => userinfo(world, exchange),
  };
}

async function userinfo(world: World, exchange: Exchange): Promise<Answer> {
  const token = bearerToken(exchange);
  const claims = token === undefined ? undefined : await openToken(world, token);
  const tenant = world.tenants.get(String(claims?.['tid']));
  const user = tenant?.users.get(String(claims?.['oid']));
  const isGraphs = tenant !== undefined && isFor(world, graphAppId, tenant.cloud, claims?.aud);
  const scopes = String(claims?.['scp'] ?? '').split(' ');
  if (claims === undefined || user === undefined || !isGraphs || !scopes.includes('openid')) {
    return json(
      401,
      {
        error: {
          code: 'InvalidAuthenticationToken',
          message: 'Access token is empty, invalid or lacks the scope openid.',
        },
      },
      {
        'www-authenticate': 'Bearer',
      },
    );
  }
  const profile = scopes.includes('profile');
  return json(200, {
    sub: subjectOf(claims),
    ...(profile ? { name: user.displayName, given_name: user.givenName, family_name: user.surname } : {}),
    ...(scopes.includes('email') && user.mail !== null ? { email: user.mail } : {}),
    picture: `${exchange.origin}/v1.0/me/photo/$value`,
  });
}

/** The caller's own subject, which a Graph token carries beside Graph's. */
function subjectOf({ xms_st: own }: Readonly<Record<string, unknown>>): unknown {
  return typeof own === 'object' && own !== null && 'sub' in own ? own.sub : undefined;
}
