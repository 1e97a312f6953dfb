import type { Routes } from '../http/routes.ts';
import { appManagementPolicyRoutes } from './app-management-policy.ts';
import { appRoleAssignmentRoutes } from './app-role-assignments.ts';
import { credentialRoutes } from './application-credentials.ts';
import { applicationTemplateRoutes } from './application-templates.ts';
import { applicationRoutes } from './applications.ts';
import { auditLogRoutes } from './audit-logs.ts';
import type { GraphCall } from './caller.ts';
import { deletedItemRoutes } from './deleted-items.ts';
import { directoryAuditRoutes } from './directory-audits.ts';
import { federatedCredentialRoutes } from './federated-credentials.ts';
import { ownerRoutes } from './owners.ts';
import { permissionGrantRoutes } from './permission-grants.ts';
import { provisionOnDemandRoutes } from './provision-on-demand.ts';
import { servicePrincipalRoutes } from './service-principals.ts';
import { synchronizationJobRoutes } from './synchronization-jobs.ts';
import { synchronizationSchemaRoutes } from './synchronization-schema.ts';

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
  ...applicationTemplateRoutes(),
  ...synchronizationJobRoutes(),
  ...synchronizationSchemaRoutes(),
  ...provisionOnDemandRoutes(),
  ...auditLogRoutes(),
  ...directoryAuditRoutes(),
});
