import { addPeople, type TenantPlan } from '../directory/make-tenant.ts';
import type { Tenant } from '../directory/tenant.ts';
import type { Answer, Exchange } from '../http/exchange.ts';
import type { World } from '../world.ts';
import { ConfigFault, type TenantConfig } from './tenant-config.ts';

/** Answers a request, as createDoors makes it. */
type Doors = (exchange: Exchange) => Promise<Answer>;

/** The tenants as they stand before anybody is in them. */
export function planTenants(configs: readonly TenantConfig[]): TenantPlan[] {
  return configs.map(({ name, id, cloud, domain, domains = [] }): TenantPlan => {
    const [first, ...more] = domain === undefined ? domains : [domain, ...domains];
    return {
      name,
      users: 0,
      groups: 0,
      disabled: 0,
      ...(id === undefined ? {} : { id }),
      ...(cloud === undefined ? {} : { cloud }),
      ...(first === undefined ? {} : { domains: [first, ...more] }),
    };
  });
}

/**
 * Puts into each tenant what its description says, by the doors of the control API: all people first, so that guests find
 * their homes and managers their people. Throws ConfigFault with the path of the field that is refused.
 */
export async function fillTenants(world: World, doors: Doors, configs: readonly TenantConfig[]): Promise<void> {
  const tenants = [...world.tenants.values()];
  checkDistinct(tenants, configs);
  for (const [index, config] of configs.entries()) {
    const tenant = tenants[index];
    if (tenant === undefined) continue;
    const call = openDoor(doors, index);
    const at = `/tenants/${tenant.id}`;
    for (const [place, { managerId: _, credentials, roles, ...user }] of (config.users ?? []).entries()) {
      const { id } = await call('POST', `${at}/users`, user, `users.${place}`);
      if (credentials !== undefined)
        await call('PATCH', `${at}/users/${id}/credentials`, credentials, `users.${place}.credentials`);
      if (roles !== undefined) await call('PUT', `${at}/users/${id}/roles`, { roles }, `users.${place}`);
    }
    if (config.signIn !== undefined) await call('PATCH', at, { signIn: config.signIn }, 'signIn');
    for (const [place, policy] of (config.policies ?? []).entries())
      await call('POST', `${at}/policies`, policy, `policies.${place}`);
    const { madeUpUsers = 0, madeUpGroups = 0 } = config;
    addPeople(tenant, world.random, { users: madeUpUsers, groups: madeUpGroups, disabled: 0 }, world.clock.now());
  }
  for (const [index, config] of configs.entries()) {
    const call = openDoor(doors, index);
    const at = `/tenants/${tenants[index]?.id}`;
    for (const [place, { userPrincipalName, managerId }] of (config.users ?? []).entries())
      if (managerId !== undefined)
        await call('PATCH', `${at}/users/${encodeURIComponent(userPrincipalName)}`, { managerId }, `users.${place}`);
    const groups: string[] = [];
    for (const [place, { members: _, ...group }] of (config.groups ?? []).entries())
      groups.push(String((await call('POST', `${at}/groups`, group, `groups.${place}`))['id']));
    for (const [place, { members: add = [] }] of (config.groups ?? []).entries())
      await call('POST', `${at}/groups/${groups[place]}/members`, { add }, `groups.${place}.members`);
    for (const [place, { assignments = [], ...app }] of (config.applications ?? []).entries()) {
      const { appId } = await call('POST', `${at}/applications`, app, `applications.${place}`);
      for (const [turn, who] of assignments.entries())
        await call('POST', `${at}/applications/${appId}/assignments`, who, `applications.${place}.assignments.${turn}`);
    }
    for (const [place, fault] of (config.faults ?? []).entries())
      await call('POST', '/faults', fault, `faults.${place}`);
  }
}

function checkDistinct(tenants: readonly Tenant[], configs: readonly TenantConfig[]): void {
  const twice = configs.findIndex(({ id }, index) =>
    configs.some((other, place) => place < index && id !== undefined && other.id === id),
  );
  if (twice >= 0) throw new ConfigFault(twice, [`id: '${configs[twice]?.id}' is another tenant's too`]);
  const seen = new Set<string>();
  for (const [index, { domains }] of tenants.entries()) {
    const taken = domains.find((domain) => seen.has(domain));
    if (taken !== undefined) throw new ConfigFault(index, [`domain: '${taken}' is another tenant's too`]);
    for (const domain of domains) seen.add(domain);
  }
}

/** Makes the provisioning jobs, once it is known at which address the simulator is. */
export async function makeJobs(
  world: World,
  doors: Doors,
  configs: readonly TenantConfig[],
  origin: string,
): Promise<void> {
  for (const [index, id] of [...world.tenants.keys()].entries()) {
    const call = openDoor(doors, index, origin);
    for (const [place, { started = false, ...settings }] of (configs[index]?.provisioning ?? []).entries()) {
      const [path, field] = [`/tenants/${id}/provisioning`, `provisioning.${place}`];
      const job = await call('POST', path, settings, field);
      if (started) await call('POST', `${path}/${job['id']}/start`, {}, field);
    }
  }
}

type Call = (method: string, path: string, body: unknown, field: string) => Promise<Record<string, unknown>>;

/** Asks the control API for a tenant's description; what it refuses is a fault of the field. */
function openDoor(doors: Doors, tenant: number, origin = 'http://localhost'): Call {
  return async (method, path, body, field) => {
    const url = new URL(`/_control${path}`, origin);
    const answer = await doors({
      method,
      url,
      origin,
      segments: url.pathname.split('/').slice(1).map(decodeURIComponent),
      headers: {},
      body: Buffer.from(JSON.stringify(body)),
      address: '127.0.0.1',
      onDone: () => {},
    });
    const said = JSON.parse(String(answer.body ?? '{}'));
    if (answer.status < 400) return said;
    // What the door names first is a field within this one.
    const message = String(said.error.message);
    throw new ConfigFault(tenant, [/^[\w.]+: /.test(message) ? `${field}.${message}` : `${field}: ${message}`]);
  };
}
