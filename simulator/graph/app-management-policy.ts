import { z } from 'zod';
import { type AppManagementPolicy, findBreach, type Restrictions } from '../applications/app-management-policy.ts';
import type { Application, ServicePrincipal } from '../applications/application.ts';
import type { Routes } from '../http/routes.ts';
import { type GraphCall, requirePermission } from './caller.ts';
import { GraphError, requestIds } from './graph-error.ts';
import { answerOne } from './odata-page.ts';
import { requirePrivilege } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';

const duration = z.string().regex(/^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/, 'is no duration such as P90D');
const restriction = z.object({
  restrictionType: z.enum([
    'passwordAddition',
    'passwordLifetime',
    'symmetricKeyAddition',
    'symmetricKeyLifetime',
    'customPasswordAddition',
    'asymmetricKeyLifetime',
  ]),
  state: z.enum(['enabled', 'disabled']).default('enabled'),
  maxLifetime: duration.nullish().transform((value) => value ?? null),
  restrictForAppsCreatedAfterDateTime: z.iso
    .datetime({ offset: true })
    .nullish()
    .transform((value) => value ?? null),
});
const restrictions = z.object({
  passwordCredentials: z.array(restriction).default([]),
  keyCredentials: z.array(restriction).default([]),
});
/** What `PATCH /policies/defaultAppManagementPolicy` takes; the control API sets the same. */
export const policyShape = z
  .strictObject({
    isEnabled: z.boolean(),
    displayName: z.string(),
    description: z.string(),
    applicationRestrictions: restrictions,
    servicePrincipalRestrictions: restrictions,
  })
  .exactPartial();

/** The tenant's policy about the credentials of applications. */
export function appManagementPolicyRoutes(): Routes<GraphCall> {
  return {
    'GET /policies/defaultAppManagementPolicy': (call) => {
      requirePermission(call, 'Policy.Read.All', 'Policy.ReadWrite.ApplicationConfiguration');
      return answerOne(
        call.exchange,
        policyView(call.caller.tenant.appManagementPolicy),
        'policies/defaultAppManagementPolicy',
      );
    },
    'PATCH /policies/defaultAppManagementPolicy': (call) => {
      requirePrivilege(
        call,
        ['Policy.ReadWrite.ApplicationConfiguration'],
        'Cloud Application Administrator',
        'Application Administrator',
      );
      const { tenant } = call.caller;
      tenant.appManagementPolicy = changedPolicy(tenant.appManagementPolicy, readGraphBody(call.exchange, policyShape));
      return { status: 204, headers: requestIds(call.exchange) };
    },
  };
}

const nothing: Restrictions = { passwordCredentials: [], keyCredentials: [] };

/** A policy with some of its properties changed. */
export function changedPolicy(
  present: AppManagementPolicy | null,
  change: z.infer<typeof policyShape>,
): AppManagementPolicy {
  return {
    isEnabled: change.isEnabled ?? present?.isEnabled ?? false,
    applicationRestrictions: change.applicationRestrictions ?? present?.applicationRestrictions ?? nothing,
    servicePrincipalRestrictions:
      change.servicePrincipalRestrictions ?? present?.servicePrincipalRestrictions ?? nothing,
  };
}

/**
 * Refuses credentials that the tenant's policy forbids: 400 CredentialTypeNotAllowedAsPerAppPolicy for secrets as such, 400
 * CredentialInvalidLifetimeAsPerAppPolicy for those that live too long.
 */
export function checkAppPolicy(
  { caller: { tenant } }: GraphCall,
  holder: Pick<Application | ServicePrincipal, 'createdDateTime'>,
  kind: keyof Restrictions,
  added: readonly { readonly startDateTime: number; readonly endDateTime: number }[],
): void {
  const of = 'assignments' in holder ? 'servicePrincipalRestrictions' : 'applicationRestrictions';
  for (const credential of added) {
    const breach = findBreach(tenant.appManagementPolicy, of, kind, credential, holder.createdDateTime);
    if (breach === 'type')
      throw new GraphError(
        400,
        'CredentialTypeNotAllowedAsPerAppPolicy',
        'Credential type not allowed as per assigned policy.',
      );
    if (breach === 'lifetime')
      throw new GraphError(
        400,
        'CredentialInvalidLifetimeAsPerAppPolicy',
        'Credential lifetime exceeds the max value allowed as per assigned policy.',
      );
  }
}

function policyView(policy: AppManagementPolicy | null): Record<string, unknown> {
  return {
    id: '00000000-0000-0000-0000-000000000000',
    displayName: 'Default app management tenant policy',
    description:
      'Default tenant policy that enforces app management restrictions on applications and service principals.',
    ...(policy ?? changedPolicy(null, {})),
  };
}
