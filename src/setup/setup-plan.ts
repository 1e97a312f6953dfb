import { cloudOf, type EntraWorld, findWaysIn, getConnection, pageOfDomains } from '#connections';
import type { Domain, SetupPlan } from '#contract';
import { notFound } from '#http';
import { setUpOf } from './documented-set-up.ts';
import { planOf } from './plan.ts';
import { portalSteps } from './portal/portal-steps.ts';
import { presuppositionsOf } from './presupposes.ts';

/** The setup plan of a connection's draft, or of its live settings, with the portal steps. Throws `not-found`. */
export async function setupPlan(world: EntraWorld, organizationId: string, id: string): Promise<SetupPlan> {
  const { draft, live } = await getConnection(world, organizationId, id);
  const settings = draft ?? live;
  if (settings === null) throw notFound('connection', id);
  const waysIn = await findWaysIn(world, organizationId, id);
  const basis = { id, settings, cloud: cloudOf(world, settings.cloud), publicUrl: world.config.url, waysIn };
  const plan = planOf(basis);
  return {
    connection: id,
    settings: draft === null ? 'live' : 'draft',
    setUp: setUpOf(settings),
    presupposes: presuppositionsOf(settings, plan, world.config.url),
    plan,
    steps: portalSteps({ ...basis, plan, unproven: await unprovenDomains(world, organizationId, settings.domains) }),
  };
}

async function unprovenDomains(world: EntraWorld, organizationId: string, named: readonly string[]): Promise<Domain[]> {
  const { items } = await pageOfDomains(world, organizationId, { limit: 1000 });
  return items.filter(({ domain, state }) => named.includes(domain) && state !== 'verified');
}
