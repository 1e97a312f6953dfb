/**
 * Owns the setup plan (what Microsoft Entra must look like for a connection, as data), its printing as portal steps, and
 * the running of every room's checks.
 * Never does: ask a room's question itself; each room exports its own checks.
 * Start reading at `plan.ts`, then `portal/portal-steps.ts` and `run-checks.ts`.
 */
export { type PlanBasis, planOf } from './plan.ts';
export { portalSteps } from './portal/portal-steps.ts';
export { runChecks } from './run-checks.ts';
export { setupPlan } from './setup-plan.ts';
export { checkConnection, testConnection } from './test-connection.ts';
