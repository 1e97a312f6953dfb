import type { JWTPayload } from 'jose';
import { graphAppId } from '../applications/permissions.ts';
import type { Tenant } from '../directory/tenant.ts';
import { numberOf } from '../faults/faults.ts';
import type { World } from '../world.ts';
import type { GraphCall } from './caller.ts';

/**
 * Whether an object made at `createdAt` has not spread to where it is asked for yet: by the fault `replication-delay`, in
 * seconds of the simulated clock. What a tenant had from its beginning is everywhere.
 */
export function isHidden({ world, caller: { tenant } }: GraphCall, createdAt: number): boolean {
  const delay = delayOf(world, 'replication-delay');
  if (delay === 0 || world.clock.now() >= createdAt + delay) return false;
  return createdAt > (tenant.servicePrincipals.get(graphAppId)?.createdDateTime ?? 0);
}

/** Of some objects those that have spread. */
export function visible<T extends { readonly createdDateTime: number }>(
  call: GraphCall,
  objects: Iterable<T>,
): Iterable<T> {
  if (delayOf(call.world, 'replication-delay') === 0) return objects;
  return [...objects].filter(({ createdDateTime }) => !isHidden(call, createdDateTime));
}

/** The permissions of a token without those granted so lately that Graph does not feel them: by the fault `grant-delay`. */
export function feltPermissions(
  world: World,
  tenant: Tenant,
  claims: JWTPayload,
  names: readonly string[],
): ReadonlySet<string> {
  const delay = delayOf(world, 'grant-delay');
  if (delay === 0) return new Set(names);
  const api = world.applications.get(graphAppId);
  const held = tenant.servicePrincipals.get(graphAppId)?.assignments.get(String(claims['oid']));
  const clientId = tenant.servicePrincipals.get(String(claims['appid']))?.id;
  const grants = [...tenant.permissionGrants.values()].filter((grant) => grant.clientId === clientId);
  const grantedAt = (name: string): number => {
    const role = held?.get(api?.appRoles.find(({ value }) => value === name)?.id ?? '');
    return role ?? grants.find(({ scope }) => scope.split(' ').includes(name))?.createdDateTime ?? 0;
  };
  return new Set(names.filter((name) => grantedAt(name) + delay <= world.clock.now()));
}

/** Milliseconds of the simulated clock; 0 where nothing is delayed. */
function delayOf(world: World, name: 'replication-delay' | 'grant-delay'): number {
  const fault = world.faults.list().find((candidate) => candidate.name === name);
  return fault === undefined ? 0 : (numberOf(fault, 'seconds') ?? 0) * 1000;
}
