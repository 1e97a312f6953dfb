import { z } from 'zod';
import { DirectoryRefusal, insertUser, updateUser } from '../directory/change-users.ts';
import type { Tenant, User } from '../directory/tenant.ts';
import {
  casMailboxOf,
  distinguishedName,
  type ExchangeOrganization,
  organizationOf,
  recipientType,
} from '../exchange/organization.ts';
import { json } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { ControlError, notFound } from './control-error.ts';
import { readBody } from './read-body.ts';
import { recipientOf } from './recipient.ts';
import { tenantOf } from './tenants.ts';

const text = z.string().min(1).max(256);
const newMailbox = z.strictObject({ name: text, primarySmtpAddress: z.email(), shared: z.literal(true) });
const changedMailbox = z.looseObject({
  type: z.enum(['Regular', 'Shared']).optional(),
  recipientLimits: z.int().min(1).max(1000).optional(),
  maxSendSize: z
    .int()
    .min(0)
    .max(150 * 1024 * 1024)
    .optional(),
});
const changedCas = z
  .strictObject({
    smtpClientAuthenticationDisabled: z.boolean().nullable(),
    imapEnabled: z.boolean(),
    ewsEnabled: z.boolean().nullable(),
  })
  .exactPartial();
const permission = z.strictObject({ user: text, accessRights: z.tuple([z.literal('FullAccess')]) });
const recipientPermission = z.strictObject({ trustee: text, accessRights: z.tuple([z.literal('SendAs')]) });
const transportConfig = z.strictObject({ smtpClientAuthenticationDisabled: z.boolean() }).exactPartial();
const organizationConfig = z
  .strictObject({ ewsEnabled: z.boolean().nullable(), ewsAllowedAppIDs: z.array(z.uuid()) })
  .exactPartial();
const duration = z.int().min(0).max(86_400_000);
const simulation = z
  .strictObject({
    applicationAccessPolicyMs: duration,
    rbacIdleMs: duration,
    rbacMostMs: duration,
    ewsSwitchedOffAt: z.iso.datetime({ offset: true }),
    notificationsByHttp: z.boolean(),
    requestsPerTenMinutes: z.int().min(0).max(1_000_000),
    uploadBytesPerFiveMinutes: z.int().min(0),
  })
  .exactPartial();

/**
 * Mailboxes, who has rights on them, and what they and the tenant let in, as Exchange PowerShell sets it: New-Mailbox -Shared,
 * Set-Mailbox, Set-CASMailbox, Add-MailboxPermission, Add-RecipientPermission, Set-TransportConfig, Set-OrganizationConfig.
 * `/simulation` is the simulator's own: how long changes take, when Microsoft switches EWS off here, whether notification
 * addresses may be http.
 */
export function exchangeMailboxRoutes(world: World): Routes {
  return {
    'POST /tenants/:tenant/exchange/mailboxes': (exchange, key) => {
      const tenant = tenantOf(world, key);
      const { name, primarySmtpAddress } = readBody(exchange, newMailbox);
      const user = makeShared(world, tenant, name, primarySmtpAddress);
      return json(201, mailboxView(world, tenant, user));
    },
    'GET /tenants/:tenant/exchange/mailboxes/:mailbox': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      return json(200, mailboxView(world, tenant, recipientOf(tenant, id)));
    },
    'PATCH /tenants/:tenant/exchange/mailboxes/:mailbox': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const user = recipientOf(tenant, id);
      const organization = organizationOf(world, tenant.id);
      const { type, recipientLimits, maxSendSize, ...custom } = readBody(exchange, changedMailbox);
      setCustomAttributes(organization, user, custom);
      organization.mailboxLimits.set(user.id, {
        ...organization.mailboxLimits.get(user.id),
        ...(recipientLimits === undefined ? {} : { recipients: recipientLimits }),
        ...(maxSendSize === undefined ? {} : { bytes: maxSendSize }),
      });
      if (type === 'Shared') organization.sharedMailboxes.add(user.id);
      if (type === 'Regular') organization.sharedMailboxes.delete(user.id);
      if (type === 'Shared' && !user.hasMailbox) updateUser(tenant, user, { hasMailbox: true });
      return json(200, mailboxView(world, tenant, user));
    },
    'GET /tenants/:tenant/exchange/groups/:group': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const group = tenant.groups.get(id) ?? tenant.groups.values().find(({ displayName }) => displayName === id);
      if (group === undefined) throw notFound('group', id);
      return json(200, {
        displayName: group.displayName,
        externalDirectoryObjectId: group.id,
        distinguishedName: distinguishedName(tenant, group),
      });
    },
    'GET /tenants/:tenant/exchange/cas-mailboxes/:mailbox': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      return json(200, casMailboxOf(organizationOf(world, tenant.id), recipientOf(tenant, id).id));
    },
    'PATCH /tenants/:tenant/exchange/cas-mailboxes/:mailbox': (exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const user = recipientOf(tenant, id);
      const organization = organizationOf(world, tenant.id);
      const changed = { ...casMailboxOf(organization, user.id), ...readBody(exchange, changedCas) };
      organization.casMailboxes.set(user.id, changed);
      return json(200, changed);
    },
    'GET /tenants/:tenant/exchange/mailboxes/:mailbox/permissions': (_exchange, key, id) => {
      const tenant = tenantOf(world, key);
      const { id: owner } = recipientOf(tenant, id);
      const { fullAccess, sendAs } = organizationOf(world, tenant.id);
      const rows = (right: string, trustees: ReadonlySet<string> = new Set()) =>
        [...trustees].map((trustee) => ({ trustee, accessRights: [right] }));
      return json(200, {
        value: [...rows('FullAccess', fullAccess.get(owner)), ...rows('SendAs', sendAs.get(owner))],
      });
    },
    'POST /tenants/:tenant/exchange/mailboxes/:mailbox/permissions': (exchange, key, id) => {
      const { user } = readBody(exchange, permission);
      return grant(world, tenantOf(world, key), id, 'fullAccess', 'user', user);
    },
    'DELETE /tenants/:tenant/exchange/mailboxes/:mailbox/permissions/:user': (_exchange, key, id, user) =>
      revoke(world, tenantOf(world, key), id, 'fullAccess', user),
    'POST /tenants/:tenant/exchange/mailboxes/:mailbox/recipient-permissions': (exchange, key, id) => {
      const { trustee } = readBody(exchange, recipientPermission);
      return grant(world, tenantOf(world, key), id, 'sendAs', 'trustee', trustee);
    },
    'DELETE /tenants/:tenant/exchange/mailboxes/:mailbox/recipient-permissions/:trustee': (
      _exchange,
      key,
      id,
      trustee,
    ) => revoke(world, tenantOf(world, key), id, 'sendAs', trustee),
    'GET /tenants/:tenant/exchange/transport-config': (_exchange, key) =>
      json(200, organizationOf(world, tenantOf(world, key).id).transportConfig),
    'PATCH /tenants/:tenant/exchange/transport-config': (exchange, key) => {
      const { transportConfig: present } = organizationOf(world, tenantOf(world, key).id);
      return json(200, Object.assign(present, readBody(exchange, transportConfig)));
    },
    'GET /tenants/:tenant/exchange/organization-config': (_exchange, key) =>
      json(200, organizationOf(world, tenantOf(world, key).id).organizationConfig),
    'PATCH /tenants/:tenant/exchange/organization-config': (exchange, key) => {
      const { organizationConfig: present } = organizationOf(world, tenantOf(world, key).id);
      return json(200, Object.assign(present, readBody(exchange, organizationConfig)));
    },
    'GET /tenants/:tenant/exchange/simulation': (_exchange, key) =>
      json(200, simulationView(organizationOf(world, tenantOf(world, key).id))),
    'PATCH /tenants/:tenant/exchange/simulation': (exchange, key) => {
      const organization = organizationOf(world, tenantOf(world, key).id);
      const { ewsSwitchedOffAt, ...more } = readBody(exchange, simulation);
      for (const [name, value] of Object.entries(more))
        Object.assign(name in organization.delays ? organization.delays : organization.simulation, { [name]: value });
      if (ewsSwitchedOffAt !== undefined) organization.ewsSwitchedOffAt = Date.parse(ewsSwitchedOffAt);
      return json(200, simulationView(organization));
    },
  };
}

/** A shared mailbox is a disabled user without licence. */
function makeShared(world: World, tenant: Tenant, displayName: string, address: string): User {
  const plan = { userPrincipalName: address, displayName, mail: address, accountEnabled: false, hasMailbox: true };
  try {
    const user = insertUser(tenant, world.random.uuid(), plan, world.clock.now());
    organizationOf(world, tenant.id).sharedMailboxes.add(user.id);
    return user;
  } catch (error) {
    if (!(error instanceof DirectoryRefusal)) throw error;
    throw new ControlError(400, 'refused', `primarySmtpAddress: ${error.message}`);
  }
}

function setCustomAttributes(organization: ExchangeOrganization, { id }: User, given: Record<string, unknown>): void {
  const wrong = Object.keys(given).find((name) => !/^customAttribute([1-9]|1[0-5])$/.test(name));
  if (wrong !== undefined)
    throw new ControlError(
      400,
      'invalidBody',
      `${wrong}: a mailbox takes type, recipientLimits, maxSendSize and customAttribute1 to 15`,
    );
  const texts = Object.entries(given).map(([name, value]) => [name, String(value ?? '')]);
  organization.customAttributes.set(id, { ...organization.customAttributes.get(id), ...Object.fromEntries(texts) });
}

type Right = 'fullAccess' | 'sendAs';

function grant(world: World, tenant: Tenant, key: string, right: Right, field: string, trustee: string) {
  const { id } = recipientOf(tenant, key);
  const rights = organizationOf(world, tenant.id)[right];
  rights.set(id, (rights.get(id) ?? new Set()).add(trusteeOf(world, tenant, field, trustee)));
  return json(201, { identity: id, trustees: [...(rights.get(id) ?? [])] });
}

function revoke(world: World, tenant: Tenant, key: string, right: Right, trustee: string) {
  const { id } = recipientOf(tenant, key);
  const held = organizationOf(world, tenant.id)[right].get(id);
  if (!held?.delete(trusteeOf(world, tenant, 'trustee', trustee))) throw notFound('permission', trustee);
  return { status: 204 };
}

/** Rights are given to users, and to apps that Exchange knows: an app's id in Entra alone is nobody to it. */
function trusteeOf(world: World, tenant: Tenant, field: string, key: string): string {
  const { servicePrincipals } = organizationOf(world, tenant.id);
  const app =
    servicePrincipals.get(key) ?? [...servicePrincipals.values()].find(({ displayName }) => displayName === key);
  return app?.objectId ?? recipientOf(tenant, key, field).id;
}

function mailboxView(world: World, tenant: Tenant, user: User): Record<string, unknown> {
  const organization = organizationOf(world, tenant.id);
  return {
    externalDirectoryObjectId: user.id,
    displayName: user.displayName,
    primarySmtpAddress: user.mail,
    recipientTypeDetails: user.hasMailbox ? recipientType(organization, user) : 'User',
    ...organization.customAttributes.get(user.id),
  };
}

function simulationView(organization: ExchangeOrganization): Record<string, unknown> {
  const { delays, ewsSwitchedOffAt, simulation: own } = organization;
  return { ...delays, ...own, ewsSwitchedOffAt: new Date(ewsSwitchedOffAt).toISOString() };
}
