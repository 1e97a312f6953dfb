import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';
import { only, word } from '../shell/search-words.ts';

/** `/accounts` of one organization, and one account. */
export const accountRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/accounts',
    validateSearch: (search: Record<string, unknown>) => only({ organization: word(search, 'organization') }),
    component: lazyRouteComponent(() => import('./accounts.tsx'), 'Accounts'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/accounts/$organization/$account',
    component: lazyRouteComponent(() => import('./account.tsx'), 'Account'),
  }),
] as const;
