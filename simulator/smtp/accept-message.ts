import { textOf } from '../faults/faults.ts';
import { contentFromMime } from '../mail/content-from-mime.ts';
import { ownerOf } from '../mail/deliver.ts';
import { insertMessage, type Mailbox } from '../mail/mailbox.ts';
import type { Content, Recipient } from '../mail/message.ts';
import { isNamed, type SubmitFault, submit } from '../mail/submit.ts';
import type { World } from '../world.ts';

/** An envelope with its message. */
export type Envelope = { readonly from: string; readonly recipients: readonly Recipient[]; readonly mime: Buffer };

/** Messages beyond so many in a minute wait for the minutes that follow. */
const perMinute = 30;
const minute = 60_000;

/** Takes a submitted message: sends it and keeps a copy in Sent Items. Gives the line that answers. */
export function acceptMessage(world: World, mailbox: Mailbox, trusteeId: string, envelope: Envelope): string {
  const { from, recipients, mime } = envelope;
  if (world.faults.strike('sender-thread-limit', (fault) => isNamed(mailbox, textOf(fault, 'mailbox'))) !== undefined)
    return '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded';
  const read = contentFromMime(mime, mailbox.tenant.domain);
  const sender = read.from ?? { name: '', address: from };
  const content: Content = { ...read, from: sender, sender: read.sender ?? sender };
  const now = world.clock.now();
  const recent = mailbox.submissions.filter(({ at }) => at > now - minute).length;
  const dueAt = now + Math.floor(recent / perMinute) * minute;
  const fault = submit(world, mailbox, { content, recipients, envelopeFrom: from, trusteeId, dueAt });
  if (fault !== undefined) return refusals[fault](mailbox, content);
  insertMessage(mailbox, 'sentitems', content, { isDraft: false, isRead: true }, now);
  return `250 2.0.0 OK ${content.internetMessageId}`;
}

const failed = 'Failed to process message due to a permanent exception with message';

const refusals: Readonly<Record<SubmitFault, (mailbox: Mailbox, content: Content) => string>> = {
  sendAsDenied: (mailbox, { from }) =>
    `554 5.2.252 SendAsDenied; ${ownerOf(mailbox).address} not allowed to send as ${from?.address}; STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied; ${failed} Cannot submit message.`,
  noRecipients: () => '503 5.5.2 Need rcpt command',
  tooManyRecipients: () => '452 4.5.3 Too many recipients',
  messageSizeExceeded: () => '552 5.3.4 Message size exceeds fixed maximum message size',
  mailboxFull: () =>
    '554 5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException.MapiExceptionQuotaExceeded',
  submissionQuotaExceeded: () =>
    `554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; ${failed} The message can't be submitted because the sender's submission quota was exceeded.`,
};
