import { z } from 'zod';
import type { Policy } from '../conditional-access/policy.ts';
import type { ConsentRequest } from '../consent/consent-request.ts';
import { recordConsent } from '../consent/record-consent.ts';
import { ensureCredential, findCredential } from '../credentials/credential.ts';
import { authenticatorCode } from '../credentials/second-factor.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import { revokeSessions } from '../sign-in/revoke-sessions.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody } from './read-body.ts';
import { tenantOf, userOf } from './tenants.ts';

/** How a tenant signs people in. */
export const signInSettings = z
  .strictObject({
    passwords: z.boolean(),
    secondFactor: z.enum(['whereRequired', 'always']),
    userConsent: z.enum(['implied', 'allowed', 'recommended', 'denied']),
    consentRequests: z.boolean(),
    staySignedIn: z.boolean(),
    lockoutThreshold: z.int().min(1).max(1000),
    lockoutSeconds: z.int().min(1).max(86_400),
    edov: z.enum(['boolean', 'text', 'number']),
  })
  .exactPartial();
const changedTenant = z.strictObject({ signIn: signInSettings, regionScope: z.string().min(1).max(20) }).exactPartial();
/** Password and second factor of a person. */
export const changedCredential = z
  .strictObject({
    password: z.string().min(1).max(256).nullable(),
    passwordExpired: z.boolean(),
    mustChangePassword: z.boolean(),
    secondFactor: z.enum(['authenticator', 'none']),
    secondFactorRequired: z.boolean(),
    compliantDevice: z.boolean(),
    locked: z.literal(false),
  })
  .exactPartial();

const names = z.array(z.string().max(64)).default([]);
/** A Conditional Access policy. */
export const newPolicy = z.strictObject({
  displayName: z.string().min(1).max(256),
  state: z.enum(['enabled', 'disabled', 'enabledForReportingButNotEnforced']).default('enabled'),
  conditions: z
    .strictObject({
      users: z
        .strictObject({
          includeUsers: names,
          excludeUsers: names,
          includeGroups: names,
          excludeGroups: names,
          includeRoles: names,
        })
        .prefault({ includeUsers: ['All'] }),
      applications: z
        .strictObject({
          includeApplications: names,
          excludeApplications: names,
          includeAuthenticationContextClassReferences: z.array(z.string().regex(/^c\d{1,2}$/)).default([]),
        })
        .prefault({ includeApplications: ['All'] }),
      clientAppTypes: z
        .array(z.enum(['all', 'browser', 'mobileAppsAndDesktopClients', 'exchangeActiveSync', 'other']))
        .default(['all']),
      authenticationFlows: z
        .strictObject({ transferMethods: z.literal('deviceCodeFlow') })
        .nullable()
        .default(null),
    })
    .prefault({}),
  grantControls: z
    .strictObject({
      operator: z.enum(['AND', 'OR']).default('OR'),
      builtInControls: z
        .array(z.enum(['block', 'mfa', 'compliantDevice', 'domainJoinedDevice', 'approvedApplication']))
        .default([]),
      termsOfUse: names,
    })
    .prefault({}),
  sessionControls: z
    .strictObject({ signInFrequencyHours: z.number().min(0).max(8760) })
    .nullable()
    .default(null),
});

/** How a tenant signs people in: its settings, passwords and second factors, Conditional Access, requests for consent. */
export function signInRoutes(world: World): Routes {
  return {
    'PATCH /tenants/:tenant': (exchange, key) => {
      const tenant = tenantOf(world, key);
      const { signIn = {}, regionScope } = readBody(exchange, changedTenant);
      Object.assign(tenant.signIn.settings, signIn);
      if (regionScope !== undefined) tenant.regionScope = regionScope;
      return json(200, settingsView(tenant));
    },
    'GET /tenants/:tenant/sign-in': (_exchange, key) => json(200, settingsView(tenantOf(world, key))),
    'GET /tenants/:tenant/users/:user/credentials': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      return json(200, credentialView(world, tenant, userOf(tenant, id)));
    },
    'PATCH /tenants/:tenant/users/:user/credentials': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const user = userOf(tenant, id);
      const { locked, ...change } = readBody(exchange, changedCredential);
      const credential = Object.assign(ensureCredential(tenant, user.id), change);
      if (locked === false) Object.assign(credential, { failures: 0, lockedUntil: 0 });
      if (change.password !== undefined) revokeSessions(world, user.id);
      return json(200, credentialView(world, tenant, user));
    },
    'GET /tenants/:tenant/policies': (_exchange, key) =>
      json(200, { value: [...tenantOf(world, key).signIn.policies.values()].map(policyView) }),
    'POST /tenants/:tenant/policies': (exchange, key) => {
      const tenant = tenantOf(world, key);
      const made = makePolicy(world.random.uuid(), readBody(exchange, newPolicy));
      tenant.signIn.policies.set(made.id, made);
      return json(201, policyView(made));
    },
    'PUT /tenants/:tenant/policies/:policy': (exchange, key, id) => {
      const { policies } = tenantOf(world, key).signIn;
      if (!policies.has(id)) throw notFound('policy', id);
      const made = makePolicy(id, readBody(exchange, newPolicy));
      policies.set(id, made);
      return json(200, policyView(made));
    },
    'DELETE /tenants/:tenant/policies/:policy': (_exchange, key, id) => {
      if (!tenantOf(world, key).signIn.policies.delete(id)) throw notFound('policy', id);
      return { status: 204 };
    },
    'GET /tenants/:tenant/consent-requests': (_exchange, key) =>
      json(200, { value: [...tenantOf(world, key).signIn.consentRequests.values()].map(requestView) }),
    'POST /tenants/:tenant/consent-requests/:request/approve': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const request = pendingRequest(tenant, id);
      const application = world.applications.get(request.appId);
      if (application === undefined) throw notFound('application', request.appId);
      recordConsent(world, tenant, application, null, request.scopes);
      request.status = 'approved';
      return json(200, requestView(request));
    },
    'POST /tenants/:tenant/consent-requests/:request/deny': (_exchange, key, id) => {
      const request = pendingRequest(tenantOf(world, key), id);
      request.status = 'denied';
      return json(200, requestView(request));
    },
  };
}

const settingsView = ({ id, name, cloud, regionScope, signIn }: Tenant): unknown => ({
  id,
  name,
  cloud,
  regionScope,
  signIn: signIn.settings,
});

/** Everything of a credential, and what the person's Authenticator shows now. */
function credentialView({ clock }: World, tenant: Tenant, user: User): unknown {
  const { lockedUntil, failures, ...credential } = findCredential(tenant, user.id);
  const locked = clock.now() < lockedUntil;
  return { ...credential, failures, locked, authenticatorCode: authenticatorCode(user.id, clock.now()) };
}

function makePolicy(id: string, { conditions, sessionControls, ...rest }: z.infer<typeof newPolicy>): Policy {
  const { authenticationFlows, ...plain } = conditions;
  return {
    id,
    ...rest,
    conditions: { ...plain, transferMethods: authenticationFlows?.transferMethods ?? null },
    signInFrequencyHours: sessionControls?.signInFrequencyHours ?? null,
  };
}

/** A policy as Microsoft Graph names its parts. */
function policyView({
  conditions: { transferMethods, ...conditions },
  signInFrequencyHours,
  ...rest
}: Policy): unknown {
  return {
    ...rest,
    conditions: { ...conditions, authenticationFlows: transferMethods === null ? null : { transferMethods } },
    sessionControls: signInFrequencyHours === null ? null : { signInFrequencyHours },
  };
}

const requestView = ({ createdDateTime, ...request }: ConsentRequest): unknown => ({
  ...request,
  createdDateTime: new Date(createdDateTime).toISOString(),
});

function pendingRequest(tenant: Tenant, id: string): ConsentRequest {
  const request = tenant.signIn.consentRequests.get(id);
  if (request === undefined) throw notFound('consent request', id);
  if (request.status !== 'pending')
    throw new ControlError(409, 'decided', `The consent request is ${request.status} already`);
  return request;
}
