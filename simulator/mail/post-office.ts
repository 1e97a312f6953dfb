import { notifySubscribers } from '../subscriptions/notify.ts';
import type { Outgoing } from '../subscriptions/subscription.ts';
import type { World } from '../world.ts';
import { deliverDelayed } from './deliver.ts';

/** How often the post office looks, in milliseconds of real time. */
const everyMs = 25;

/** Does what nobody asks for by a request: tells subscribers what changed, and sends on the mail that had to wait. */
export function openPostOffice(world: World): void {
  const underWay = new Set<Outgoing>();
  const timer = setInterval(() => {
    deliverDelayed(world);
    notifySubscribers(world, underWay);
  }, everyMs).unref();
  world.ending.addEventListener('abort', () => clearInterval(timer), { once: true });
}
