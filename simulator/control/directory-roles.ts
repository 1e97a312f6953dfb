import { z } from 'zod';
import { type DirectoryRole, directoryRoles } from '../directory/directory-roles.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { readBody } from './read-body.ts';
import { tenantOf, userOf } from './tenants.ts';

const names = Object.keys(directoryRoles) as DirectoryRole[];
/** Directory roles of a person. */
export const heldRoles = z.strictObject({ roles: z.array(z.enum(names)) });

/** The directory roles of a person, by their names. */
export function directoryRoleRoutes(world: World): Routes {
  return {
    'GET /tenants/:tenant/users/:user/roles': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      return json(200, { roles: [...(tenant.directoryRoles.get(userOf(tenant, id).id) ?? [])] });
    },
    'PUT /tenants/:tenant/users/:user/roles': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const user = userOf(tenant, id);
      const { roles } = readBody(exchange, heldRoles);
      if (roles.length === 0) tenant.directoryRoles.delete(user.id);
      else tenant.directoryRoles.set(user.id, new Set(roles));
      return json(200, { roles });
    },
  };
}
