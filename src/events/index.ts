/**
 * Owns what happened: events written in the transaction of the change, their positions, the feed, webhooks and their
 * deliveries, and failures to authenticate.
 * Never does: decide what an event means, or call the room that recorded it.
 * Start reading at `record.ts`, then `sequencer.ts`.
 */
import type { DueHandler } from '#store';
import { deliver } from './deliver.ts';
import { forgetWebhooks } from './webhooks.ts';

export { recordFailedAuthentication, waitAfterFailures } from './failed-authentication.ts';
export { type EventQuery, getEventOfRequest, listEvents } from './read-events.ts';
export { byItself, type Cause, type CausedFact, deployment, type Fact, record, recordAll } from './record.ts';
export { type Sequencer, sequenceSome, startSequencer } from './sequencer.ts';
export {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  getWebhook,
  pageOfDeliveries,
  pageOfWebhooks,
  webhooksAreToGo,
} from './webhooks.ts';

/** The due work of this room. */
export const eventWork: Readonly<Record<string, DueHandler>> = {
  'webhooks.deliver': deliver,
  'webhooks.forget': forgetWebhooks,
};
