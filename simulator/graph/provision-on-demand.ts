import { z } from 'zod';
import type { User } from '../directory/tenant.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { Job } from '../provisioning/job.ts';
import { type OnDemandReport, provisionOnDemand } from '../provisioning/on-demand.ts';
import { readScope } from '../provisioning/scope.ts';
import { ruleIdOf } from '../provisioning/synchronization-schema.ts';
import type { GraphCall } from './caller.ts';
import { badRequest, GraphError, noSuchResource, requestIds } from './graph-error.ts';
import { readGraphBody } from './read-graph-body.ts';
import { forSynchronization, jobOf } from './synchronization-jobs.ts';

/** Five requests in ten seconds (synchronizationJob: provisionOnDemand). */
const limit = { requests: 5, withinMs: 10_000 };

const shape = z.object({
  parameters: z
    .array(
      z.object({
        ruleId: z.string(),
        subjects: z.array(z.object({ objectId: z.string(), objectTypeName: z.string() })).min(1),
      }),
    )
    .length(1),
});

/** Provisions one user at once, and tells how it went by JSON inside of strings. */
export function provisionOnDemandRoutes(): Routes<GraphCall> {
  return {
    'POST /servicePrincipals/:principal/synchronization/jobs/:job/provisionOnDemand': async (call, key, id) => {
      const { world, exchange, caller } = call;
      const job = jobOf(call, forSynchronization(call, key), id);
      const [parameters] = readGraphBody(exchange, shape).parameters;
      const [subject] = parameters?.subjects ?? [];
      if (parameters?.ruleId !== ruleIdOf(job.id))
        throw badRequest(`There is no rule '${parameters?.ruleId}' in the schema of the job.`);
      if (subject?.objectTypeName.toLowerCase() !== 'user')
        throw badRequest(`Objects of the type '${subject?.objectTypeName}' can not be provisioned on demand here.`);
      if (job.settings.baseAddress === '')
        throw new GraphError(
          400,
          'CredentialsMissing',
          'Credentials have not been provided for the synchronization job.',
        );
      countRequest(job, world.clock.now());
      const user = caller.tenant.users.get(subject.objectId.toLowerCase());
      if (user === undefined) throw noSuchResource(subject.objectId);
      const startTime = new Date(world.clock.now()).toISOString();
      const inScope = readScope(caller.tenant, job.settings).hasUser(user);
      const report = inScope ? await provisionOnDemand(world, caller.tenant, job, user) : notInScope;
      const endTime = new Date(world.clock.now()).toISOString();
      const body = {
        '@odata.context': `${exchange.origin}/v1.0/$metadata#microsoft.graph.stringKeyStringValuePair`,
        key: JSON.stringify(resultOf(report, inScope)),
        value: JSON.stringify({ ...detailsOf(job, user, report, inScope, startTime), startTime, endTime }),
      };
      return json(200, body, requestIds(exchange));
    },
  };
}

const notInScope: OnDemandReport = { result: 'Skipped', action: 'none', managerSet: false, failure: null, requests: 0 };

function countRequest(job: Job, now: number): void {
  const lately = job.onDemandAt.filter((at) => now - at < limit.withinMs);
  const [first] = lately;
  if (lately.length >= limit.requests && first !== undefined) {
    const seconds = Math.max((first + limit.withinMs - now) / 1000, 0.001);
    throw new GraphError(429, 'TooManyRequests', 'Too many requests.', { 'retry-after': seconds.toFixed(3) });
  }
  job.onDemandAt = [...lately, now];
}

function resultOf({ result, failure }: OnDemandReport, inScope: boolean): Record<string, unknown> {
  if (failure !== null)
    return {
      result,
      details: {
        errorCode: failure.scimType ?? 'SystemForCrossDomainIdentityManagementServiceError',
        errorMessage: failure.detail,
      },
    };
  if (!inScope)
    return {
      result,
      details: { errorCode: 'NotEffectivelyEntitled', errorMessage: 'The user is not assigned to the application.' },
    };
  if (result === 'Skipped')
    return {
      result,
      details: {
        errorCode: 'RedundantExport',
        errorMessage: 'The state of the user in both the source and target systems already match.',
      },
    };
  return { result, details: {} };
}

const actions = { created: 'Create', updated: 'Update', disabled: 'Disable', skipped: 'Other', none: 'Other' } as const;

function detailsOf(
  job: Job,
  user: User,
  report: OnDemandReport,
  inScope: boolean,
  timestamp: string,
): Record<string, unknown> {
  const { id, displayName, mailNickname, userPrincipalName, accountEnabled } = user;
  const source = {
    objectId: id,
    accountEnabled: accountEnabled ? 'True' : 'False',
    displayName,
    mailNickname,
    userPrincipalName,
    IsSoftDeleted: 'False',
  };
  const targetId = job.links.get(id) ?? null;
  const status = report.result;
  const step = (name: string, type: string, outcome: string, description: string, details: unknown) => ({
    name,
    type,
    status: outcome,
    description,
    timestamp,
    details,
  });
  const exportName = { Success: 'EntryExport', Skipped: 'EntrySynchronizationSkip', Failure: 'EntryExport' }[status];
  return {
    action: actions[report.action],
    changeId: ruleIdOf(`${job.id}/${id}/${timestamp}`),
    modifiedProperties: Object.entries(source).map(([name, newValue]) => ({
      displayName: name,
      oldValue: null,
      newValue,
    })),
    provisioningSteps: [
      step(
        'EntryImport',
        'Import',
        'Success',
        `Retrieved User '${userPrincipalName}' from Azure Active Directory`,
        source,
      ),
      ...(targetId === null
        ? []
        : [
            step('EntryImport', 'Matching', 'Success', `Retrieved  '${userPrincipalName}' from customappsso`, {
              id: targetId,
            }),
          ]),
      step(
        'EntrySynchronizationScoping',
        'Scoping',
        'Success',
        'Determine if User in scope by evaluating against each scoping filter',
        {
          IsActive: source.accountEnabled,
          Assigned: inScope ? 'True' : 'False',
          IsEffectivelyEntitledForProvisioning: inScope ? 'True' : 'False',
          IsInProvisioningScopeDisplayName: 'True',
          ScopeEvaluationResult: '{}',
        },
      ),
      step(exportName, 'Export', status, describe(report, userPrincipalName), report.failure ?? {}),
    ],
    reportableIdentifier: userPrincipalName,
    statusInfo: {
      status,
      errorCode: report.failure?.scimType ?? null,
      reason: report.failure?.detail ?? null,
      additionalDetails: null,
      errorCategory: null,
      recommendedAction: null,
    },
    sourceIdentity: { id, type: 'User', displayName: null, details: null },
    sourceSystem: { id: null, name: 'Azure Active Directory', details: null },
    targetIdentity: {
      id: targetId,
      type: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
      displayName: null,
      details: null,
    },
    targetSystem: { id: null, name: 'customappsso', details: null },
  };
}

function describe({ result, action, failure }: OnDemandReport, name: string): string {
  if (result === 'Failure') return `Failed to write User '${name}' to customappsso: ${failure?.detail ?? 'no answer'}`;
  if (result === 'Skipped') return `No change to the User '${name}' currently needs to be made.`;
  return `User '${name}' was ${action} in customappsso`;
}
