import { findByAddress, findUser, type User } from '../directory/tenant.ts';
import { appAccess, hasMailboxRight } from '../exchange/mailbox-access.ts';
import { casMailboxOf, type ExchangeOrganization, organizationOf } from '../exchange/organization.ts';
import { openExchangeToken } from '../exchange/protocol-token.ts';
import type { Caller } from '../graph/caller.ts';
import { bearerToken, type Exchange } from '../http/exchange.ts';
import { type Mailbox, openMailbox } from '../mail/mailbox.ts';
import type { World } from '../world.ts';
import { EwsFault, EwsHttpRefusal } from './ews-error.ts';
import { at, type Element, textAt } from './xml.ts';

/** From then on EWS is gone from Exchange Online, whatever is set. */
const ewsEnds = Date.UTC(2027, 3, 1);

/** One EWS request with its proven caller, in whose mailbox it acts. */
export type EwsCall = { readonly world: World; readonly caller: Caller; readonly mailbox: Mailbox };

/**
 * Opens the mailbox of a request: that of the impersonated user for an app, one's own for a person. Throws 401 without a token
 * for Exchange, 403 where EWS is switched off or the permission is missing; faults for who can't be impersonated.
 */
export async function openCall(world: World, exchange: Exchange, header: Element | undefined): Promise<EwsCall> {
  const token = bearerToken(exchange);
  const caller = token === undefined ? undefined : await openExchangeToken(world, token);
  if (caller === undefined)
    throw new EwsHttpRefusal(401, { 'www-authenticate': 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000"' });
  const organization = organizationOf(world, caller.tenant.id);
  if (!isEnabled(organization, caller.appId, world.clock.now())) throw new EwsHttpRefusal(403);
  const impersonation = at(header, 'ExchangeImpersonation', 'ConnectingSID');
  const owner = impersonation === undefined ? ownMailbox(caller) : impersonated(world, caller, impersonation);
  if (casMailboxOf(organization, owner.id).ewsEnabled === false) throw new EwsHttpRefusal(403);
  const mailbox = openMailbox(world.mail, caller.tenant, owner);
  if (mailbox === undefined) throw nonExistent();
  return { world, caller, mailbox };
}

/**
 * Whether the organization lets an app use EWS: `EwsEnabled` null is on until Microsoft switches it off here, true is on for
 * the apps of the allow list (for all, where there is none), false is off.
 */
function isEnabled(organization: ExchangeOrganization, appId: string, now: number): boolean {
  const { ewsEnabled, ewsAllowedAppIDs } = organization.organizationConfig;
  if (now >= ewsEnds || ewsEnabled === false) return false;
  if (ewsEnabled === null) return now < organization.ewsSwitchedOffAt;
  return ewsAllowedAppIDs.length === 0 || ewsAllowedAppIDs.includes(appId);
}

function ownMailbox({ tenant, userId, permissions }: Caller): User {
  const user = userId === undefined ? undefined : findUser(tenant, userId);
  if (user === undefined) {
    throw new EwsHttpRefusal(403, {
      'x-ms-diagnostics':
        '2000011;reason="ExchangeImpersonation SOAP header must be present for this type of OAuth token.";error_category="invalid_user"',
    });
  }
  if (!permissions.has('EWS.AccessAsUser.All')) throw notEnoughScope();
  return user;
}

const notEnoughScope = (): EwsHttpRefusal =>
  new EwsHttpRefusal(403, {
    'x-ms-diagnostics':
      '2000008;reason="The token contains not enough scope to make this call.";error_category="invalid_grant"',
  });

/** An app needs full_access_as_app, narrowed by application access policies, or the role EWS.AccessAsApp for that mailbox. */
function impersonated(world: World, caller: Caller, connecting: Element): User {
  const { tenant } = caller;
  const key =
    textAt(connecting, 'SmtpAddress') ??
    textAt(connecting, 'PrimarySmtpAddress') ??
    textAt(connecting, 'PrincipalName');
  const user = key === undefined ? undefined : (findByAddress(tenant, key) ?? findUser(tenant, key));
  if (user === undefined) throw nonExistent();
  const access = appAccess(world, caller, user, ['full_access_as_app', 'EWS.AccessAsApp']);
  if (access === 'granted') return user;
  if (access === 'noPermission') throw impersonateDenied();
  throw new EwsFault(
    'ErrorAccessDenied',
    'Access to EWS is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.',
  );
}

const impersonateDenied = (): EwsFault =>
  new EwsFault('ErrorImpersonateUserDenied', 'The account does not have permission to impersonate the requested user.');

const nonExistent = (): EwsFault =>
  new EwsFault('ErrorNonExistentMailbox', 'The SMTP address has no mailbox associated with it.');

/** Another mailbox that a folder id names; its owner has given FullAccess to whoever acts here. */
export function delegateMailbox({ world, mailbox }: EwsCall, address: string): Mailbox | undefined {
  const { tenant, owner } = mailbox;
  const other = findByAddress(tenant, address);
  const mayOpen =
    other !== undefined && (other.id === owner.id || hasMailboxRight(world, tenant.id, 'fullAccess', owner.id, other));
  return mayOpen ? openMailbox(world.mail, tenant, other) : undefined;
}
