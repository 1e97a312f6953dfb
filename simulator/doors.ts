import { applicationRoutes } from './control/applications.ts';
import { clockAndKeyRoutes } from './control/clock-and-keys.ts';
import { ControlError } from './control/control-error.ts';
import { provisioningRoutes } from './control/provisioning.ts';
import { tenantRoutes } from './control/tenants.ts';
import { type Answer, type Exchange, json } from './http/exchange.ts';
import { compileRoutes, type Match } from './http/routes.ts';
import { startPage } from './pages/start-page.ts';
import { AadstsError, aadstsAnswer } from './sign-in/aadsts.ts';
import { authorizeRoutes } from './sign-in/authorize.ts';
import { discoveryRoutes } from './sign-in/discovery.ts';
import { logoutRoutes } from './sign-in/logout.ts';
import { tokenRoutes } from './token/token-endpoint.ts';
import { userinfoRoutes } from './token/userinfo.ts';
import type { World } from './world.ts';

/** One of the services behind the origin, with its own way to refuse. */
type Door = {
  /** First path piece of this door; undefined for the login host, which takes the rest. */
  readonly prefix: string | undefined;
  readonly find: (method: string, segments: readonly string[]) => Match;
  readonly refuse: (exchange: Exchange, error: Error) => Answer | Promise<Answer> | undefined;
  readonly unknown: (exchange: Exchange, allowed: readonly string[]) => Answer;
};

/** Answers a request: the door by the first path piece, then the route, then the door's own words for a refusal. */
export function createDoors(world: World): (exchange: Exchange) => Promise<Answer> {
  const doors = [controlDoor(world), loginDoor(world)];
  return async (exchange) => {
    const [first = '', ...rest] = exchange.segments;
    const door = doors.find(({ prefix }) => prefix === undefined || prefix === first.toLowerCase());
    if (door === undefined) return json(404, { error: { code: 'notFound', message: 'No such address' } });
    const match = door.find(exchange.method, door.prefix === undefined ? exchange.segments : rest);
    if ('allowed' in match) return door.unknown(exchange, match.allowed);
    try {
      return await match.handle(exchange, ...match.keys);
    } catch (error) {
      const answer = error instanceof Error ? await door.refuse(exchange, error) : undefined;
      if (answer === undefined) throw error;
      return answer;
    }
  };
}

function controlDoor(world: World): Door {
  const refusal = (status: number, code: string, message: string): Answer => json(status, { error: { code, message } });
  return {
    prefix: '_control',
    find: compileRoutes({
      ...tenantRoutes(world),
      ...applicationRoutes(world),
      ...clockAndKeyRoutes(world),
      ...provisioningRoutes(world),
    }),
    refuse: (_exchange, error) =>
      error instanceof ControlError ? refusal(error.status, error.code, error.message) : undefined,
    unknown: (exchange, allowed) =>
      allowed.length === 0
        ? refusal(404, 'notFound', `There is nothing at ${exchange.url.pathname}`)
        : refusal(405, 'methodNotAllowed', `${exchange.url.pathname} takes ${allowed.join(', ')}`),
  };
}

function loginDoor(world: World): Door {
  const now = (): number => world.clock.now();
  return {
    prefix: undefined,
    find: compileRoutes({
      'GET /': (exchange) => startPage(world, exchange),
      ...userinfoRoutes(world),
      ...discoveryRoutes(world),
      ...authorizeRoutes(world),
      ...tokenRoutes(world),
      ...logoutRoutes(world),
    }),
    refuse: (exchange, error) => (error instanceof AadstsError ? aadstsAnswer(exchange, error, now()) : undefined),
    unknown: (exchange, allowed) => {
      const code = allowed.length === 0 ? 90004 : 900561;
      const text =
        allowed.length === 0
          ? `There is no endpoint at ${exchange.url.pathname}`
          : `The endpoint only accepts ${allowed.join(', ')} requests`;
      return {
        ...aadstsAnswer(exchange, new AadstsError(code, text), now()),
        status: allowed.length === 0 ? 404 : 400,
      };
    },
  };
}
