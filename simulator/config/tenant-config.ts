import { z } from 'zod';
import { assignment, registration } from '../control/applications.ts';
import { heldRoles } from '../control/directory-roles.ts';
import { jobSettings } from '../control/provisioning.ts';
import { changedCredential, newPolicy, signInSettings } from '../control/sign-in.ts';
import { newGroup, newUser } from '../control/tenants.ts';

const domain = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'is not a domain in lower case, such as contoso.example');

const shape = z.strictObject({
  $schema: z.string().exactOptional(),
  name: z.string().min(1).max(256).describe('Display name of the tenant'),
  id: z.uuid().toLowerCase().exactOptional().describe('Tenant id; by the seed, when left out'),
  cloud: z
    .enum(['global', 'usgov', 'china'])
    .exactOptional()
    .describe('Which cloud it lives in; global, when left out'),
  domain: domain.exactOptional().describe('Default domain; made from the name, when left out'),
  domains: z.array(domain).exactOptional().describe('Further verified domains'),
  signIn: signInSettings.exactOptional().describe('Passwords, second factors, consent'),
  policies: z.array(newPolicy).exactOptional().describe('Conditional Access policies'),
  users: z
    .array(
      newUser.extend({ credentials: changedCredential.exactOptional(), roles: heldRoles.shape.roles.exactOptional() }),
    )
    .exactOptional()
    .describe('People by name, with credentials and directory roles; managerId and homeTenantId may be names'),
  madeUpUsers: z.int().min(0).max(1_000_000).exactOptional().describe('How many made-up people there are beside them'),
  groups: z.array(newGroup).exactOptional().describe('Groups; members by user name or display name of a group'),
  madeUpGroups: z.int().min(0).max(100_000).exactOptional().describe('How many groups of the made-up people there are'),
  applications: z
    .array(registration.extend({ assignments: z.array(assignment).exactOptional() }))
    .exactOptional()
    .describe('App registrations, with an appId and a secret of your own if you like'),
  provisioning: z
    .array(jobSettings.extend({ started: z.boolean().exactOptional() }))
    .exactOptional()
    .describe('Provisioning jobs; started ones run from the beginning'),
  faults: z
    .array(z.looseObject({ name: z.string() }))
    .exactOptional()
    .describe('Misfortunes that strike from the beginning, as POST /_control/faults takes them'),
});

/** A tenant as a file or a test describes it: who and what is in it, in the words of the control API. */
export type TenantConfig = z.input<typeof shape>;

/** What is wrong with the description of a tenant. */
export class ConfigFault extends Error {
  /** Which of the tenants, from 0. */
  readonly tenant: number;
  /** Each with the path of its field first. */
  readonly faults: readonly string[];

  constructor(tenant: number, faults: readonly string[]) {
    super(faults.map((fault) => `tenants.${tenant}.${fault}`).join('\n'));
    this.tenant = tenant;
    this.faults = faults;
  }
}

/** Checks the shape of the tenants' descriptions. Throws ConfigFault. */
export function readTenantConfigs(values: readonly unknown[]): TenantConfig[] {
  return values.map((value, tenant) => {
    const result = shape.safeParse(value);
    if (result.success) return value as TenantConfig;
    const faults = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
    throw new ConfigFault(tenant, faults);
  });
}

/** The JSON Schema of a tenant's file, for editors. */
export function tenantSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }), title: 'A tenant of portico simulate' };
}
