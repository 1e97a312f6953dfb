import { createRouter } from '@tanstack/react-router';
import { accessRoutes } from '../access/routes.ts';
import { accountRoutes } from '../accounts/routes.ts';
import { connectionRoutes } from '../connections/routes.ts';
import { directoryRoutes } from '../directory/routes.ts';
import { eventRoutes } from '../events/routes.ts';
import { mailRoutes } from '../mail/routes.ts';
import { organizationRoutes } from '../organizations/routes.ts';
import { overviewRoute } from '../overview/routes.ts';
import { rootRoute } from './root-route.ts';

/** Every page by its address. Each subject names its own; a page's code is loaded when it is first opened. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([
    overviewRoute,
    ...organizationRoutes,
    ...connectionRoutes,
    ...directoryRoutes,
    ...accountRoutes,
    ...mailRoutes,
    ...eventRoutes,
    ...accessRoutes,
  ]),
  defaultPreload: 'intent',
  defaultPreloadDelay: 80,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
