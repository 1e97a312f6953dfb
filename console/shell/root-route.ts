import { createRootRoute } from '@tanstack/react-router';
import { Fallen } from './fallen.tsx';
import { NotFound } from './not-found.tsx';
import { SignedIn } from './signed-in.tsx';

/** The root of all addresses: nothing is shown before it is known who is there. */
export const rootRoute = createRootRoute({
  component: SignedIn,
  notFoundComponent: NotFound,
  errorComponent: Fallen,
});
