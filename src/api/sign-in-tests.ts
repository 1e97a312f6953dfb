import { createSignInTest, getSignInTest } from '#signin';
import type { Handlers } from './handler.ts';

/** D5: test sign-ins. */
export const signInTestHandlers: Handlers<'connections.testSignIn' | 'connections.signInTest'> = {
  'connections.testSignIn': (world, { organizationId, params }) =>
    createSignInTest(world, organizationId, params.connection),
  'connections.signInTest': (world, { organizationId, params }) =>
    getSignInTest(world, organizationId, params.connection, params.test),
};
