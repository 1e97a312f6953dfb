import { toIso } from '../clock.ts';

/** What happened to a message. */
export type ChangeType = 'created' | 'updated' | 'deleted';

/** Who wants to hear of changes in a mailbox (Microsoft Graph v1.0, subscription). */
export type Subscription = {
  readonly id: string;
  readonly tenantId: string;
  readonly appId: string;
  readonly creatorId: string;
  readonly resource: string;
  /** The mailbox. */
  readonly userId: string;
  /** Undefined hears of every folder. */
  readonly folderId: string | undefined;
  readonly changeTypes: readonly ChangeType[];
  readonly notificationUrl: string;
  readonly lifecycleNotificationUrl: string | null;
  readonly clientState: string | null;
  /** Whether its ids survive a move. */
  readonly immutableIds: boolean;
  expiresAt: number;
  /** Changes up to this sequence number of the mailbox are told or passed over. */
  position: number;
  /** Since a reauthorizationRequired nobody answered: changes are passed over. */
  paused: boolean;
  /** Ids of the faults that struck it. */
  readonly struckBy: Set<string>;
};

/** One entry of a request to a notification address. */
export type Notification = { readonly subscriptionId: string; readonly body: Readonly<Record<string, unknown>> };

/** A request to a notification address that has not been taken yet. */
export type Outgoing = {
  readonly url: string;
  readonly notifications: readonly Notification[];
  readonly since: number;
  attempts: number;
  dueAt: number;
};

/** All subscriptions by id, and what has to be sent. */
export type Subscriptions = { readonly byId: Map<string, Subscription>; readonly outgoing: Outgoing[] };

/** No subscriptions yet. */
export function createSubscriptions(): Subscriptions {
  return { byId: new Map(), outgoing: [] };
}

/** Shortest and longest life in minutes: shorter ones are made longer, longer ones refused. */
export const lifeMinutes = { least: 45, most: 10_080 } as const;

/** What every notification of a subscription says of it. */
export function envelopeOf(subscription: Subscription): Record<string, unknown> {
  return {
    subscriptionId: subscription.id,
    subscriptionExpirationDateTime: toIso(subscription.expiresAt),
    tenantId: subscription.tenantId,
    clientState: subscription.clientState,
  };
}
