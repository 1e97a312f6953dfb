import { findByAddress } from '../directory/tenant.ts';
import type { World } from '../world.ts';
import { insertMessage, type Mailbox, openMailbox } from './mailbox.ts';
import type { Content, Recipient } from './message.ts';

/** Delivers to each address once. */
export function deliver(world: World, recipients: readonly Recipient[], content: Content): void {
  const now = world.clock.now();
  for (const address of new Set(recipients.map((recipient) => recipient.address.toLowerCase()))) {
    const mailbox = findMailbox(world, address);
    if (mailbox === undefined) world.mail.outside.push({ recipient: address, content, receivedAt: now });
    else insertMessage(mailbox, 'inbox', content, { isDraft: false, isRead: false }, now);
  }
}

/** Delivers what had to wait and is due. */
export function deliverDelayed(world: World): void {
  const { delayed } = world.mail;
  if (delayed.length === 0) return;
  const now = world.clock.now();
  const due = delayed.filter(({ dueAt }) => dueAt <= now);
  if (due.length === 0) return;
  delayed.splice(0, delayed.length, ...delayed.filter(({ dueAt }) => dueAt > now));
  for (const { recipients, content } of due) deliver(world, recipients, content);
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
