import { z } from 'zod';
import type { PermissionGrant } from '../applications/application.ts';
import { consentScopes, findGrant } from '../applications/consent.ts';
import { findUser } from '../directory/tenant.ts';
import type { Answer } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { GraphCall } from './caller.ts';
import { principalOf } from './find-application.ts';
import { badRequest, conflict, noSuchResource, requestIds } from './graph-error.ts';
import { answerOne, answerPage } from './odata-page.ts';
import { applicationAdmins, denied, hasPermission, requirePrivilege } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { readablePrincipal } from './service-principals.ts';

const scope = z.string().max(3850);
const newGrant = z.object({
  clientId: z.uuid(),
  consentType: z.enum(['AllPrincipals', 'Principal']),
  principalId: z.uuid().nullish(),
  resourceId: z.uuid(),
  scope: scope.nullish().transform((value) => value ?? ''),
});
const changedGrant = z.object({ scope });
const writing = ['DelegatedPermissionGrant.ReadWrite.All', 'Directory.ReadWrite.All'];
const reading = [...writing, 'Directory.Read.All', 'DelegatedPermissionGrant.Read.All'];

/** Delegated permissions (oAuth2PermissionGrant resource type). */
export function permissionGrantRoutes(): Routes<GraphCall> {
  return {
    'GET /oauth2PermissionGrants': (call) => list(call, () => true),
    'POST /oauth2PermissionGrants': (call) => {
      requireConsent(call);
      const given = readGraphBody(call.exchange, newGrant);
      const principalId = given.consentType === 'Principal' ? (given.principalId ?? undefined) : null;
      if (principalId === undefined) throw badRequest('principalId is required when consentType is Principal.');
      if (principalId !== null && !call.caller.tenant.users.has(principalId)) throw noSuchResource(principalId);
      const consent = {
        clientId: principalOf(call, given.clientId).id,
        resourceId: principalOf(call, given.resourceId).id,
        principalId,
      };
      const { tenant } = call.caller;
      if (findGrant(tenant, consent) !== undefined) throw conflict('Permission entry already exists.');
      const grant = consentScopes(tenant, consent, given.scope.split(' ').filter(Boolean), call.world.clock.now());
      return answerOne(call.exchange, view(grant), 'oauth2PermissionGrants', undefined, 201);
    },
    'GET /oauth2PermissionGrants/:grant': (call, id) => {
      requireReading(call);
      return answerOne(call.exchange, view(grantOf(call, id)), 'oauth2PermissionGrants');
    },
    'PATCH /oauth2PermissionGrants/:grant': (call, id) => {
      requireConsent(call);
      const grant = grantOf(call, id);
      grant.scope = readGraphBody(call.exchange, changedGrant).scope.trim();
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /oauth2PermissionGrants/:grant': (call, id) => {
      requireConsent(call);
      call.caller.tenant.permissionGrants.delete(grantOf(call, id).id);
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'GET /servicePrincipals/:principal/oauth2PermissionGrants': (call, key) => {
      const { id } = readablePrincipal(call, key);
      return list(call, ({ clientId }) => clientId === id);
    },
    'GET /users/:user/oauth2PermissionGrants': (call, key) => {
      const user = findUser(call.caller.tenant, key);
      if (user === undefined) throw noSuchResource(key);
      return list(call, ({ principalId }) => principalId === user.id);
    },
    'GET /me/oauth2PermissionGrants': (call) => list(call, ({ principalId }) => principalId === call.caller.userId),
  };
}

function requireReading(call: GraphCall): void {
  if (!hasPermission(call, ...reading)) throw denied();
}

/** Consent for others is an administrator's: a permission of the token, and a role of the person. */
function requireConsent(call: GraphCall): void {
  requirePrivilege(call, writing, ...applicationAdmins, 'Privileged Role Administrator');
}

function list(call: GraphCall, fits: (grant: PermissionGrant) => boolean): Answer {
  requireReading(call);
  const grants = [...call.caller.tenant.permissionGrants.values()].filter(fits);
  return answerPage(call.exchange, grants, view, { context: 'oauth2PermissionGrants', defaultTop: 100, mostTop: 999 });
}

function grantOf({ caller }: GraphCall, id: string): PermissionGrant {
  const grant = caller.tenant.permissionGrants.get(id);
  if (grant === undefined) throw noSuchResource(id);
  return grant;
}

const view = ({ id, clientId, principalId, resourceId, scope: scopes }: PermissionGrant) => ({
  clientId,
  consentType: principalId === null ? 'AllPrincipals' : 'Principal',
  id,
  principalId,
  resourceId,
  scope: scopes,
});
