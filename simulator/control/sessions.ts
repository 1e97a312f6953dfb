import type { Routes } from '../http/routes.ts';
import { revokeSessions } from '../sign-in/revoke-sessions.ts';
import type { World } from '../world.ts';
import { tenantOf, userOf } from './tenants.ts';

/** What an administrator does to somebody who is signed in. */
export function sessionRoutes(world: World): Routes {
  return {
    'POST /tenants/:tenant/users/:user/revoke-sessions': (_exchange, key, user) => {
      revokeSessions(world, userOf(tenantOf(world, key), user).id);
      return { status: 204 };
    },
  };
}
