import { randomBytes, randomInt } from 'node:crypto';
import type { World } from '../world.ts';
import { AadstsError } from './aadsts.ts';

/** A sign-in under way in a browser: who was chosen, and what he has shown so far. The pages carry its id as `flow`. */
export type Flow = {
  readonly id: string;
  readonly appId: string;
  readonly homeTenantId: string;
  readonly homeUserId: string;
  readonly startedAt: number;
  /** When the password was given, or the person chosen where there are no passwords; epoch milliseconds. */
  authenticatedAt: number | undefined;
  secondFactorAt: number | undefined;
  /** The number to enter in the Authenticator app. */
  readonly number: number;
  /** The answer to "Stay signed in?". */
  stay: boolean | undefined;
  /** Whether the consent that `prompt=consent` asks for was given. */
  consented: boolean;
};

/** How long somebody may take from choosing an account to the app, in milliseconds. */
const patience = 15 * 60_000;

/** Starts a sign-in; it is kept once a page has to come back to it. */
export function startFlow(world: World, who: Pick<Flow, 'appId' | 'homeTenantId' | 'homeUserId'>): Flow {
  return {
    ...who,
    id: randomBytes(24).toString('base64url'),
    startedAt: world.clock.now(),
    authenticatedAt: undefined,
    secondFactorAt: undefined,
    number: randomInt(10, 100),
    stay: undefined,
    consented: false,
  };
}

/** Keeps a sign-in for the page that comes next, and forgets those that nobody came back to. */
export function keepFlow(world: World, flow: Flow): void {
  for (const [id, { startedAt }] of world.flows) {
    if (startedAt > world.clock.now() - patience) break;
    world.flows.delete(id);
  }
  world.flows.set(flow.id, flow);
}

/** The sign-in a page comes back to. Throws AADSTS50089 when it took too long, or was another app's. */
export function findFlow(world: World, id: string, appId: string): Flow {
  const flow = world.flows.get(id);
  if (flow === undefined || flow.appId !== appId || flow.startedAt + patience <= world.clock.now()) {
    throw new AadstsError(50089, 'The flow token expired: the sign-in took too long. Start it again', {
      place: 'page',
    });
  }
  return flow;
}
