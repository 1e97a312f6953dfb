import type { Routes } from '../http/routes.ts';
import { appManagementPolicyRoutes } from './app-management-policy.ts';
import { appRoleAssignmentRoutes } from './app-role-assignments.ts';
import { credentialRoutes } from './application-credentials.ts';
import { applicationRoutes } from './applications.ts';
import type { GraphCall } from './caller.ts';
import { deletedItemRoutes } from './deleted-items.ts';
import { federatedCredentialRoutes } from './federated-credentials.ts';
import { ownerRoutes } from './owners.ts';
import { permissionGrantRoutes } from './permission-grants.ts';
import { servicePrincipalRoutes } from './service-principals.ts';

/** All of Graph that setting something up needs: applications, enterprise apps, what they may do, how they are provisioned. */
export const setupRoutes = (): Routes<GraphCall> => ({
  ...applicationRoutes(),
  ...servicePrincipalRoutes(),
  ...credentialRoutes(),
  ...federatedCredentialRoutes(),
  ...ownerRoutes(),
  ...appRoleAssignmentRoutes(),
  ...permissionGrantRoutes(),
  ...deletedItemRoutes(),
  ...appManagementPolicyRoutes(),
});
