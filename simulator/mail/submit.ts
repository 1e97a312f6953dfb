import { addresses } from '../directory/change-users.ts';
import { findByAddress } from '../directory/tenant.ts';
import { hasMailboxRight } from '../exchange/mailbox-access.ts';
import { organizationOf } from '../exchange/organization.ts';
import { textOf } from '../faults/faults.ts';
import type { World } from '../world.ts';
import { deliver } from './deliver.ts';
import type { Mailbox } from './mailbox.ts';
import type { Content, Recipient } from './message.ts';

/** Why Exchange does not send a message. */
export type SubmitFault =
  | 'sendAsDenied'
  | 'noRecipients'
  | 'tooManyRecipients'
  | 'messageSizeExceeded'
  | 'mailboxFull'
  | 'submissionQuotaExceeded';

/** Limits of Exchange Online for a mailbox: recipients of a message and of 24 hours, bytes of a message. */
const sendingLimits = { recipients: 500, recipientsPerDay: 10_000, bytes: 35 * 1024 * 1024 } as const;
const day = 86_400_000;

/** What is to be sent. */
export type Submission = {
  readonly content: Content;
  /** The envelope's recipients; those of the message, when left out. */
  readonly recipients?: readonly Recipient[];
  /** The envelope's sender, where there is one. */
  readonly envelopeFrom?: string;
  /** Who needs SendAs for another sender than the mailbox: its owner when left out, or an app that signed in by itself. */
  readonly trusteeId?: string;
  /** When it arrives; at once, when left out. */
  readonly dueAt?: number;
};

/** Sends a message of a mailbox, after Exchange's checks; says what speaks against it. */
export function submit(world: World, mailbox: Mailbox, submission: Submission): SubmitFault | undefined {
  const { content, dueAt, trusteeId = mailbox.owner.id, envelopeFrom } = submission;
  const senders = [envelopeFrom, content.from?.address].filter((address) => address !== undefined);
  if (!senders.every((address) => maySendAs(world, mailbox, address, trusteeId))) return 'sendAsDenied';
  const recipients = submission.recipients ?? [...content.to, ...content.cc, ...content.bcc];
  if (recipients.length === 0) return 'noRecipients';
  const limits = limitsOf(world, mailbox);
  if (recipients.length > limits.recipients) return 'tooManyRecipients';
  if (sizeOf(content) > limits.bytes) return 'messageSizeExceeded';
  if (world.faults.strike('mailbox-full', (fault) => isNamed(mailbox, textOf(fault, 'mailbox'))) !== undefined)
    return 'mailboxFull';
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

/** Whether a fault is for this mailbox: it names it, or none. */
export function isNamed({ owner }: Mailbox, wanted: string | undefined): boolean {
  return wanted === undefined || [owner.mail, owner.userPrincipalName, owner.id].includes(wanted);
}

/** The limits of a mailbox: Exchange's, or what its administrator set. */
export function limitsOf(world: World, { tenant, owner }: Mailbox): { recipients: number; bytes: number } {
  return { ...sendingLimits, ...organizationOf(world, tenant.id).mailboxLimits.get(owner.id) };
}

function maySendAs(world: World, { tenant, owner }: Mailbox, sender: string, trusteeId: string): boolean {
  const address = sender.toLowerCase();
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
