import { exchangeAppId } from '../applications/permissions.ts';
import { findByAddress } from '../directory/tenant.ts';
import { type Caller, callerOf } from '../graph/caller.ts';
import { type Mailbox, openMailbox } from '../mail/mailbox.ts';
import { isFor } from '../token/access-token.ts';
import { openToken } from '../token/sign.ts';
import type { World } from '../world.ts';
import { hasMailboxRight } from './mailbox-access.ts';
import { organizationOf } from './organization.ts';

/** Opens an access token for Office 365 Exchange Online; undefined when it is none, one for another API, or too old. */
export async function openExchangeToken(world: World, token: string): Promise<Caller | undefined> {
  const claims = await openToken(world, token);
  const tenant = world.tenants.get(String(claims?.['tid']));
  if (claims === undefined || tenant === undefined || !isFor(world, exchangeAppId, tenant.cloud, claims.aud))
    return undefined;
  return callerOf(world, tenant, claims);
}

/** Reads what XOAUTH2 sends: `user=…^Aauth=Bearer …^A^A` in base64; undefined when it is something else. */
export function readXoauth2(initial: string): { readonly user: string; readonly token: string } | undefined {
  const [user = '', auth = '', ...end] = Buffer.from(initial, 'base64').toString().split('\u0001');
  const token = /^auth=Bearer (\S+)$/i.exec(auth)?.[1];
  if (!/^user=/i.test(user) || token === undefined || end.join('') !== '' || end.length !== 2) return undefined;
  return { user: user.slice('user='.length), token };
}

/** The mailbox that a client names, in the tenant of its token. */
export function mailboxNamed(world: World, { tenant }: Caller, address: string): Mailbox | undefined {
  const owner = findByAddress(tenant, address);
  return owner === undefined ? undefined : openMailbox(world.mail, tenant, owner);
}

/** Whether Exchange knows the app: its own service principal names the enterprise app's object id. People need none. */
export function isKnownToExchange(world: World, { tenant, appId, objectId, userId }: Caller): boolean {
  if (userId !== undefined) return true;
  return organizationOf(world, tenant.id).servicePrincipals.get(objectId)?.appId === appId;
}

/** Whether the caller owns a mailbox, or was given one of some rights on it. */
export function holdsMailbox(
  world: World,
  { tenant, objectId, userId }: Caller,
  { owner }: Mailbox,
  ...anyOf: readonly ('fullAccess' | 'sendAs')[]
): boolean {
  return userId === owner.id || anyOf.some((right) => hasMailboxRight(world, tenant.id, right, objectId, owner));
}
