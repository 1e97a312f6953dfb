import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';
import { oneOf, only, word } from '../shell/search-words.ts';

/** States by which messages can be listed. */
export const listedStates = ['queued', 'sending', 'sent', 'failed', 'uncertain', 'received'] as const;

/** `/messages` of one connection, one message, and a new one. */
export const mailRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/messages',
    validateSearch: (search: Record<string, unknown>) =>
      only({
        connection: word(search, 'connection'),
        direction: oneOf(search, 'direction', ['in', 'out']),
        state: oneOf(search, 'state', listedStates),
      }),
    component: lazyRouteComponent(() => import('./messages.tsx'), 'Messages'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/messages/send',
    validateSearch: (search: Record<string, unknown>) => only({ connection: word(search, 'connection') }),
    component: lazyRouteComponent(() => import('./send-message.tsx'), 'SendMessage'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/messages/$connection/$message',
    component: lazyRouteComponent(() => import('./message.tsx'), 'Message'),
  }),
] as const;
