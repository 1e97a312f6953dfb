import { checkConnection, setupPlan, testConnection } from '#setup';
import type { Handlers } from './handler.ts';

/** The setup plan and the checks. */
export const setupHandlers: Handlers<'connections.test' | 'connections.checks' | 'connections.plan'> = {
  'connections.test': (world, { cause, organizationId, params }) =>
    testConnection(world, cause, organizationId, params.connection),
  'connections.checks': (world, { cause, organizationId, params }) =>
    checkConnection(world, cause, organizationId, params.connection),
  'connections.plan': (world, { organizationId, params }) => setupPlan(world, organizationId, params.connection),
};
