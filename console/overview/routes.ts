import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from '../shell/root-route.ts';
import { only, word } from '../shell/search-words.ts';

/** `/`, of all organizations or of one. */
export const overviewRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: (search: Record<string, unknown>) => only({ organization: word(search, 'organization') }),
  component: lazyRouteComponent(() => import('./overview.tsx'), 'Overview'),
});
