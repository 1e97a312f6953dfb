import { addresses } from '../directory/change-users.ts';
import { findByAddress } from '../directory/tenant.ts';
import { GraphError } from '../graph/graph-error.ts';
import type { World } from '../world.ts';
import { insertMessage, type Mailbox, openMailbox } from './mailbox.ts';
import type { Content, Recipient } from './message.ts';

/**
 * Sends a message of a mailbox: into the Inbox of each recipient of a simulated tenant, and onto the list of outside mail for
 * the others. Throws 400 ErrorInvalidRecipients without recipients, 403 ErrorSendAsDenied for another From.
 */
export function sendFrom(world: World, mailbox: Mailbox, content: Content): void {
  const own = [mailbox.owner.userPrincipalName.toLowerCase(), ...addresses(mailbox.owner)];
  if (content.from !== undefined && !own.includes(content.from.address.toLowerCase())) {
    throw new GraphError(
      403,
      'ErrorSendAsDenied',
      'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.',
    );
  }
  const recipients = [...content.to, ...content.cc, ...content.bcc];
  if (recipients.length === 0)
    throw new GraphError(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.');
  deliver(world, recipients, { ...content, bcc: [] });
}

/** Delivers to each address once. */
export function deliver(world: World, recipients: readonly Recipient[], content: Content): void {
  const now = world.clock.now();
  for (const address of new Set(recipients.map((recipient) => recipient.address.toLowerCase()))) {
    const mailbox = findMailbox(world, address);
    if (mailbox === undefined) world.mail.outside.push({ recipient: address, content, receivedAt: now });
    else insertMessage(mailbox, 'inbox', content, { isDraft: false, isRead: false }, now);
  }
}

/** The mailbox an address leads to in any of the tenants. */
export function findMailbox(world: World, address: string): Mailbox | undefined {
  for (const tenant of world.tenants.values()) {
    const owner = findByAddress(tenant, address);
    const mailbox = owner === undefined ? undefined : openMailbox(world.mail, tenant, owner);
    if (mailbox !== undefined) return mailbox;
  }
  return undefined;
}

/** The owner of a mailbox as a sender. */
export function ownerOf({ owner }: Mailbox): Recipient {
  return { name: owner.displayName, address: owner.mail ?? owner.userPrincipalName };
}
