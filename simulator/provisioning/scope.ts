import type { Group, Tenant, User } from '../directory/tenant.ts';
import type { JobSettings } from './job.ts';

/** Who and what a job provisions. */
export type Scope = { readonly hasUser: (user: User) => boolean; readonly hasGroup: (group: Group) => boolean };

/** Reads the scope: everybody, or the users and groups assigned to the enterprise app and the groups' direct members. */
export function readScope(tenant: Tenant, settings: JobSettings): Scope {
  if (settings.scope === 'all') return { hasUser: () => true, hasGroup: () => true };
  const assignments = tenant.servicePrincipals.get(settings.appId ?? '')?.assignments ?? new Map<string, Set<string>>();
  const users = new Set<string>();
  for (const holder of assignments.keys()) {
    users.add(holder);
    for (const member of tenant.groups.get(holder)?.memberIds ?? []) users.add(member);
  }
  return { hasUser: ({ id }) => users.has(id), hasGroup: ({ id }) => assignments.has(id) };
}
