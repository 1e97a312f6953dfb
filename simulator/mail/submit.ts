import { addresses } from '../directory/change-users.ts';
import { findByAddress } from '../directory/tenant.ts';
import { hasMailboxRight } from '../exchange/mailbox-access.ts';
import { organizationOf } from '../exchange/organization.ts';
import type { World } from '../world.ts';
import { deliver } from './deliver.ts';
import type { Mailbox } from './mailbox.ts';
import type { Content } from './message.ts';

/** Why Exchange does not send a message. */
export type SubmitFault =
  | 'sendAsDenied'
  | 'noRecipients'
  | 'tooManyRecipients'
  | 'messageSizeExceeded'
  | 'submissionQuotaExceeded';

/** Limits of Exchange Online for a mailbox: recipients of a message and of 24 hours, bytes of a message. */
const sendingLimits = { recipients: 500, recipientsPerDay: 10_000, bytes: 35 * 1024 * 1024 } as const;
const day = 86_400_000;

/**
 * Sends a message of a mailbox, after Exchange's checks; says what speaks against it. `trusteeId` is who needs SendAs for
 * another From: the mailbox's owner, or an app that signed in by itself. `dueAt` lets it wait on the way.
 */
export function submit(
  world: World,
  mailbox: Mailbox,
  content: Content,
  { trusteeId = mailbox.owner.id, dueAt }: { readonly trusteeId?: string; readonly dueAt?: number } = {},
): SubmitFault | undefined {
  if (!maySendAs(world, mailbox, content, trusteeId)) return 'sendAsDenied';
  const recipients = [...content.to, ...content.cc, ...content.bcc];
  if (recipients.length === 0) return 'noRecipients';
  const limits = limitsOf(world, mailbox);
  if (recipients.length > limits.recipients) return 'tooManyRecipients';
  if (sizeOf(content) > limits.bytes) return 'messageSizeExceeded';
  const now = world.clock.now();
  const recent = mailbox.submissions.filter(({ at }) => at > now - day);
  mailbox.submissions.splice(0, mailbox.submissions.length, ...recent);
  const sent = recent.reduce((sum, { recipients: count }) => sum + count, 0);
  if (sent + recipients.length > sendingLimits.recipientsPerDay) return 'submissionQuotaExceeded';
  mailbox.submissions.push({ at: now, recipients: recipients.length });
  const blind = { ...content, bcc: [] };
  if (dueAt === undefined || dueAt <= now) deliver(world, recipients, blind);
  else world.mail.delayed.push({ dueAt, recipients, content: blind });
  return undefined;
}

/** The limits of a mailbox: Exchange's, or what its administrator set. */
function limitsOf(world: World, { tenant, owner }: Mailbox): { recipients: number; bytes: number } {
  return { ...sendingLimits, ...organizationOf(world, tenant.id).mailboxLimits.get(owner.id) };
}

function maySendAs(world: World, { tenant, owner }: Mailbox, { from }: Content, trusteeId: string): boolean {
  if (from === undefined) return true;
  const address = from.address.toLowerCase();
  if (address === owner.userPrincipalName.toLowerCase() || addresses(owner).includes(address)) return true;
  const other = findByAddress(tenant, address);
  return other !== undefined && hasMailboxRight(world, tenant.id, 'sendAs', trusteeId, other);
}

/** Bytes of a message on the wire: files grow by base64 and its line breaks. */
function sizeOf({ mime, body, attachments }: Content): number {
  if (mime !== undefined) return mime.length;
  const files = attachments.reduce((sum, { content }) => sum + content.length, 0);
  return Math.ceil((Buffer.byteLength(body.content) + files) * (4 / 3) * (78 / 76));
}
