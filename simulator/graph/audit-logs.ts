import type { Routes } from '../http/routes.ts';
import type { ProvisioningEvent } from '../provisioning/provisioning-log.ts';
import type { SignIn } from '../sign-in/sign-in-log.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { noSuchResource } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';

/** The logs of a tenant: what was provisioned, who signed in, what was changed (auditLogs of Microsoft Graph); newest first. */
export function auditLogRoutes(): Routes<GraphCall> {
  return {
    'GET /auditLogs/provisioning': (call) => {
      requirePermission(call, 'ProvisioningLog.Read.All', 'AuditLog.Read.All');
      return answerPage(
        call.exchange,
        ofTenant(call, call.world.provisioningLog),
        provisioningView(call),
        pages('provisioning'),
      );
    },
    'GET /auditLogs/signIns': (call) => {
      requirePermission(call, 'AuditLog.Read.All');
      return answerPage(call.exchange, ofTenant(call, call.world.signIns), signInView(call), pages('signIns'));
    },
    'GET /auditLogs/signIns/:id': (call, id) => {
      requirePermission(call, 'AuditLog.Read.All');
      const found = ofTenant(call, call.world.signIns).find((signIn) => signIn.id === id);
      if (found === undefined) throw noSuchResource(id);
      return answerOne(call.exchange, signInView(call)(found), 'auditLogs/signIns');
    },
  };
}

const pages = (log: string) => ({ context: `auditLogs/${log}`, defaultTop: 1000, mostTop: 1000 });

function ofTenant<T extends { readonly tenantId: string }>({ caller }: GraphCall, events: readonly T[]): T[] {
  return events.filter(({ tenantId }) => tenantId === caller.tenant.id).reverse();
}

const actions = {
  created: 'create',
  updated: 'update',
  disabled: 'disable',
  deleted: 'delete',
  skipped: 'other',
  none: 'other',
} as const;

const provisioningView =
  ({ world, caller }: GraphCall) =>
  ({ id, at, jobId, appId, action, status, error, source, targetId }: ProvisioningEvent) => {
    const principal = caller.tenant.servicePrincipals.get(appId ?? '');
    const { displayName = null } = world.applications.get(appId ?? '') ?? {};
    const target =
      source.type === 'User'
        ? 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
        : 'urn:ietf:params:scim:schemas:core:2.0:Group';
    const details = { code: error?.code ?? null, reason: error?.reason ?? null };
    return {
      id,
      activityDateTime: new Date(at).toISOString(),
      tenantId: caller.tenant.id,
      jobId,
      cycleId: jobId,
      changeId: id,
      provisioningAction: actions[action],
      durationInMilliseconds: 0,
      provisioningStatusInfo: {
        status,
        errorInformation:
          error === null
            ? null
            : {
                errorCode: details.code,
                reason: details.reason,
                additionalDetails: null,
                errorCategory: 'failure',
                recommendedAction: null,
              },
      },
      provisioningSteps: [],
      modifiedProperties: [],
      servicePrincipal: { id: principal?.id ?? null, displayName },
      sourceSystem: { id: null, displayName: 'Azure Active Directory', details: {} },
      targetSystem: { id: null, displayName: 'customappsso', details: {} },
      sourceIdentity: { id: source.id, displayName: source.name, identityType: source.type, details: {} },
      targetIdentity: { id: targetId, displayName: source.name, identityType: target, details: {} },
      initiatedBy: { id: null, displayName: 'Azure AD Provisioning Service', initiatorType: 'system' },
    };
  };

const signInView =
  ({ world, caller }: GraphCall) =>
  ({
    id,
    createdDateTime,
    userId,
    appId,
    resourceAppId,
    isInteractive,
    errorCode,
    failureReason,
    correlationId,
  }: SignIn) => {
    const user = caller.tenant.users.get(userId ?? '');
    const nameOf = (app: string | null) => world.applications.get(app ?? '')?.displayName ?? null;
    return {
      id,
      createdDateTime: new Date(createdDateTime).toISOString(),
      userDisplayName: user?.displayName ?? null,
      userPrincipalName: user?.userPrincipalName ?? null,
      userId,
      appId,
      appDisplayName: nameOf(appId),
      ipAddress: '127.0.0.1',
      clientAppUsed: 'Browser',
      correlationId,
      conditionalAccessStatus: [53000, 53001, 53003, 530003].includes(errorCode) ? 'failure' : 'notApplied',
      isInteractive,
      riskDetail: 'none',
      riskLevelAggregated: 'none',
      riskLevelDuringSignIn: 'none',
      riskState: 'none',
      riskEventTypes: [],
      resourceDisplayName: nameOf(resourceAppId),
      resourceId: resourceAppId,
      status: { errorCode, failureReason: errorCode === 0 ? 'Other.' : failureReason, additionalDetails: null },
      deviceDetail: null,
      location: null,
      appliedConditionalAccessPolicies: [],
    };
  };
