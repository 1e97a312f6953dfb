import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';
import { oneOf, only, word } from '../shell/search-words.ts';
import { requestSearch } from './request-search.ts';

const listRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/directories',
  component: lazyRouteComponent(() => import('./directories.tsx'), 'Directories'),
});

const directoryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/directories/$directory',
  component: lazyRouteComponent(() => import('./directory.tsx'), 'DirectoryFrame'),
});

const indexRoute = createRoute({
  getParentRoute: () => directoryRoute,
  path: '/',
  beforeLoad: ({ params: { directory } }) => {
    throw redirect({ to: '/directories/$directory/users', params: { directory } });
  },
});
const usersRoute = createRoute({
  getParentRoute: () => directoryRoute,
  path: '/users',
  validateSearch: (search: Record<string, unknown>) =>
    only({ userName: word(search, 'userName'), active: oneOf(search, 'active', ['true', 'false']) }),
  component: lazyRouteComponent(() => import('./users.tsx'), 'Users'),
});
const groupsRoute = createRoute({
  getParentRoute: () => directoryRoute,
  path: '/groups',
  validateSearch: (search: Record<string, unknown>) => only({ displayName: word(search, 'displayName') }),
  component: lazyRouteComponent(() => import('./groups.tsx'), 'Groups'),
});
const cyclesRoute = createRoute({
  getParentRoute: () => directoryRoute,
  path: '/cycles',
  component: lazyRouteComponent(() => import('./cycles.tsx'), 'Cycles'),
});
const requestsRoute = createRoute({
  getParentRoute: () => directoryRoute,
  path: '/requests',
  validateSearch: requestSearch,
  component: lazyRouteComponent(() => import('./requests.tsx'), 'Requests'),
});
const heldRoute = createRoute({
  getParentRoute: () => directoryRoute,
  path: '/held',
  validateSearch: (search: Record<string, unknown>) => only({ state: oneOf(search, 'state', ['held', 'dropped']) }),
  component: lazyRouteComponent(() => import('./held.tsx'), 'Held'),
});
const settingsRoute = createRoute({
  getParentRoute: () => directoryRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings.tsx'), 'Settings'),
});

const userRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/directories/$directory/users/$user',
  component: lazyRouteComponent(() => import('./user.tsx'), 'User'),
});
const groupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/directories/$directory/groups/$group',
  component: lazyRouteComponent(() => import('./group.tsx'), 'Group'),
});
const requestRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/directories/$directory/requests/$request',
  component: lazyRouteComponent(() => import('./request.tsx'), 'Request'),
});

/** `/directories` and what is below. */
export const directoryRoutes = [
  listRoute,
  directoryRoute.addChildren([
    indexRoute,
    usersRoute,
    groupsRoute,
    cyclesRoute,
    requestsRoute,
    heldRoute,
    settingsRoute,
  ]),
  userRoute,
  groupRoute,
  requestRoute,
] as const;
