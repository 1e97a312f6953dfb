import { z } from 'zod';
import { findUser, type Tenant, type User } from '../directory/tenant.ts';
import { mostPolicies, policiesAllow, policiesAt } from '../exchange/access-policies.ts';
import { applicationRoles, findApplicationRole } from '../exchange/application-roles.ts';
import { type ExchangeServicePrincipal, organizationOf } from '../exchange/organization.ts';
import { parseRecipientFilter } from '../exchange/recipient-filter.ts';
import { changeRoles, rolesInScope } from '../exchange/roles-of-app.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody } from './read-body.ts';
import { recipientOf } from './recipient.ts';
import { tenantOf } from './tenants.ts';

const text = z.string().min(1).max(256);
const newPrincipal = z.strictObject({ appId: z.uuid(), objectId: z.uuid(), displayName: text.optional() });
const newScope = z.strictObject({ name: text, recipientRestrictionFilter: z.string().min(1).max(2048) });
const newAssignment = z.strictObject({
  name: text.optional(),
  app: text,
  role: text,
  customResourceScope: text.optional(),
});
const newPolicy = z.strictObject({
  appId: z.union([text, z.array(text).min(1)]),
  policyScopeGroupId: text,
  accessRight: z.enum(['RestrictAccess', 'DenyAccess']),
  description: z.string().max(512).default(''),
});

/**
 * Which app may reach which mailbox, as Exchange PowerShell sets it: New-ServicePrincipal, New-ManagementScope,
 * New-ManagementRoleAssignment, New-ApplicationAccessPolicy, and the two Test- cmdlets, which bypass the caches.
 */
export function exchangeAccessRoutes(world: World): Routes {
  return {
    'GET /tenants/:tenant/exchange/service-principals': (_exchange, key) => {
      const { organization } = open(world, key);
      return json(200, { value: [...organization.servicePrincipals.values()] });
    },
    'POST /tenants/:tenant/exchange/service-principals': (exchange, key) => {
      const { organization } = open(world, key);
      const body = readBody(exchange, newPrincipal);
      const taken = [...organization.servicePrincipals.values()].find(({ appId }) => appId === body.appId);
      if (taken !== undefined || organization.servicePrincipals.has(body.objectId))
        throw new ControlError(400, 'refused', `appId: Exchange has a service principal of '${body.appId}' already`);
      const displayName = body.displayName ?? world.applications.get(body.appId)?.displayName ?? body.appId;
      const principal = { ...body, displayName };
      organization.servicePrincipals.set(body.objectId, principal);
      return json(201, principal);
    },
    'DELETE /tenants/:tenant/exchange/service-principals/:id': (_exchange, key, id) => {
      const { organization } = open(world, key);
      const principal = principalOf(world, key, id);
      organization.servicePrincipals.delete(principal.objectId);
      for (const assignment of organization.roleAssignments)
        if (assignment.app === principal.objectId) assignment.until ??= ++organization.sequence;
      for (const rights of [organization.fullAccess, organization.sendAs])
        for (const trustees of rights.values()) trustees.delete(principal.objectId);
      return { status: 204 };
    },
    'GET /tenants/:tenant/exchange/service-principals/:id/authorization': (exchange, key, id) => {
      const { tenant, organization } = open(world, key);
      const resource = exchange.url.searchParams.get('resource');
      const owner = resource === null ? undefined : recipientOf(tenant, resource);
      const { objectId } = principalOf(world, key, id);
      const rows = rolesInScope(organization, tenant, objectId, owner).map(({ assignment, inScope }) => ({
        roleName: assignment.role,
        grantedPermissions: applicationRoles[assignment.role],
        allowedResourceScope: assignment.customResourceScope ?? 'Organization',
        scopeType: assignment.customResourceScope === undefined ? 'Organization' : 'CustomRecipientScope',
        inScope: owner === undefined ? null : inScope,
      }));
      return json(200, { value: rows });
    },
    'GET /tenants/:tenant/exchange/management-scopes': (_exchange, key) =>
      json(200, { value: [...open(world, key).organization.managementScopes.values()] }),
    'POST /tenants/:tenant/exchange/management-scopes': (exchange, key) => {
      const { organization } = open(world, key);
      const scope = readBody(exchange, newScope);
      if (organization.managementScopes.has(scope.name.toLowerCase()))
        throw new ControlError(400, 'refused', `name: there is a management scope '${scope.name}' already`);
      checkFilter(scope.recipientRestrictionFilter);
      organization.managementScopes.set(scope.name.toLowerCase(), scope);
      return json(201, scope);
    },
    'DELETE /tenants/:tenant/exchange/management-scopes/:name': (_exchange, key, name) => {
      const { organization } = open(world, key);
      const scope = organization.managementScopes.get(name.toLowerCase());
      if (scope === undefined) throw notFound('management scope', name);
      const using = organization.roleAssignments.find(
        ({ customResourceScope, until }) => customResourceScope === scope.name && until === undefined,
      );
      if (using !== undefined)
        throw new ControlError(400, 'refused', `The role assignment '${using.name}' uses the scope '${scope.name}'`);
      organization.managementScopes.delete(name.toLowerCase());
      return { status: 204 };
    },
    'GET /tenants/:tenant/exchange/role-assignments': (_exchange, key) => {
      const present = open(world, key).organization.roleAssignments.filter(({ until }) => until === undefined);
      return json(200, { value: present.map(({ since: _since, until: _until, ...shown }) => shown) });
    },
    'POST /tenants/:tenant/exchange/role-assignments': (exchange, key) => {
      const { organization } = open(world, key);
      const body = readBody(exchange, newAssignment);
      const { objectId, appId, displayName } = principalOf(world, key, body.app, 'app');
      const role = findApplicationRole(body.role);
      if (role === undefined) {
        const known = Object.keys(applicationRoles).join(', ');
        throw new ControlError(400, 'invalidBody', `role: there is no role '${body.role}'; there are ${known}`);
      }
      const scope = body.customResourceScope;
      const found = scope === undefined ? undefined : organization.managementScopes.get(scope.toLowerCase());
      if (scope !== undefined && found === undefined)
        throw new ControlError(400, 'invalidBody', `customResourceScope: there is no management scope '${scope}'`);
      const name = body.name ?? `${role}-${displayName}`;
      if (organization.roleAssignments.some((other) => other.name === name && other.until === undefined))
        throw new ControlError(400, 'refused', `name: there is a role assignment '${name}' already`);
      const since = changeRoles(organization, appId, world.clock.now());
      organization.roleAssignments.push({
        name,
        app: objectId,
        role,
        customResourceScope: found?.name,
        since,
        until: undefined,
      });
      return json(201, { name, app: objectId, role, customResourceScope: found?.name ?? null });
    },
    'DELETE /tenants/:tenant/exchange/role-assignments/:name': (_exchange, key, name) => {
      const { organization } = open(world, key);
      const assignment = organization.roleAssignments.find(
        (candidate) => candidate.name.toLowerCase() === name.toLowerCase() && candidate.until === undefined,
      );
      if (assignment === undefined) throw notFound('role assignment', name);
      const appId = organization.servicePrincipals.get(assignment.app)?.appId ?? '';
      assignment.until = changeRoles(organization, appId, world.clock.now());
      return { status: 204 };
    },
    'GET /tenants/:tenant/exchange/application-access-policies': (_exchange, key) =>
      json(200, { value: policiesAt(open(world, key).organization).map(policyView) }),
    'POST /tenants/:tenant/exchange/application-access-policies': (exchange, key) => {
      const { tenant, organization } = open(world, key);
      const body = readBody(exchange, newPolicy);
      if (policiesAt(organization).length >= mostPolicies)
        throw new ControlError(400, 'refused', 'The total size of App Access Policies exceeded the limit.');
      const policy = {
        identity: `${tenant.id}\\${[body.appId].flat()[0]}:${world.random.uuid()}`,
        appIds: [body.appId].flat(),
        accessRight: body.accessRight,
        policyScopeGroupId: scopeOf(world, tenant, body.policyScopeGroupId),
        description: body.description,
        effectiveFrom: world.clock.now() + organization.delays.applicationAccessPolicyMs,
        effectiveUntil: undefined,
        removed: false,
      };
      organization.applicationAccessPolicies.push(policy);
      return json(201, policyView(policy));
    },
    'DELETE /tenants/:tenant/exchange/application-access-policies/:identity': (_exchange, key, identity) => {
      const { organization } = open(world, key);
      const policy = policiesAt(organization).find((candidate) => candidate.identity === identity);
      if (policy === undefined) throw notFound('application access policy', identity);
      policy.removed = true;
      policy.effectiveUntil = world.clock.now() + organization.delays.applicationAccessPolicyMs;
      return { status: 204 };
    },
    'GET /tenants/:tenant/exchange/application-access-policies/test': (exchange, key) => {
      const { tenant, organization } = open(world, key);
      const { searchParams } = exchange.url;
      const [identity, appId] = [searchParams.get('identity') ?? '', searchParams.get('appId') ?? ''];
      const mailbox = recipientOf(tenant, identity, 'identity');
      const granted = policiesAllow(policiesAt(organization), tenant, appId, mailbox);
      return json(200, { appId, mailbox: mailbox.mail, accessCheckResult: granted ? 'Granted' : 'Denied' });
    },
  };

  function principalOf(from: World, tenantKey: string, key: string, field?: string): ExchangeServicePrincipal {
    const { servicePrincipals } = open(from, tenantKey).organization;
    const wanted = key.toLowerCase();
    const found =
      servicePrincipals.get(wanted) ??
      [...servicePrincipals.values()].find(
        ({ appId, displayName }) => appId === wanted || displayName.toLowerCase() === wanted,
      );
    if (found !== undefined) return found;
    if (field === undefined) throw notFound('service principal in Exchange', key);
    throw new ControlError(400, 'invalidBody', `${field}: Exchange has no service principal '${key}'; make it first`);
  }
}

function open(world: World, key: string): { tenant: Tenant; organization: ReturnType<typeof organizationOf> } {
  const tenant = tenantOf(world, key);
  return { tenant, organization: organizationOf(world, tenant.id) };
}

function checkFilter(filter: string): void {
  try {
    parseRecipientFilter(filter);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ControlError(400, 'invalidBody', `recipientRestrictionFilter: ${error.message}`);
  }
}

/** The id of the group or person that scopes a policy; shared mailboxes are no security principals. */
function scopeOf(world: World, tenant: Tenant, key: string): string {
  const group =
    tenant.groups.get(key.toLowerCase()) ?? tenant.groups.values().find(({ displayName }) => displayName === key);
  const user: User | undefined = group === undefined ? findUser(tenant, key) : undefined;
  const shared = user !== undefined && organizationOf(world, tenant.id).sharedMailboxes.has(user.id);
  const id = group?.id ?? user?.id;
  if (id !== undefined && !shared) return id;
  const what = shared ? 'is a shared mailbox, and no security principal' : 'is neither a group nor a mailbox';
  throw new ControlError(400, 'invalidBody', `policyScopeGroupId: '${key}' ${what}`);
}

function policyView({
  effectiveFrom: _from,
  effectiveUntil: _until,
  removed: _removed,
  ...policy
}: ReturnType<typeof policiesAt>[number]): Record<string, unknown> {
  return policy;
}
