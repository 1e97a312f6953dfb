import { GraphError } from '../graph/graph-error.ts';
import type { World } from '../world.ts';
import type { Mailbox } from './mailbox.ts';
import type { Content } from './message.ts';
import { type SubmitFault, submit } from './submit.ts';

/** Sends a message of a mailbox by Graph. Throws Graph's error where Exchange does not send it. */
export function sendFrom(world: World, mailbox: Mailbox, content: Content): void {
  const fault = submit(world, mailbox, { content });
  if (fault !== undefined) throw graphFaults[fault]();
}

const graphFaults: Readonly<Record<SubmitFault, () => GraphError>> = {
  sendAsDenied: () =>
    new GraphError(
      403,
      'ErrorSendAsDenied',
      'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.',
    ),
  noRecipients: () => new GraphError(400, 'ErrorInvalidRecipients', 'At least one recipient is not valid.'),
  tooManyRecipients: () =>
    new GraphError(
      400,
      'ErrorExceededMaxRecipientLimit',
      'The message has more recipients than the mailbox may address.',
    ),
  messageSizeExceeded: () =>
    new GraphError(400, 'ErrorMessageSizeExceeded', 'The message exceeds the maximum supported size.'),
  mailboxFull: () => new GraphError(400, 'ErrorQuotaExceeded', 'The mailbox is full and cannot send.'),
  submissionQuotaExceeded: () =>
    new GraphError(403, 'ErrorExceededMessageLimit', 'Cannot send mail. Daily Message/Recipient limit exceeded.'),
};
