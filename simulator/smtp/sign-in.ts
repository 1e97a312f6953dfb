import { findByAddress } from '../directory/tenant.ts';
import { casMailboxOf, organizationOf } from '../exchange/organization.ts';
import {
  holdsMailbox,
  isKnownToExchange,
  mailboxNamed,
  openExchangeToken,
  readXoauth2,
} from '../exchange/protocol-token.ts';
import { cachedRolePermissions } from '../exchange/roles-of-app.ts';
import type { Caller } from '../graph/caller.ts';
import type { Mailbox } from '../mail/mailbox.ts';
import type { World } from '../world.ts';

/** Who submits mail by a connection: in whose mailbox, and who needs rights on other ones. */
export type Submitter = { readonly tenantId: string; readonly userId: string; readonly trusteeId: string };

/** What SMTP AUTH ends in. */
export type SignIn = Submitter | { readonly refusal: string };

/** From then on basic authentication is off (Exchange team blog, 4489835). */
const basicEnds = Date.UTC(2026, 11, 31);

const unsuccessful = { refusal: '535 5.7.3 Authentication unsuccessful' } as const;

/** Signs in by XOAUTH2, with the checks of Exchange in this order: token, mailbox, SMTP AUTH switched on, rights. */
export async function signInByToken(world: World, initial: string): Promise<SignIn> {
  const sent = readXoauth2(initial);
  const caller = sent && (await openExchangeToken(world, sent.token));
  if (sent === undefined || caller === undefined) return unsuccessful;
  const mailbox = mailboxNamed(world, caller, sent.user);
  if (mailbox === undefined) return unsuccessful;
  const off = switchedOff(world, mailbox);
  if (off !== undefined) return off;
  if (!maySubmit(world, caller, mailbox)) return unsuccessful;
  return { tenantId: caller.tenant.id, userId: mailbox.owner.id, trusteeId: caller.objectId };
}

/** Refuses a password, whatever it is: by the switch of SMTP AUTH, by security defaults, and from its date on altogether. */
export function refusePassword(world: World, user: string): { readonly refusal: string } {
  if (world.clock.now() >= basicEnds)
    return { refusal: '550 5.7.30 Basic authentication is not supported for Client Submission.' };
  for (const tenant of world.tenants.values()) {
    const owner = findByAddress(tenant, user);
    if (owner === undefined) continue;
    return switchedOff(world, { tenant, owner }) ?? securityDefaults;
  }
  return unsuccessful;
}

const securityDefaults = {
  refusal:
    "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
} as const;

/** The mailbox's own setting beats the tenant's. */
function switchedOff(world: World, { tenant, owner }: Pick<Mailbox, 'tenant' | 'owner'>) {
  if (world.faults.strike('security-defaults') !== undefined) return securityDefaults;
  const organization = organizationOf(world, tenant.id);
  const own = casMailboxOf(organization, owner.id).smtpClientAuthenticationDisabled;
  if (!(own ?? organization.transportConfig.smtpClientAuthenticationDisabled)) return undefined;
  const where = own === true ? 'Mailbox' : 'Tenant';
  return {
    refusal: `535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the ${where}. Visit https://aka.ms/smtp_auth_disabled for more information.`,
  };
}

/**
 * A token with SMTP.SendAsApp asks for rights on the mailbox, one without for a role of RBAC (smtp-app-rbac-onboarding): the
 * claim keeps the role from being looked at.
 */
function maySubmit(world: World, caller: Caller, mailbox: Mailbox): boolean {
  if (!isKnownToExchange(world, caller)) return false;
  const { permissions, userId } = caller;
  if (userId !== undefined)
    return permissions.has('SMTP.Send') && holdsMailbox(world, caller, mailbox, 'fullAccess', 'sendAs');
  if (permissions.has('SMTP.SendAsApp')) return holdsMailbox(world, caller, mailbox, 'fullAccess', 'sendAs');
  return cachedRolePermissions(world, caller, mailbox.owner).has('SMTP.SendAsApp');
}
