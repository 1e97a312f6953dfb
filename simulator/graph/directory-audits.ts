import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { type Caller, type GraphCall, requirePermission } from './caller.ts';
import { answerPage } from './odata-page.ts';

/** One change of the directory that went through (directoryAudit of Microsoft Graph). */
export type DirectoryAudit = {
  readonly id: string;
  readonly at: number;
  readonly tenantId: string;
  readonly activity: string;
  readonly category: string;
  readonly type: string;
  /** Key of what was changed, as it stood in the path; null for something new. */
  readonly target: string | null;
  readonly appId: string;
  readonly userId: string | null;
};

type Activity = readonly [path: RegExp, activity: string, category: string, type: string];

/** Activities by method and path, in the words of the audit log; the first that fits counts. */
const activities: Readonly<Record<string, readonly Activity[]>> = {
  POST: [
    [/^applications$/, 'Add application', 'ApplicationManagement', 'Application'],
    [
      /^applications\/[^/]+\/(add|remove)(password|key)$/,
      'Update application – Certificates and secrets management',
      'ApplicationManagement',
      'Application',
    ],
    [/^applications\/[^/]+\/owners\//, 'Add owner to application', 'ApplicationManagement', 'Application'],
    [
      /^applicationtemplates\/[^/]+\/instantiate$/,
      'Add service principal',
      'ApplicationManagement',
      'ServicePrincipal',
    ],
    [/^serviceprincipals$/, 'Add service principal', 'ApplicationManagement', 'ServicePrincipal'],
    [
      /\/approleassign(edto|ments)$/,
      'Add app role assignment to service principal',
      'UserManagement',
      'ServicePrincipal',
    ],
    [/^oauth2permissiongrants$/, 'Add delegated permission grant', 'ApplicationManagement', 'ServicePrincipal'],
    [/^users$/, 'Add user', 'UserManagement', 'User'],
    [/^groups$/, 'Add group', 'GroupManagement', 'Group'],
    [/^groups\/[^/]+\/members\//, 'Add member to group', 'GroupManagement', 'Group'],
  ],
  PATCH: [
    [/^applications\//, 'Update application', 'ApplicationManagement', 'Application'],
    [/^serviceprincipals\//, 'Update service principal', 'ApplicationManagement', 'ServicePrincipal'],
    [/^users\//, 'Update user', 'UserManagement', 'User'],
    [/^groups\//, 'Update group', 'GroupManagement', 'Group'],
  ],
  DELETE: [
    [/^applications\/[^/]+$/, 'Delete application', 'ApplicationManagement', 'Application'],
    [/^serviceprincipals\/[^/]+$/, 'Remove service principal', 'ApplicationManagement', 'ServicePrincipal'],
    [/^oauth2permissiongrants\//, 'Remove delegated permission grant', 'ApplicationManagement', 'ServicePrincipal'],
    [/^users\/[^/]+$/, 'Delete user', 'UserManagement', 'User'],
    [/^groups\/[^/]+$/, 'Delete group', 'GroupManagement', 'Group'],
    [/^groups\/[^/]+\/members\//, 'Remove member from group', 'GroupManagement', 'Group'],
  ],
};

/** So many are kept of all tenants, the newest ones. */
const kept = 10_000;

/** Notes a request that changed the directory; what is none of the known activities is passed over. */
export function noteChange(world: World, caller: Caller, method: string, pieces: readonly string[]): void {
  const path = pieces.join('/').toLowerCase();
  const found = activities[method]?.find(([pattern]) => pattern.test(path));
  if (found === undefined) return;
  const [, activity, category, type] = found;
  world.directoryAudits.push({
    id: world.random.uuid(),
    at: world.clock.now(),
    tenantId: caller.tenant.id,
    activity,
    category,
    type,
    target: pieces[1] ?? null,
    appId: caller.appId,
    userId: caller.userId ?? null,
  });
  if (world.directoryAudits.length > kept * 2) world.directoryAudits.splice(0, world.directoryAudits.length - kept);
}

/** The audit log of the directory, newest first. */
export function directoryAuditRoutes(): Routes<GraphCall> {
  return {
    'GET /auditLogs/directoryAudits': (call) => {
      requirePermission(call, 'AuditLog.Read.All');
      const own = call.world.directoryAudits.filter(({ tenantId }) => tenantId === call.caller.tenant.id).reverse();
      const rules = { context: 'auditLogs/directoryAudits', defaultTop: 1000, mostTop: 1000 };
      return answerPage(call.exchange, own, view(call), rules);
    },
  };
}

const view =
  ({ world, caller }: GraphCall) =>
  ({ id, at, activity, category, type, target, appId, userId }: DirectoryAudit) => {
    const user = caller.tenant.users.get(userId ?? '');
    const application = world.applications.get(appId);
    return {
      id,
      category,
      correlationId: id,
      result: 'success',
      resultReason: '',
      activityDisplayName: activity,
      activityDateTime: new Date(at).toISOString(),
      loggedByService: 'Core Directory',
      operationType: activity.split(' ', 1)[0],
      initiatedBy:
        userId === null
          ? {
              user: null,
              app: {
                appId,
                displayName: application?.displayName ?? null,
                servicePrincipalId: caller.tenant.servicePrincipals.get(appId)?.id ?? null,
                servicePrincipalName: null,
              },
            }
          : {
              app: null,
              user: {
                id: userId,
                displayName: user?.displayName ?? null,
                userPrincipalName: user?.userPrincipalName ?? null,
                ipAddress: '127.0.0.1',
              },
            },
      targetResources: [
        { id: target, displayName: null, type, userPrincipalName: null, groupType: null, modifiedProperties: [] },
      ],
      additionalDetails: [],
    };
  };
