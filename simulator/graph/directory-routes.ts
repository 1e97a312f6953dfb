import type { Routes } from '../http/routes.ts';
import type { GraphCall } from './caller.ts';
import { directoryDeltaRoutes } from './directory-delta.ts';
import { groupRoutes } from './groups.ts';
import { memberObjectRoutes } from './member-objects.ts';
import { memberRoutes } from './members.ts';
import { organizationRoutes } from './organization.ts';
import { roleAssignmentRoutes } from './role-assignments.ts';
import { userRoutes } from './users.ts';

/** All of Graph that shows and changes the directory. Words of a path stand before the keys that would take them for an id. */
export const directoryRoutes = (): Routes<GraphCall> => ({
  ...directoryDeltaRoutes(),
  ...memberObjectRoutes(),
  ...userRoutes(),
  ...groupRoutes(),
  ...memberRoutes(),
  ...organizationRoutes(),
  ...roleAssignmentRoutes(),
});
