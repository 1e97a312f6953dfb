import { z } from 'zod';
import type { ServicePrincipal } from '../applications/application.ts';
import { deletePrincipal } from '../applications/delete-application.ts';
import { ensureServicePrincipal, mayBeUsedIn } from '../applications/register.ts';
import type { Routes } from '../http/routes.ts';
import { assignmentsOfHolder, assignmentsTo } from './app-role-assignment-view.ts';
import { keyShape, passwordShape } from './application-shape.ts';
import type { GraphCall } from './caller.ts';
import { directoryObjects } from './directory-object.ts';
import { principalOf, principalsOf } from './find-application.ts';
import { conflict, GraphError, requestIds } from './graph-error.ts';
import { mergeKeyCredentials } from './key-credentials.ts';
import { answerCount, answerItem, answerPage, type PageRules } from './odata-page.ts';
import { denied, requireCreation, requireManagement, requireReading } from './privileges.ts';
import { readGraphBody } from './read-graph-body.ts';
import { namesOf, principalResource } from './service-principal-view.ts';

const text = z.string().max(1024).nullable();
const changedPrincipal = z
  .strictObject({
    accountEnabled: z.boolean(),
    appRoleAssignmentRequired: z.boolean(),
    tags: z.array(z.string().max(256)),
    servicePrincipalNames: z.array(z.string().min(1)),
    keyCredentials: z.array(keyShape),
    passwordCredentials: z.array(passwordShape).max(0),
    alternativeNames: z.array(z.string()),
    description: text,
    displayName: z.string().max(256),
    homepage: text,
    loginUrl: text,
    notes: text,
    notificationEmailAddresses: z.array(z.string()),
    preferredSingleSignOnMode: z.enum(['password', 'saml', 'notSupported', 'oidc']).nullable(),
    preferredTokenSigningKeyThumbprint: text,
    samlSingleSignOnSettings: z.record(z.string(), z.unknown()).nullable(),
    tokenEncryptionKeyId: z.uuid().nullable(),
  })
  .exactPartial();
const newPrincipal = changedPrincipal.extend({ appId: z.string().min(1) });

/** Enterprise apps: list, get, create, change, delete, and what they publish (servicePrincipal resource type). */
export function servicePrincipalRoutes(): Routes<GraphCall> {
  return {
    'GET /servicePrincipals': (call) => {
      requireReading(call);
      return answerPage(call.exchange, principalsOf(call), show(call), rulesOf(call));
    },
    'GET /servicePrincipals/$count': (call) => {
      requireReading(call);
      return answerCount(call.exchange, principalsOf(call), show(call), rulesOf(call));
    },
    'POST /servicePrincipals': (call) => {
      requireCreation(call);
      const { appId, ...change } = readGraphBody(call.exchange, newPrincipal);
      const principal = createPrincipal(call, appId.toLowerCase());
      changePrincipal(call, principal, change);
      return answerItem(call.exchange, principal, show(call), rulesOf(call), 201);
    },
    'GET /servicePrincipals/:principal': (call, key) =>
      answerItem(call.exchange, readablePrincipal(call, key), show(call), rulesOf(call)),
    'PATCH /servicePrincipals/:principal': (call, key) => {
      changePrincipal(call, managedPrincipal(call, key), readGraphBody(call.exchange, changedPrincipal));
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'DELETE /servicePrincipals/:principal': (call, key) => {
      deletePrincipal(call.world, call.caller.tenant, managedPrincipal(call, key));
      return { status: 204, headers: requestIds(call.exchange) };
    },
    'GET /servicePrincipals/:principal/appRoles': (call, key) => listPart(call, key, 'appRoles'),
    'GET /servicePrincipals/:principal/oauth2PermissionScopes': (call, key) =>
      listPart(call, key, 'oauth2PermissionScopes'),
  };
}

/** The enterprise app of a path, if the caller may read it. Throws 403, 404. */
export function readablePrincipal(call: GraphCall, key: string): ServicePrincipal {
  requireReading(call, 'anything of its own');
  const principal = principalOf(call, key);
  // An app may always look at itself.
  if (principal.id !== call.caller.objectId) requireReading(call, principal);
  return principal;
}

/** The enterprise app of a path, if the caller may change it. Throws 403, 404. */
export function managedPrincipal(call: GraphCall, key: string, ...more: readonly string[]): ServicePrincipal {
  requireManagement(call, 'anything of its own', ...more);
  const principal = principalOf(call, key);
  requireManagement(call, principal, ...more);
  return principal;
}

const show = (call: GraphCall) => (principal: ServicePrincipal) => principalResource(call, principal);

/** Makes the enterprise app of an application in the caller's tenant; the caller owns it. Throws 400, 403, 409. */
function createPrincipal(call: GraphCall, appId: string): ServicePrincipal {
  const { world, caller } = call;
  const { tenant, objectId } = caller;
  const application = world.applications.get(appId);
  if (application === undefined || !mayBeUsedIn(world, application, tenant))
    throw new GraphError(
      400,
      'NoBackingApplicationObject',
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    );
  if (tenant.servicePrincipals.has(appId))
    throw conflict(
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
  const isAll = ['Application.ReadWrite.All', 'Directory.ReadWrite.All'].some((name) => caller.permissions.has(name));
  // Who may only manage what he owns can bring in no application of somebody else.
  if (caller.userId === undefined && !isAll && !application.ownerIds.has(objectId)) throw denied();
  const principal = ensureServicePrincipal(world.random, tenant, application, world.clock.now());
  principal.ownerIds.add(objectId);
  return principal;
}

function changePrincipal(
  { world }: GraphCall,
  principal: ServicePrincipal,
  change: z.infer<typeof changedPrincipal>,
): void {
  const { accountEnabled, appRoleAssignmentRequired, tags, servicePrincipalNames, keyCredentials, ...rest } = change;
  const { passwordCredentials, displayName: _, ...more } = rest;
  if (keyCredentials !== undefined)
    principal.keyCredentials = mergeKeyCredentials(principal.keyCredentials, keyCredentials);
  if (passwordCredentials !== undefined) principal.passwordCredentials = [];
  principal.accountEnabled = accountEnabled ?? principal.accountEnabled;
  principal.appRoleAssignmentRequired = appRoleAssignmentRequired ?? principal.appRoleAssignmentRequired;
  principal.tags = tags ?? principal.tags;
  if (servicePrincipalNames !== undefined) {
    const given = namesOf(world.applications.get(principal.appId), { ...principal, names: [] });
    principal.names = servicePrincipalNames.filter((name) => !given.has(name));
  }
  principal.more = { ...principal.more, ...more };
}

/** What an enterprise app publishes is a collection of its own, too. */
function listPart(call: GraphCall, key: string, part: 'appRoles' | 'oauth2PermissionScopes') {
  const { id, [part]: list } = principalResource(call, readablePrincipal(call, key));
  const context = `servicePrincipals('${String(id)}')/${part}`;
  const items: Record<string, unknown>[] = Array.isArray(list) ? list : [];
  return answerPage(call.exchange, items, (item) => item, { context, defaultTop: 999, mostTop: 999 });
}

function rulesOf(call: GraphCall): PageRules<ServicePrincipal> {
  return {
    context: 'servicePrincipals',
    defaultTop: 100,
    mostTop: 999,
    directory: { orderedBy: [] },
    lookup: (property, value) => {
      const key = value.toLowerCase();
      if (property !== 'id' && property !== 'appid') return undefined;
      return [...principalsOf(call)].filter(({ id, appId }) => (property === 'id' ? id : appId) === key);
    },
    expand: {
      appRoleAssignments: ({ id }) => assignmentsOfHolder(call, id),
      appRoleAssignedTo: (principal) => assignmentsTo(call, principal),
      owners: ({ ownerIds }) => directoryObjects(call, ownerIds),
    },
  };
}
