import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';
import { only, word } from '../shell/search-words.ts';

/** `/organizations`, and the e-mail domains of one. */
export const organizationRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/organizations',
    component: lazyRouteComponent(() => import('./organizations.tsx'), 'Organizations'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/domains',
    validateSearch: (search: Record<string, unknown>) => only({ organization: word(search, 'organization') }),
    component: lazyRouteComponent(() => import('./domains.tsx'), 'Domains'),
  }),
] as const;
