import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type EventType, eventTypes } from '#contract';
import { rootRoute } from '../shell/root-route.ts';
import { oneOf, only, word } from '../shell/search-words.ts';

/** Every type of event, in the order of the contract. */
export const listedTypes = Object.keys(eventTypes) as EventType[];

/** `/events`, `/webhooks` of one organization, and one webhook. */
export const eventRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/events',
    validateSearch: (search: Record<string, unknown>) =>
      only({
        organization: word(search, 'organization'),
        type: oneOf(search, 'type', listedTypes),
        refused: word(search, 'refused'),
      }),
    component: lazyRouteComponent(() => import('./events.tsx'), 'Events'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/webhooks',
    validateSearch: (search: Record<string, unknown>) => only({ organization: word(search, 'organization') }),
    component: lazyRouteComponent(() => import('./webhooks.tsx'), 'Webhooks'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/webhooks/$organization/$webhook',
    component: lazyRouteComponent(() => import('./webhook.tsx'), 'Webhook'),
  }),
] as const;
