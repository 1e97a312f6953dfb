import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';
import { only, word } from '../shell/search-words.ts';

const ofOrganization = (search: Record<string, unknown>) => only({ organization: word(search, 'organization') });

const listRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/connections',
  validateSearch: ofOrganization,
  component: lazyRouteComponent(() => import('./connections.tsx'), 'Connections'),
});

/** Not below `/connections/`, where any word may be a connection's id. */
const addRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/add-connection',
  validateSearch: ofOrganization,
  component: lazyRouteComponent(() => import('./add-connection.tsx'), 'AddConnection'),
});

const connectionRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/connections/$connection',
  component: lazyRouteComponent(() => import('./connection.tsx'), 'ConnectionFrame'),
});

const summaryRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./summary.tsx'), 'Summary'),
});
const settingsRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./edit-settings.tsx'), 'EditSettings'),
});
const setupRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/setup',
  component: lazyRouteComponent(() => import('./setup-plan.tsx'), 'SetupPlan'),
});
const checksRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/checks',
  component: lazyRouteComponent(() => import('./checks.tsx'), 'Checks'),
});
const signInTestRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/sign-in-test',
  validateSearch: (search: Record<string, unknown>) => only({ test: word(search, 'test') }),
  component: lazyRouteComponent(() => import('./sign-in-test.tsx'), 'SignInTest'),
});
const userNamesRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/user-names',
  component: lazyRouteComponent(() => import('./user-names.tsx'), 'UserNames'),
});
const secretsRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/secrets',
  component: lazyRouteComponent(() => import('./secrets.tsx'), 'Secrets'),
});
const provisioningRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/provisioning',
  component: lazyRouteComponent(() => import('./provisioning.tsx'), 'Provisioning'),
});
const mailboxesRoute = createRoute({
  getParentRoute: () => connectionRoute,
  path: '/mailboxes',
  component: lazyRouteComponent(() => import('./mailboxes.tsx'), 'Mailboxes'),
});

/** `/connections` and what is below; `/add-connection`. */
export const connectionRoutes = [
  listRoute,
  addRoute,
  connectionRoute.addChildren([
    summaryRoute,
    settingsRoute,
    setupRoute,
    checksRoute,
    signInTestRoute,
    userNamesRoute,
    secretsRoute,
    provisioningRoute,
    mailboxesRoute,
  ]),
] as const;
