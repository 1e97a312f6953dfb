import { z } from 'zod';
import { connectionId } from './shape.ts';

const appRegistration = z.strictObject({
  displayName: z.string(),
  madeFrom: z
    .enum(['app registration', 'non-gallery application'])
    .describe('a provisioning job needs the latter, which makes the app registration too'),
  templateId: z.string().nullable().describe('the application template to instantiate'),
  signInAudience: z.enum([
    'AzureADMyOrg',
    'AzureADMultipleOrgs',
    'AzureADandPersonalMicrosoftAccount',
    'PersonalMicrosoftAccount',
  ]),
  redirectUris: z.array(z.strictObject({ platform: z.enum(['web']), uri: z.string() })),
  frontChannelLogoutUrl: z.string().nullable(),
  optionalClaims: z.array(z.string()).describe('of id tokens'),
  groupMembershipClaims: z.literal('ApplicationGroup').nullable(),
  publicClientFlows: z.boolean(),
  implicitGrant: z.boolean(),
  idTokenIssuance: z.boolean().describe('the hybrid flow: id tokens from the authorize endpoint'),
});

const clientSecret = z.strictObject({ description: z.string(), lifetimeDays: z.int() });

const federatedCredential = z
  .strictObject({ name: z.string(), issuer: z.string(), subject: z.string(), audience: z.string() })
  .describe('what the application trusts in place of a secret');

const permission = z.strictObject({
  resource: z.string(),
  resourceAppId: z.string(),
  kind: z.enum(['delegated', 'application']),
  name: z.string(),
  id: z.string().nullable(),
  exchangeRole: z
    .string()
    .nullable()
    .describe('the Exchange role that gives the same for some mailboxes only; then this permission is left out'),
  why: z.string(),
});

const assignment = z.strictObject({
  required: z.boolean().describe('whether only assigned people may sign in'),
  appRoleId: z.string().describe('the role of an assignment: default access'),
});

const provisioning = z.strictObject({
  template: z.literal('scim'),
  tenantUrl: z.string(),
  authentication: z
    .array(z.enum(['bearer', 'clientCredentials', 'workloadIdentity']))
    .describe('the ways in that are set up here, of which the application takes one; bearer where there is none yet'),
  tokenEndpoint: z.string().describe('for client credentials and workload identities'),
  clientIdentifier: z.string().describe('for client credentials and workload identities'),
  workloadIdentities: z
    .array(z.strictObject({ issuer: z.string(), subject: z.string(), audience: z.string() }))
    .describe('those whose assertions are trusted here'),
  objects: z.array(z.enum(['users', 'groups'])),
  scope: z.literal('assigned'),
  matching: z.strictObject({ users: z.string(), groups: z.string() }),
  mappings: z
    .array(z.strictObject({ object: z.enum(['user', 'group']), entra: z.string(), scim: z.string() }))
    .describe('where they depart from the default'),
});

const mailboxScope = z.strictObject({
  managementScope: z.string(),
  roles: z.array(z.string()).describe('of RBAC for Applications'),
});

const plan = z
  .strictObject({
    cloud: z.string(),
    tenantId: z.string().nullable(),
    appRegistration,
    clientSecret: clientSecret.nullable(),
    clientCertificate: z.string().nullable().describe('subject of the certificate to upload'),
    federatedCredential: federatedCredential.nullable(),
    permissions: z.array(permission),
    consentIn: z.array(z.string()).describe('the tenants whose admin consents, where there are several'),
    assignment: assignment.nullable(),
    provisioning: provisioning.nullable(),
    mailboxScope: mailboxScope.nullable(),
  })
  .describe('what Microsoft Entra must look like, as data');

const planStep = z.strictObject({
  title: z.string(),
  where: z.string().describe('the way through the portal'),
  link: z.string().nullable(),
  actions: z.array(z.strictObject({ do: z.string(), value: z.string().nullable() })),
  why: z.string().nullable(),
});

export const setupPlan = z
  .strictObject({
    connection: connectionId,
    settings: z.enum(['draft', 'live']),
    setUp: z.string().describe('which of the documented set-ups this is'),
    presupposes: z.array(z.string()),
    plan,
    steps: z.array(planStep),
  })
  .meta({ id: 'SetupPlan' });
export type SetupPlan = z.output<typeof setupPlan>;
export type Plan = SetupPlan['plan'];
export type PlanStep = z.output<typeof planStep>;
