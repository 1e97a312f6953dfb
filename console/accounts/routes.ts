import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';
import { oneOf, only, word } from '../shell/search-words.ts';
import { requestStates } from './request-words.ts';

/** `/accounts` of one organization, and one account; who asks for one; the user names of deleted ones. */
export const accountRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/accounts',
    validateSearch: (search: Record<string, unknown>) =>
      only({
        organization: word(search, 'organization'),
        search: word(search, 'search'),
        state: oneOf(search, 'state', ['enabled', 'disabled']),
      }),
    component: lazyRouteComponent(() => import('./accounts.tsx'), 'Accounts'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/accounts/$organization/$account',
    component: lazyRouteComponent(() => import('./account.tsx'), 'Account'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/access-requests',
    validateSearch: (search: Record<string, unknown>) =>
      only({ organization: word(search, 'organization'), state: oneOf(search, 'state', requestStates) }),
    component: lazyRouteComponent(() => import('./access-requests.tsx'), 'AccessRequests'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/past-user-names',
    validateSearch: (search: Record<string, unknown>) => only({ organization: word(search, 'organization') }),
    component: lazyRouteComponent(() => import('./past-user-names.tsx'), 'PastUserNames'),
  }),
] as const;
