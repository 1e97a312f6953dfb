import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';

/** `/clients`, `/operators`, `/keys`: who may come in, and as what. */
export const accessRoutes = [
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/clients',
    component: lazyRouteComponent(() => import('./clients.tsx'), 'Clients'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/operators',
    component: lazyRouteComponent(() => import('./operators.tsx'), 'Operators'),
  }),
  createRoute({
    getParentRoute: () => rootRoute,
    path: '/keys',
    component: lazyRouteComponent(() => import('./keys.tsx'), 'Keys'),
  }),
] as const;
