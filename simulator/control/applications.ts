import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  type Application,
  defaultAccess,
  type KeyCredential,
  type PasswordCredential,
  type ServicePrincipal,
  withDates,
} from '../applications/application.ts';
import { consentedRoles, consentRoles } from '../applications/consent.ts';
import { microsoftTenantId } from '../applications/first-party.ts';
import { readKeyCredential } from '../applications/key-credentials.ts';
import { applicationPermissions, exchangeAppId, graphAppId } from '../applications/permissions.ts';
import { type Platform, redirectUriFault } from '../applications/redirect-uris.ts';
import {
  assignRole,
  ensureServicePrincipal,
  makeApplication,
  removeServicePrincipal,
} from '../applications/register.ts';
import { addSecret, removeSecret } from '../applications/secrets.ts';
import type { Tenant } from '../directory/tenant.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody } from './read-body.ts';
import { tenantOf, userOf } from './tenants.ts';

const text = z.string().min(1).max(256);
const instant = z.iso.datetime({ offset: true }).transform((value) => Date.parse(value));
const uris = z.array(z.string().max(300)).max(256);
const secretShape = z.strictObject({
  displayName: text.nullable().optional(),
  startDateTime: instant.optional(),
  endDateTime: instant.optional(),
});
const claim = z.union([
  text.transform((name) => ({ name, additionalProperties: [] })),
  z.strictObject({ name: text, additionalProperties: z.array(text).default([]) }),
]);
const federatedCredential = z.strictObject({
  name: text,
  issuer: z.url().max(600),
  subject: z.string().min(1).max(600),
  audiences: z.array(text).length(1).default(['api://AzureADTokenExchange']),
});
const settings = z
  .strictObject({
    displayName: text,
    signInAudience: z.enum(['AzureADMyOrg', 'AzureADMultipleOrgs', 'AzureADandPersonalMicrosoftAccount']),
    identifierUris: z.array(text),
    redirectUris: z.strictObject({ web: uris, spa: uris, publicClient: uris }).exactPartial(),
    logoutUrl: z.url().max(255).nullable(),
    isFallbackPublicClient: z.boolean(),
    implicitGrant: z.strictObject({ idToken: z.boolean(), accessToken: z.boolean() }).exactPartial(),
    optionalClaims: z.array(claim),
    accessTokenClaims: z.array(claim),
    requiredResourceAccess: z.array(
      z.strictObject({
        resourceAppId: z.guid().toLowerCase(),
        resourceAccess: z.array(z.strictObject({ id: z.guid().toLowerCase(), type: z.enum(['Role', 'Scope']) })),
      }),
    ),
    groupMembershipClaims: z.enum(['SecurityGroup', 'DirectoryRole', 'ApplicationGroup', 'All']).nullable(),
    appRoles: z.array(z.strictObject({ id: z.uuid(), value: text, displayName: text })),
    requestedAccessTokenVersion: z.union([z.literal(1), z.literal(2)]).nullable(),
    removeUnverifiedEmailClaim: z.boolean(),
    permissions: z.array(z.enum([...applicationPermissions.keys()])),
    assignmentRequired: z.boolean(),
    enabled: z.boolean(),
    certificates: z.array(z.string().max(20_000)).max(20),
    federatedCredentials: z.array(federatedCredential).max(20),
  })
  .exactPartial();
/** A new registration; with an id and a secret of one's own, a program's settings stay good from start to start. */
export const registration = settings.extend({
  displayName: text,
  appId: z.uuid().toLowerCase().exactOptional(),
  secret: secretShape.extend({ secretText: z.string().min(16).max(256).exactOptional() }).exactOptional(),
});
/** Who is assigned to an app, by id or name. */
export const assignment = z.strictObject({
  users: z.array(text).default([]),
  groups: z.array(text).default([]),
  appRoleId: z.uuid().default(defaultAccess),
});

/** App registrations and enterprise apps, as the portal's pages of the same name make them. */
export function applicationRoutes(world: World): Routes {
  return {
    'GET /tenants/:tenant/applications': (_exchange, key) => {
      const tenant = tenantOf(world, key);
      const own = [...world.applications.values()].filter(
        ({ appId, homeTenantId }) => homeTenantId !== microsoftTenantId && tenant.servicePrincipals.has(appId),
      );
      return json(200, { value: own.map((application) => view(world, application, tenant)) });
    },
    'POST /tenants/:tenant/applications': (exchange, key) => {
      const tenant = tenantOf(world, key);
      const { secret, appId = world.random.uuid(), ...wanted } = readBody(exchange, registration);
      if (world.applications.has(appId))
        throw new ControlError(409, 'taken', `appId: '${appId}' is another application's`);
      const application = makeApplication(
        world.random,
        tenant.id,
        { displayName: wanted.displayName },
        world.clock.now(),
        appId,
      );
      const principal = ensureServicePrincipal(world.random, tenant, application, world.clock.now());
      try {
        change(world, tenant, application, principal, wanted);
      } catch (error) {
        removeServicePrincipal(tenant, application.appId);
        throw error;
      }
      world.applications.set(application.appId, application);
      const credential = secret === undefined ? undefined : addSecret(application, secret, world.clock.now());
      const shown = view(world, application, tenant);
      return json(201, credential === undefined ? shown : { ...shown, secret: secretOnce(credential) });
    },
    'GET /tenants/:tenant/applications/:app': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      return json(200, view(world, applicationOf(world, id), tenant));
    },
    'PATCH /tenants/:tenant/applications/:app': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const application = applicationOf(world, id);
      const principal = ensureServicePrincipal(world.random, tenant, application, world.clock.now());
      change(world, tenant, application, principal, readBody(exchange, settings));
      return json(200, view(world, application, tenant));
    },
    'DELETE /tenants/:tenant/applications/:app': (_exchange, key, id) => {
      tenantOf(world, key);
      const application = applicationOf(world, id);
      for (const tenant of world.tenants.values()) removeServicePrincipal(tenant, application.appId);
      world.applications.delete(application.appId);
      return { status: 204 };
    },
    'POST /tenants/:tenant/applications/:app/secrets': (exchange, key, id) => {
      tenantOf(world, key);
      const credential = addSecret(applicationOf(world, id), readBody(exchange, secretShape), world.clock.now());
      return json(201, secretOnce(credential));
    },
    'DELETE /tenants/:tenant/applications/:app/secrets/:secret': (_exchange, key, id, keyId) => {
      tenantOf(world, key);
      if (!removeSecret(applicationOf(world, id), keyId)) throw notFound('secret', keyId);
      return { status: 204 };
    },
    'POST /tenants/:tenant/applications/:app/assignments': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const principal = principalOf(world, tenant, id);
      const body = readBody(exchange, assignment);
      for (const holder of holders(tenant, body)) assignRole(principal, holder, body.appRoleId, world.clock.now());
      tenant.sequence += 1;
      return json(200, { value: assignmentsOf(principal) });
    },
    'GET /tenants/:tenant/applications/:app/assignments': (_exchange, key, id) => {
      const principal = principalOf(world, tenantOf(world, key), id);
      return json(200, { value: assignmentsOf(principal) });
    },
    'DELETE /tenants/:tenant/applications/:app/assignments/:holder': (_exchange, key, id, holder) => {
      const tenant = tenantOf(world, key);
      const principal = principalOf(world, tenant, id);
      if (!principal.assignments.delete(holder)) throw notFound('assignment', holder);
      return { status: 204 };
    },
  };
}

/** Finds an application by app id or object id; Microsoft's own are nobody's to change. Throws ControlError 404. */
function applicationOf(world: World, key: string): Application {
  const found = world.applications.get(key) ?? [...world.applications.values()].find(({ id }) => id === key);
  if (found === undefined || found.homeTenantId === microsoftTenantId) throw notFound('application', key);
  return found;
}

function principalOf(world: World, tenant: Tenant, key: string): ServicePrincipal {
  return ensureServicePrincipal(world.random, tenant, applicationOf(world, key), world.clock.now());
}

/** A secret as it is shown, once. */
function secretOnce({
  keyId,
  displayName,
  secretText,
  hint,
  endDateTime,
}: PasswordCredential): Record<string, unknown> {
  return { keyId, displayName, secretText, hint, endDateTime: new Date(endDateTime).toISOString() };
}

function change(
  world: World,
  tenant: Tenant,
  application: Application,
  principal: ServicePrincipal,
  wanted: z.infer<typeof settings>,
): void {
  const { redirectUris = {}, logoutUrl, optionalClaims, permissions, assignmentRequired, enabled, ...more } = wanted;
  const { certificates, federatedCredentials, appRoles, requestedAccessTokenVersion, ...others } = more;
  const { implicitGrant, accessTokenClaims, ...plain } = others;
  const keyCredentials = certificates?.map(readCertificate);
  for (const platform of ['web', 'spa', 'publicClient'] as const) checkUris(platform, redirectUris[platform] ?? []);
  Object.assign(application, plain);
  if (appRoles !== undefined)
    application.appRoles = appRoles.map((role) => ({
      ...role,
      description: role.displayName,
      isEnabled: true,
      allowedMemberTypes: ['User', 'Application'],
    }));
  if (requestedAccessTokenVersion !== undefined) application.api = { ...application.api, requestedAccessTokenVersion };
  application.web = {
    ...application.web,
    redirectUris: redirectUris.web ?? application.web.redirectUris,
    logoutUrl: logoutUrl === undefined ? application.web.logoutUrl : logoutUrl,
    implicitGrantSettings: {
      enableIdTokenIssuance: implicitGrant?.idToken ?? application.web.implicitGrantSettings.enableIdTokenIssuance,
      enableAccessTokenIssuance:
        implicitGrant?.accessToken ?? application.web.implicitGrantSettings.enableAccessTokenIssuance,
    },
  };
  application.spa = { redirectUris: redirectUris.spa ?? application.spa.redirectUris };
  application.publicClient = { redirectUris: redirectUris.publicClient ?? application.publicClient.redirectUris };
  if (keyCredentials !== undefined) application.keyCredentials = keyCredentials;
  if (federatedCredentials !== undefined)
    application.federatedIdentityCredentials = federatedCredentials.map((each) => ({ id: randomUUID(), ...each }));
  if (optionalClaims !== undefined)
    application.optionalClaims = { ...application.optionalClaims, idToken: optionalClaims };
  if (accessTokenClaims !== undefined)
    application.optionalClaims = { ...application.optionalClaims, accessToken: accessTokenClaims };
  if (permissions !== undefined) consentRoles(tenant, principal, permissions, world.clock.now());
  if (assignmentRequired !== undefined) principal.appRoleAssignmentRequired = assignmentRequired;
  if (enabled !== undefined) principal.accountEnabled = enabled;
}

function readCertificate(given: string, place: number): KeyCredential {
  try {
    return readKeyCredential(given);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ControlError(400, 'invalidBody', `certificates.${place}: '${given.slice(0, 40)}' ${error.message}`);
  }
}

function checkUris(platform: Platform, list: readonly string[]): void {
  for (const uri of list) {
    const fault = redirectUriFault(uri, platform);
    if (fault !== undefined) throw new ControlError(400, 'invalidBody', `redirectUris.${platform}: '${uri}' ${fault}`);
  }
}

function holders(tenant: Tenant, wanted: { users: readonly string[]; groups: readonly string[] }): string[] {
  const groups = wanted.groups.map((key) => {
    const group = tenant.groups.get(key) ?? [...tenant.groups.values()].find(({ displayName }) => displayName === key);
    if (group === undefined) throw notFound('group', key);
    return group.id;
  });
  return [...wanted.users.map((key) => userOf(tenant, key).id), ...groups];
}

function assignmentsOf(principal: ServicePrincipal): { principalId: string; appRoleIds: string[] }[] {
  return [...principal.assignments].map(([principalId, roles]) => ({ principalId, appRoleIds: [...roles.keys()] }));
}

function view(world: World, application: Application, tenant: Tenant): Record<string, unknown> {
  const principal = tenant.servicePrincipals.get(application.appId);
  const { web, spa, publicClient, passwordCredentials, createdDateTime, optionalClaims, ...more } = application;
  const { keyCredentials, federatedIdentityCredentials, api, ownerIds, requiredResourceAccess: _, ...plain } = more;
  const apis = [graphAppId, exchangeAppId].flatMap((appId) => world.applications.get(appId) ?? []);
  return {
    ...plain,
    requestedAccessTokenVersion: api.requestedAccessTokenVersion,
    ownerIds: [...ownerIds],
    servicePrincipalId: principal?.id ?? null,
    redirectUris: { web: web.redirectUris, spa: spa.redirectUris, publicClient: publicClient.redirectUris },
    logoutUrl: web.logoutUrl,
    implicitGrant: {
      idToken: web.implicitGrantSettings.enableIdTokenIssuance,
      accessToken: web.implicitGrantSettings.enableAccessTokenIssuance,
    },
    optionalClaims: optionalClaims.idToken,
    accessTokenClaims: optionalClaims.accessToken,
    permissions: principal ? apis.flatMap((resource) => consentedRoles(tenant, principal, resource)) : [],
    assignmentRequired: principal?.appRoleAssignmentRequired ?? false,
    enabled: principal?.accountEnabled ?? false,
    secrets: passwordCredentials.map(({ secretText: _, ...shown }) => withDates(shown)),
    certificates: keyCredentials.map(({ key: _, ...shown }) => withDates(shown)),
    federatedCredentials: federatedIdentityCredentials,
    createdDateTime: new Date(createdDateTime).toISOString(),
  };
}
