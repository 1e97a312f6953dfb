import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';

/** `/organizations`. */
export const organizationRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/organizations',
    component: lazyRouteComponent(() => import('./organizations.tsx'), 'Organizations'),
  }),
] as const;
